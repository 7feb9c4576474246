"""Where a run's job lies."""

from __future__ import annotations

from listrak_relay.domain.destinations.destinations import Destination
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.job import IngestJob
from listrak_relay.domain.values.plain_values import from_json, to_json
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.use_cases.runs.content_types import JSON


def load_job(store: ObjectStore, run_id: str) -> IngestJob[Destination]:
    """Raises FileNotFoundError: none was kept, or the WorkBucket has expired it."""
    with store.open(keys.job_key(run_id)) as body:
        return from_json(IngestJob[Destination], body.read())


def save_job(store: ObjectStore, job: IngestJob[Destination]) -> None:
    store.put(keys.job_key(job.source.run_id), to_json(job), JSON)
