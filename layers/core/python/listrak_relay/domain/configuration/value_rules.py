"""Readers for single values of a configuration file.

Each returns a reader: it takes a node and its place, and gives the value, or reports a fault and gives None.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import time
from enum import StrEnum
from typing import Any, TypeVar

from listrak_relay.domain.configuration.located import Faults, Items, Node, Place, Scalar, kind

T_co = TypeVar("T_co", covariant=True)
Reader = Callable[[Node, Place], T_co | None]
E = TypeVar("E", bound=StrEnum)

MAX_NAME_LENGTH = 255
"""Characters of a list, group or field name; our choice, Listrak publishes none."""

_TIME_OF_DAY = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")


def _refuse(node: Node, place: Place, wanted: str) -> None:
    if isinstance(node, Scalar) and node.value is None:
        place.fault(node.line, f"is empty; give {wanted} or take the key out")
    else:
        place.fault(node.line, f"must be {wanted}, not {kind(node)}")


def text(wanted: str = "text", max_length: int = MAX_NAME_LENGTH) -> Reader[str]:
    """Text of 1 to ``max_length`` characters without control characters, outer spaces taken off."""

    def read(node: Node, place: Place) -> str | None:
        if not isinstance(node, Scalar) or node.value is None:
            _refuse(node, place, wanted)
            return None
        if not isinstance(node.value, str):
            place.fault(node.line, f"must be {wanted}, not {kind(node)}; if that is the text, put it in quotes")
            return None
        value = node.value.strip()
        if not value:
            place.fault(node.line, f"must be {wanted}, not blank")
            return None
        if not value.isprintable():
            place.fault(node.line, f"must be {wanted} without line breaks and control characters")
            return None
        if len(value) > max_length:
            place.fault(node.line, f"is {len(value):,} characters long; at most {max_length:,} are allowed")
            return None
        return value

    return read


def secret_name(what: str) -> Reader[str]:
    """Name or ARN of a secret in which ``what`` lies. Secrets Manager allows letters, digits and /_+=.@- in a name; the
    colon lets an ARN in."""
    return matching(r"[A-Za-z0-9/_+=.@:-]{1,512}", f"the name of a Secrets Manager secret (not {what} itself)")


def matching(pattern: str, wanted: str) -> Reader[str]:
    """Text of the form ``pattern``. The value is never shown: it may be a secret in the wrong place."""
    form = re.compile(pattern)

    def read(node: Node, place: Place) -> str | None:
        if isinstance(node, Scalar) and isinstance(node.value, str) and form.fullmatch(node.value):
            return node.value
        place.fault(node.line, f"must be {wanted}")
        return None

    return read


def choice(words: type[E]) -> Reader[E]:
    """One of the words of an enumeration, in any case."""

    def read(node: Node, place: Place) -> E | None:
        if not isinstance(node, Scalar) or node.value is None:
            _refuse(node, place, "one of " + ", ".join(words))
            return None
        try:
            return words(node.text.strip().lower())
        except ValueError:
            place.unknown(node.line, "the value", node.text, words)
            return None

    return read


def flag(node: Node, place: Place) -> bool | None:
    """``true``, ``false`` and YAML 1.1's other words for them: yes, no, on, off."""
    if isinstance(node, Scalar) and isinstance(node.value, bool):
        return node.value
    _refuse(node, place, "true or false")
    return None


def time_of_day(node: Node, place: Place) -> time | None:
    """Hours and minutes, as written, since YAML 1.1 takes 06:30 for a number of minutes."""
    if isinstance(node, Scalar) and _TIME_OF_DAY.fullmatch(node.text.strip()):
        return time.fromisoformat(node.text.strip())
    _refuse(node, place, "a time of day in UTC from 00:00 to 23:59, such as 06:30")
    return None


def integer(minimum: int, maximum: int) -> Reader[int]:
    def read(node: Node, place: Place) -> int | None:
        wanted = f"a whole number from {minimum:,} to {maximum:,}"
        if not isinstance(node, Scalar) or not isinstance(node.value, int) or isinstance(node.value, bool):
            _refuse(node, place, wanted)
            return None
        if not minimum <= node.value <= maximum:
            _refuse(node, place, wanted)
            return None
        return node.value

    return read


def number(minimum: float, maximum: float) -> Reader[float]:
    def read(node: Node, place: Place) -> float | None:
        wanted = f"a number from {minimum:g} to {maximum:g}"
        if not isinstance(node, Scalar) or not isinstance(node.value, int | float) or isinstance(node.value, bool):
            _refuse(node, place, wanted)
            return None
        if math.isnan(node.value) or not minimum <= node.value <= maximum:
            _refuse(node, place, wanted)
            return None
        return float(node.value)

    return read


def identifiers(node: Node, place: Place) -> tuple[int, ...] | None:
    """A list of Listrak's numbers for things, such as events; the same one twice is a fault."""
    if not isinstance(node, Items):
        _refuse(node, place, "a list of numbers such as [12, 31]")
        return None
    read_one = integer(1, 2**31 - 1)
    read = [(item.line, read_one(item, place)) for item in node.items]
    seen: set[int] = set()
    for line, value in read:
        if value in seen:
            place.fault(line, f"names {value} twice")
        if value is not None:
            seen.add(value)
    return tuple(value for _, value in read if value is not None)


def agreed(readers: Sequence[Reader[Any]]) -> Reader[Any]:
    """The value as the last of ``readers`` reads it; a fault is what all of them call one, in the same words."""

    def read(node: Node, place: Place) -> Any:
        tried = [Faults(place.faults.source) for _ in readers]
        values = [one(node, Place(faults, place.path)) for one, faults in zip(readers, tried, strict=True)]
        if all(faults.lines == tried[0].lines for faults in tried):
            place.faults.take(tried[0])
        return values[-1]

    return read
