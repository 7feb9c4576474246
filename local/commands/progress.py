"""Runs while they are under way: a moving table on a terminal, a line for each change elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from local.relay_client import Progress as RunProgress

Watch = Callable[[RunProgress], None]
NAMES = {"INGESTING": "reading", "DELIVERING": "delivering"}


class RunsUnderWay:
    """`watch` gives what `RelayClient.wait_for_run` tells of one run. May be used by several threads."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lock = threading.Lock()
        self._bars = Progress(
            SpinnerColumn(finished_text="•"),
            TextColumn("{task.fields[state]:<11}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("rows"),
            TimeElapsedColumn(),
            TextColumn("{task.description}\n[dim]{task.fields[explanation]}"),
            console=console,
        )

    @contextmanager
    def shown(self) -> Iterator[None]:
        if not self._console.is_terminal:
            yield
            return
        with self._bars:
            yield

    def watch(self, key: str, explanation: str = "") -> Watch:
        task = self._bars.add_task(key, total=None, state="waiting", explanation=explanation)

        def changed(progress: RunProgress) -> None:
            with self._lock:
                self._bar(task, progress)
                if not self._console.is_terminal:
                    self._console.print(f"{_words(progress)}  {key}", highlight=False)

        return changed

    def _bar(self, task: TaskID, progress: RunProgress) -> None:
        ended = progress.rows_ended
        total = progress.rows_read
        done = progress.status not in NAMES
        self._bars.update(
            task, state=_state(progress), completed=ended, total=max(ended, 1) if done and not total else total
        )
        if done:
            self._bars.stop_task(task)


def _state(progress: RunProgress) -> str:
    return NAMES.get(progress.status, progress.status.lower())


def _words(progress: RunProgress) -> str:
    read = "" if progress.rows_read is None else f"{progress.rows_ended:,} of {progress.rows_read:,} rows"
    return f"{_state(progress):<11} {read:<24}"
