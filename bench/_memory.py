"""Memory of this process while something is done."""

from __future__ import annotations

import threading
from collections.abc import Callable

import psutil

_SAMPLE_SECONDS = 0.002


def peak_memory(work: Callable[[], object]) -> tuple[int, int]:
    """Resident bytes before the work and the most that were seen while it went on."""
    process, over = psutil.Process(), threading.Event()
    samples = [process.memory_info().rss]

    def sample() -> None:
        while not over.wait(_SAMPLE_SECONDS):
            samples.append(process.memory_info().rss)

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        work()
    finally:
        over.set()
        thread.join()
    return samples[0], max(samples)
