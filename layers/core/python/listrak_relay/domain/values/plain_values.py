"""Typed values as plain JSON text and back, by their own type hints."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def to_json(value: Any) -> bytes:
    """Of anything made of dataclasses, tuples, lists, dicts, enums of text and JSON's own types."""
    return json.dumps(value, default=_fields, separators=(",", ":")).encode()


def from_json(kind: type[T], body: bytes) -> T:
    """What `to_json` wrote of a ``kind``.

    Raises:
        ValueError, TypeError, KeyError: it is something else.
    """
    made: T = _made(kind, json.loads(body))
    return made


def _fields(value: Any) -> dict[str, Any]:
    """Raises TypeError: it is no dataclass."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _made(kind: Any, value: Any) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return None if value is None else _made(next(a for a in arguments if a is not NoneType), value)
    if origin is tuple:
        if arguments[-1] is Ellipsis:
            return tuple(_made(arguments[0], item) for item in value)
        return tuple(_made(a, item) for a, item in zip(arguments, value, strict=True))
    if origin is dict:
        # JSON knows no keys but text.
        return {arguments[0](key): _made(arguments[1], item) for key, item in value.items()}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if is_dataclass(kind):
        return _made_dataclass(kind, value)
    return value


def _made_dataclass(kind: Any, values: dict[str, Any]) -> Any:
    hints = _hints(kind)
    return kind(**{name: _made(hints[name], item) for name, item in values.items()})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in fields(kind)}
