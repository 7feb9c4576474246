"""One measurement after the other, each in a process of its own, so that none finds what another has left in memory."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

M = TypeVar("M")


def measure_apart(
    sizes: Sequence[int],
    write: Callable[[int, Path], None],
    work: Callable[[int, Path, Connection], None],
    kind: type[M],
) -> list[M]:
    """``write`` fills a folder for a size, which is not measured; ``work`` sends a ``kind`` of what it did with it."""
    processes = multiprocessing.get_context("spawn")
    here, there = processes.Pipe()
    measured: list[M] = []
    for size in sizes:
        with TemporaryDirectory() as folder:
            write(size, Path(folder))
            child = processes.Process(target=work, args=(size, Path(folder), there))
            child.start()
            child.join()
        if child.exitcode:
            raise SystemExit(f"{work.__name__} of {size} failed; see above")
        found = here.recv()
        assert isinstance(found, kind)
        measured.append(found)
    return measured
