"""What Listrak's published documents say about the operations that we use, as a table of our own.

On any machine the clients and the simulator are held against it (``email.yaml``, ``sms.yaml``, ``privacy.yaml``);
where the documents are at hand, a test holds the table against them.

The notation of a value: ``text``, ``flag`` (a boolean), ``int32``, ``moment`` (a date and time), ``base64``, ``list of
<shape or text>``, a choice as in ``a | b | blank``; ``up to <n>`` for text that is a number of that size, ``up to <n>
ids`` for text that is a list of ids. After a comma: ``required``, ``read-only``, ``nullable``.

An operation answers with ``one of``, ``collection of``, ``page of`` or ``bare`` a shape, or with ``created``,
``updated`` or ``deleted``. Its first status is the usual one, and either of two forms may come where the document says
both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_KINDS = {"text", "flag", "int32", "moment", "base64"}
_BLANK = "blank"


@dataclass(frozen=True)
class Value:
    """``kind``: a word of the notation, or ``list``. ``most``: of a number in text, or of ids in one."""

    kind: str
    allowed: tuple[str, ...] = ()
    of: str = ""
    most: int | None = None
    ids: bool = False
    required: bool = False
    read_only: bool = False
    nullable: bool = False


@dataclass(frozen=True)
class Answer:
    form: str
    shape: str = ""


@dataclass(frozen=True)
class Operation:
    method: str
    template: str
    """With the base path: ``/email/v1/List/{listId}``."""

    text_parameters: frozenset[str] = frozenset()
    """Of the path; the others are int32."""

    query: Mapping[str, Value] = field(default_factory=dict)
    body: str | None = None
    answers: Mapping[int, tuple[Answer, ...]] = field(default_factory=dict)

    @property
    def path_parameters(self) -> list[str]:
        return re.findall(r"{(\w+)}", self.template)

    def path_values(self, path: str) -> dict[str, str] | None:
        """The path's parameters, or None when the template does not match it."""
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(self.template))
        found = re.fullmatch(pattern, path)
        return found.groupdict() if found else None


Shape = Mapping[str, Value]


@dataclass(frozen=True)
class Facts:
    """``statuses`` and ``codes``: those that any operation may answer with."""

    statuses: frozenset[int]
    codes: frozenset[str]
    operations: tuple[Operation, ...]
    shapes: Mapping[str, Shape]


@cache
def facts_of(api: str) -> Facts:
    """``email``, ``sms`` or ``privacy``."""
    table = yaml.safe_load((Path(__file__).parent / f"{api}.yaml").read_text("utf-8"))
    return Facts(
        statuses=frozenset(table["statuses"]),
        codes=frozenset(table["codes"]),
        operations=tuple(_operations(table["base"], table["operations"])),
        shapes={name: _values(shape) for name, shape in table["shapes"].items()},
    )


def _operations(base: str, table: Mapping[str, Any]) -> Iterator[Operation]:
    for name, entry in table.items():
        method, path = name.split(" ")
        answers = {status: _answers(forms) for status, forms in entry["answers"].items()}
        text = frozenset(entry.get("text", ()))
        yield Operation(method, base + path, text, _values(entry.get("query", {})), entry.get("body"), answers)


def _answers(forms: str | list[str]) -> tuple[Answer, ...]:
    parts = [form.replace(" of ", " ").split(" ") for form in ([forms] if isinstance(forms, str) else forms)]
    return tuple(Answer(*part) for part in parts)


def _values(table: Mapping[str, str]) -> Shape:
    return {name: _value(text) for name, text in table.items()}


def _value(text: str) -> Value:
    kind, *marks = text.split(", ")
    facts: dict[str, Any] = {name: name.replace("_", "-") in marks for name in ("required", "read_only", "nullable")}
    if kind in _KINDS:
        return Value(kind, **facts)
    if kind.startswith("list of "):
        return Value("list", of=kind.removeprefix("list of "), **facts)
    if limit := re.fullmatch(r"up to (\d+)( ids)?", kind):
        return Value("text", most=int(limit[1]), ids=bool(limit[2]), **facts)
    allowed = tuple("" if word == _BLANK else word for word in kind.split(" | "))
    return Value("text", allowed=allowed, **facts)
