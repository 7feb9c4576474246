"""Typed values as plain JSON text and back, by their own type hints: the one way in which anything of ours is stored.

What another release has written is read as far as it goes: a field that this one does not know is passed over, and one
that is not there has its default.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import time
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")

# Not everyone who keeps a number keeps its point.
_READ_BY: Mapping[Any, Callable[[Any], Any]] = {float: float, time: time.fromisoformat}


def to_json(value: Any) -> bytes:
    """Of anything made of dataclasses, tuples, lists, dicts, enums of text, times of day and JSON's own types."""
    return json.dumps(value, default=_fields, separators=(",", ":")).encode()


def from_json(kind: type[T], body: bytes | str) -> T:
    """What `to_json` wrote of a ``kind``.

    Raises:
        ValueError, TypeError, KeyError: it is something else.
    """
    return from_plain(kind, json.loads(body))


def from_plain(kind: type[T], value: Any) -> T:
    """A ``kind`` of the values that JSON knows. Raises as `from_json` does."""
    made: T = _made(kind, value)
    return made


def _fields(value: Any) -> dict[str, Any] | str:
    """Raises TypeError: it is neither a dataclass nor a time of day."""
    if isinstance(value, time):
        return value.isoformat()
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _made(kind: Any, value: Any) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if isinstance(kind, TypeVar):
        return _made(kind.__bound__, value)
    if origin in (Union, UnionType):
        if value is None and NoneType in arguments:
            return None
        return _made(_meant([a for a in arguments if a is not NoneType], value), value)
    if origin is tuple:
        if arguments[-1] is Ellipsis:
            return tuple(_made(arguments[0], item) for item in value)
        return tuple(_made(a, item) for a, item in zip(arguments, value, strict=True))
    if origin in (dict, Mapping):
        # JSON knows no keys but text.
        return {arguments[0](key): _made(arguments[1], item) for key, item in value.items()}
    if kind in _READ_BY:
        return _READ_BY[kind](value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if is_dataclass(origin or kind):
        return _made_dataclass(origin or kind, value)
    return value


def _meant(kinds: list[Any], value: Any) -> Any:
    """Of several dataclasses the one whose constant fields, those of a `Literal` type, have the values that are there.
    Of other types there is one only."""
    if len(kinds) == 1:
        return kinds[0]
    for kind in kinds:
        if all(value[name] == constant for name, constant in _constants(kind).items()):
            return kind
    raise ValueError(f"none of {', '.join(kind.__name__ for kind in kinds)}")


def _made_dataclass(kind: Any, values: Any) -> Any:
    if not isinstance(values, Mapping):
        raise TypeError(f"no {kind.__name__}")
    return kind(**{name: _made(hint, values[name]) for name, hint in _hints(kind).items() if name in values})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind) if field.init}


@cache
def _constants(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    found = {field.name: hints[field.name] for field in fields(kind)}
    return {name: get_args(hint)[0] for name, hint in found.items() if get_origin(hint) is Literal}
