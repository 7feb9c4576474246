"""Where a run's manifest lies."""

from __future__ import annotations

from listrak_relay.domain.destinations.destinations import Destination
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.manifest import RunManifest
from listrak_relay.domain.values.plain_values import from_json, to_json
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.use_cases.runs.content_types import JSON


def load_manifest(store: ObjectStore, run_id: str) -> RunManifest[Destination]:
    """Raises FileNotFoundError when the WorkBucket has expired it."""
    with store.open(keys.manifest_key(run_id)) as body:
        return from_json(RunManifest[Destination], body.read())


def save_manifest(store: ObjectStore, manifest: RunManifest[Destination]) -> None:
    store.put(keys.manifest_key(manifest.run_id), to_json(manifest), JSON)
