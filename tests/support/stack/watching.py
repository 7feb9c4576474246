"""What the processes of a stack hold, over time: memory, open files, threads."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from statistics import median
from typing import NamedTuple

import psutil


class Held(NamedTuple):
    """``memory`` in MiB, that which no other process shares where the system tells."""

    memory: float
    files: int
    threads: int


MAY_GROW = Held(memory=30.0, files=40, threads=40)
"""From the second quarter of a time to its last, by no more than this and `MAY_GROW_BY` of what it was. The process of
the stack has a thread for each connection that a function keeps to the proxy, which differs by some thirty."""

MAY_GROW_BY = 0.10

ENOUGH = 8
"""Looks at a process without which nothing can be said of its growth."""


def held_by(pid: int) -> Held:
    """Raises psutil.NoSuchProcess."""
    process = psutil.Process(pid)
    memory = process.memory_full_info().uss if pid != psutil.Process().pid else process.memory_info().rss
    return Held(memory / 2**20, process.num_fds(), process.num_threads())


@dataclass
class Watch:
    """The most that any process of a kind held at each look; ``deliver_email-1`` and ``deliver_email-2`` are a kind.

    ``held_by``: pid → what it holds now.
    """

    held_by: Callable[[int], Held] = held_by
    _looks: dict[str, list[Held]] = field(default_factory=lambda: defaultdict(list))

    def look(self, processes: Mapping[str, int]) -> None:
        """``processes``: pids by name."""
        found: dict[str, list[Held]] = defaultdict(list)
        for name, pid in processes.items():
            with suppress(psutil.NoSuchProcess):  # ended since it was named
                held = self.held_by(pid)
                found[re.sub(r"-\d+$", "", name)].append(held)
        for kind, each in found.items():
            self._looks[kind].append(Held(*(max(values) for values in zip(*each, strict=True))))

    def grown(self) -> list[str]:
        """A sentence for each kind of process that holds more and more."""
        return [sentence for kind, looks in sorted(self._looks.items()) for sentence in _growth(kind, looks)]

    def lines(self) -> list[str]:
        """What each held in the second quarter and in the last."""
        return [f"{kind}: {_words(*_ends(looks))}" for kind, looks in sorted(self._looks.items())]


def _growth(kind: str, looks: list[Held]) -> Iterable[str]:
    if len(looks) < ENOUGH:
        return
    before, after = _ends(looks)
    for name, was, is_now, more in zip(Held._fields, before, after, MAY_GROW, strict=True):
        if is_now - was > more + was * MAY_GROW_BY:
            yield f"{kind} held {was:.0f} of {name}, and {is_now:.0f} in the end"


def _ends(looks: list[Held]) -> tuple[Held, Held]:
    quarter = max(1, len(looks) // 4)
    second, last = looks[quarter : 2 * quarter] or looks[:1], looks[-quarter:]
    return tuple(Held(*map(median, zip(*part, strict=True))) for part in (second, last))  # type: ignore[return-value]


def _words(before: Held, after: Held) -> str:
    names = ("MiB", "open files", "threads")
    return ", ".join(f"{was:.0f} → {now:.0f} {name}" for was, now, name in zip(before, after, names, strict=True))
