"""Takes imports from DataUploaded to their end in the background."""

import asyncio
import csv
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol

from listrak_simulator import clock
from listrak_simulator.import_status import PROCESSING_COMPLETED, PROCESSING_DATA, PROCESSING_FAILED
from listrak_simulator.settings import Settings


class Job(Protocol):
    """An import of any kind, as far as its progress goes; moments in seconds since the epoch."""

    created_at: float
    started_at: float | None
    ended_at: float | None
    status: str


class ImportRunner:
    """Imports wait side by side and work one after the other, in a single thread."""

    def __init__(self) -> None:
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="import")
        self._running: set[asyncio.Task[None]] = set()

    def start(self, job: Job, work: Callable[[], None], settings: Settings) -> None:
        """Half of the processing time passes before the work, the rest after it. Needs a running event loop."""
        task = asyncio.get_running_loop().create_task(self._process(job, work, settings))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _process(self, job: Job, work: Callable[[], None], settings: Settings) -> None:
        duration = settings.import_processing_seconds
        await clock.until(job.created_at + duration / 2)
        job.started_at, job.status = clock.now(), PROCESSING_DATA
        end = PROCESSING_FAILED
        try:
            if not settings.failing_imports:
                await asyncio.get_running_loop().run_in_executor(self._worker, work)
                end = PROCESSING_COMPLETED
        except csv.Error:
            pass  # the file cannot be read: the import ends as failed
        finally:
            await clock.until(job.created_at + duration)
            job.ended_at, job.status = clock.now(), end

    def close(self) -> None:
        self._worker.shutdown(wait=False, cancel_futures=True)
