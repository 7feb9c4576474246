"""Values of a configuration file with the line each stands on, and the faults found in them.

A reader of such values reports every fault through `Place` and goes on, so that one look at the message is enough to
mend the whole file.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Self

from listrak_relay.domain.values.counted import counted
from listrak_relay.errors import ConfigurationError

MAX_FAULTS = 100
"""More are counted but not spelled out; such a file is not a configuration."""

_PLAIN_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SHOWN_CHARACTERS = 40


@dataclass(frozen=True, slots=True)
class Scalar:
    """``text`` is what the file says, ``value`` what YAML makes of it: ``yes`` is text ``yes`` and value True."""

    value: str | int | float | bool | None
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Entry:
    """``name`` is the key as written, also where YAML would read a number or a yes/no."""

    name: str
    line: int
    node: Node


@dataclass(frozen=True, slots=True)
class Table:
    """Keys and values in file order; a key that stands there twice is in it twice."""

    entries: tuple[Entry, ...]
    line: int


Node = Scalar | Items | Table


def shown(text: str) -> str:
    """A value for a message: quoted, control characters escaped, cut when long."""
    return repr(text) if len(text) <= _SHOWN_CHARACTERS else f"{text[:_SHOWN_CHARACTERS]!r}…"


def known_names(name: str, known: Iterable[str]) -> str:
    """``did you mean a? Known: a, b``, or ``known: a, b`` where none is near."""
    names = list(known)
    text = ", ".join(sorted(names)) or "none"
    by_folded = {candidate.casefold(): candidate for candidate in names}
    near = difflib.get_close_matches(name[:_SHOWN_CHARACTERS].casefold(), by_folded, n=1)
    return f"did you mean {by_folded[near[0]]}? Known: {text}" if near else f"known: {text}"


@dataclass(slots=True)
class Faults:
    """Everything that is wrong with one file. ``source`` names the file in messages."""

    source: str
    lines: list[tuple[int, str]] = field(default_factory=list)
    count: int = 0

    def add(self, line: int, path: str, problem: str) -> None:
        self.count += 1
        if not self.full:
            self.lines.append((line, f"{path}: {problem}" if path else problem))

    def take(self, others: Faults) -> None:
        """Those of a part of the file as well."""
        self.count += others.count
        self.lines += others.lines[: max(0, MAX_FAULTS - len(self.lines))]

    @property
    def full(self) -> bool:
        return self.count > MAX_FAULTS

    def error(self, part: str = "", *, rest_is_used: bool = False) -> ConfigurationError:
        """``destinations_invalid``: all faults in the order of the file, one on a line. ``part``: what of the file is
        not used, if not all of it. ``rest_is_used``: what has no fault is, whatever that may be."""
        number = counted(self.count, "fault")
        used = "is used in part" if rest_is_used else "is not used"
        message = [f"{part + ' in ' if part else ''}{self.source} {used}, it has {number}:"]
        message += [f"- line {line}: {text}" for line, text in sorted(self.lines, key=lambda fault: fault[0])]
        if self.full:
            message.append(f"- and {self.count - MAX_FAULTS:,} more")
        return ConfigurationError("destinations_invalid", "\n".join(message))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reader stands in the file: the key path so far."""

    faults: Faults
    path: str = ""

    def __truediv__(self, key: str) -> Self:
        step = key if _PLAIN_KEY.fullmatch(key) else shown(key)
        return type(self)(self.faults, f"{self.path}.{step}" if self.path else step)

    def fault(self, line: int, problem: str) -> None:
        self.faults.add(line, self.path, problem)

    def unknown(self, line: int, what: str, name: str, known: Iterable[str]) -> None:
        """A name that is none of the known ones."""
        # Looking for near misses is the dear part, and a file of noise would ask for it a hundred thousand times.
        suggestion = "" if self.faults.full else f"; {known_names(name, known)}"
        self.fault(line, f"{what} {shown(name)} is not known{suggestion}")

    def entries(self, node: Node, what: str) -> Iterator[Entry]:
        """The entries of a table; a second entry of the same name is a fault and left out."""
        if isinstance(node, Scalar) and node.value is None:
            return
        if not isinstance(node, Table):
            # Its text is not shown: who put another file in this one's place may have put people there.
            text = isinstance(node, Scalar) and isinstance(node.value, str)
            self.fault(node.line, f"must be a table of {what}, not {'a text' if text else kind(node)}")
            return
        first: dict[str, int] = {}
        for entry in node.entries:
            if entry.name in first:
                (self / entry.name).fault(entry.line, f"stands here a second time, first on line {first[entry.name]}")
            else:
                first[entry.name] = entry.line
                yield entry


def kind(node: Node) -> str:
    """What a node is, in the words of a message; short scalars are shown."""
    if isinstance(node, Table):
        return "a table"
    if isinstance(node, Items):
        return "a list"
    if node.value is None:
        return "empty"
    if isinstance(node.value, bool):
        return f"the yes/no value {shown(node.text)}"
    if isinstance(node.value, int | float):
        return f"the number {shown(node.text)}"
    return f"the text {shown(node.text)}"
