"""Where a run stands in its lane, and that it leaves it."""

from __future__ import annotations

from listrak_relay.domain.lanes.lane import LanePlace, place_of
from listrak_relay.ports.lanes import RunLanes
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.use_cases.runs.job_store import load_job


def find_place(store: ObjectStore, run_id: str) -> LanePlace | None:
    """By what the run is to do, which is known before its file is read. None: it goes to no list, or never came to
    know where it goes."""
    try:
        job = load_job(store, run_id)
    except FileNotFoundError:
        return None
    return place_of(job.source, job.destination)


def leave_lane(lanes: RunLanes, store: ObjectStore, run_id: str) -> None:
    """Nothing of the run is sent any more, so nobody need wait for it."""
    if place := find_place(store, run_id):
        lanes.end(place)
