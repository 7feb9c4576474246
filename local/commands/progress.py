"""Runs while they are under way: a moving table on a terminal, a line for each change elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from local.relay_client import Progress as RunProgress

Watch = Callable[[RunProgress], None]
NAMES = {"INGESTING": "reading", "DELIVERING": "delivering", "WAITING": "waiting"}


class RunsUnderWay:
    """`watch` gives what `RelayClient.wait_for_run` tells of one run. May be used by several threads."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lock = threading.Lock()
        self._bars = Progress(
            SpinnerColumn(finished_text="•"),
            TextColumn("{task.fields[state]:<11}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[rows]:>22}"),
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
        task = self._bars.add_task(key, total=None, state="waiting", rows="", explanation=explanation)

        def changed(progress: RunProgress) -> None:
            with self._lock:
                self._bar(task, progress)
                if not self._console.is_terminal:
                    self._console.print(f"{_words(progress)}  {key}")

        return changed

    def _bar(self, task: TaskID, progress: RunProgress) -> None:
        done = progress.status not in NAMES
        total = max(1, progress.rows_read or 0) if done else progress.rows_read
        self._bars.update(
            task,
            state=_state(progress),
            rows=_rows(progress),
            total=total,
            completed=total if done else progress.rows_ended,
        )


def _state(progress: RunProgress) -> str:
    return NAMES.get(progress.status, progress.status.lower())


def _words(progress: RunProgress) -> str:
    return f"{_state(progress):<11} {_rows(progress):<24}"


def _rows(progress: RunProgress) -> str:
    if progress.waiting_for:
        return progress.waiting_for
    return "" if progress.rows_read is None else f"{progress.rows_ended:,} of {progress.rows_read:,} rows"
