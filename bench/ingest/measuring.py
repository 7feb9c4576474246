"""Time and peak memory of work in a process of its own."""

from __future__ import annotations

import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

from bench.ingest.readers import Done, NotInstalledError, Task, Work

MOST_MEMORY_MB = 8_000
_LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Measured:
    """``seconds`` of the work itself, without making ready. ``peak_mb``: most resident memory of its process."""

    seconds: float
    peak_mb: float
    done: Done


@dataclass(frozen=True, slots=True)
class NotMeasured:
    why: str


def measure(
    reader: Callable[[Task], Work], task: Task, most_memory_mb: float = MOST_MEMORY_MB
) -> Measured | NotMeasured:
    """Work that takes more than ``most_memory_mb`` is ended, and that is said."""
    processes = multiprocessing.get_context("spawn")
    here, there = processes.Pipe(duplex=False)
    child = processes.Process(target=_child, args=(reader, task, there))
    child.start()
    there.close()
    try:
        return _followed(child.pid or 0, here, most_memory_mb)
    finally:
        child.kill()
        child.join()
        here.close()


def _followed(pid: int, result: Connection, most_memory_mb: float) -> Measured | NotMeasured:
    process = psutil.Process(pid)
    try:
        while not result.poll(_LOOK_SECONDS):
            if process.memory_info().rss > most_memory_mb * 1e6:
                return NotMeasured(f"more than {most_memory_mb:,.0f} MB of memory")
        answer: Measured | NotMeasured = result.recv()
    except (EOFError, psutil.NoSuchProcess):
        return NotMeasured("ended without an answer")
    return answer


def _child(reader: Callable[[Task], Work], task: Task, result: Connection) -> None:
    try:
        work = reader(task)
        began = time.perf_counter()
        done = work()
    except NotInstalledError:
        result.send(NotMeasured("not installed"))
    except MemoryError:
        result.send(NotMeasured("out of memory"))
    else:
        seconds = time.perf_counter() - began
        result.send(Measured(seconds, _peak_mb(), done))


def _peak_mb() -> float:
    """Linux counts in `resource` what the process was before it became this program, too; macOS counts in bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1_024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def best(measured: list[Measured | NotMeasured]) -> Measured | NotMeasured:
    """The quickest; what was not measured once does not count as measured."""
    times = [each for each in measured if isinstance(each, Measured)]
    failed = [each for each in measured if isinstance(each, NotMeasured)]
    return failed[0] if failed else min(times, key=lambda each: each.seconds)
