"""Runs while they are under way: a moving table on a terminal, a line for each change elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.progress_bar import ProgressBar
from rich.table import Column
from rich.text import Text

from local.relay_client import Progress as RunProgress

Watch = Callable[[RunProgress], None]
NAMES = {"INGESTING": "reading", "DELIVERING": "delivering", "WAITING": "waiting"}
STYLES = {"COMPLETED": "green", "REJECTED": "yellow", "SET_ASIDE": "dim"}
"""Of a final status; red for the others."""
WIDE = 110  # columns of a terminal from which on explanations and times have room


class RunsUnderWay:
    """`watch` gives what `RelayClient.wait_for_run` tells of one run. May be used by several threads."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lock = threading.Lock()
        wide = console.width >= WIDE
        name = "{task.description}\n[dim]{task.fields[explanation]}" if wide else "{task.description}"
        columns: list[ProgressColumn] = [
            SpinnerColumn(finished_text="•"),
            TextColumn("{task.fields[state]:<10}"),
            _Bar(bar_width=24 if wide else 8),
            TextColumn("{task.fields[rows]:>15}"),
            *([TimeElapsedColumn()] if wide else []),
            TextColumn(name, table_column=Column(no_wrap=True, overflow="ellipsis", ratio=1)),
        ]
        self._bars = Progress(*columns, console=console, expand=True)

    @contextmanager
    def shown(self) -> Iterator[None]:
        if not self._console.is_interactive:
            yield
            return
        with self._bars:
            yield

    def refresh(self) -> None:
        """Draw now what would be drawn in a moment."""
        self._bars.refresh()

    def watch(self, key: str, explanation: str = "") -> Watch:
        task = self._bars.add_task(key, total=None, state="waiting", rows="", explanation=explanation, style="green")

        told: set[str] = {""}

        def changed(progress: RunProgress) -> None:
            with self._lock:
                if progress.trouble not in told:
                    told.add(progress.trouble)
                    self._console.print(Text(f"! {key} is tried again: {progress.trouble}", style="yellow"))
                self._bar(task, progress)
                if not self._console.is_interactive:
                    self._console.print(f"{_words(progress)}  {key}{_why(progress)}", soft_wrap=True)

        return changed

    def _bar(self, task: TaskID, progress: RunProgress) -> None:
        done = progress.status not in NAMES
        self._bars.update(
            task,
            state=_state(progress),
            rows=_rows(progress),
            style=STYLES.get(progress.status, "red") if done else "green",
            # Nothing of nothing is no full bar.
            total=1 if done else progress.rows_to_deliver or None,
            completed=1 if done else progress.rows_delivered,
        )


class _Bar(BarColumn):
    """A run that was not completed has no green bar, and one that sent nothing no full one."""

    def render(self, task: Task) -> ProgressBar:
        bar = super().render(task)
        style = task.fields["style"]
        bar.finished_style = style
        if style != "green":
            bar.completed = 0
        return bar


def _state(progress: RunProgress) -> str:
    if progress.status == "DELIVERING" and progress.rows_to_deliver == 0:
        return "closing"
    return NAMES.get(progress.status, progress.status.lower())


def _words(progress: RunProgress) -> str:
    return f"{_state(progress):<10} {_rows(progress):<16}"


def _why(progress: RunProgress) -> str:
    return f"; it {progress.waiting_for}" if progress.waiting_for else ""


def _rows(progress: RunProgress) -> str:
    """Of a run under way how many of those rows are done that are to be sent; of one that has ended, of all."""
    if progress.waiting_for:
        return "for its turn"
    if not progress.rows_read or progress.rows_to_deliver is None:
        return ""
    if progress.status in NAMES:
        return f"{progress.rows_delivered:,} of {progress.rows_to_deliver:,}"
    return f"{progress.accepted:,} of {progress.rows_read:,}"
