"""The items of the run ledger: their keys, and how runs and chunks are written in them.

Table: partition key ``pk``, sort key ``sk`` (strings), time to live ``expires_at``. Index ``open_runs``: partition key
``open`` (string), sort key ``opened_at`` (number). No item holds personal data.

========================  =============  ==============================================================================
``pk``                    ``sk``         holds
========================  =============  ==============================================================================
``RUN#<run id>``          ``RUN``        one run, its counters, and who ingests it until when
``RUN#<run id>``          ``CHUNK#<id>`` one chunk: state, attempt, import, tally
``RUN#<run id>``          ``PLAN``       the delivery plan as JSON text
``RUN#<run id>``          ``USED``       what the work on it has used of AWS, in what AWS charges for
``LOCK#<name>``           ``LOCK``       owner and end of a lock
``LANE#<list>``           order and run  a run among those that go to one list, in the order of their drops
``OPEN#<list>``           order and run  the same for one that has not ended: read, special
``RATE#<name>``           ``RATE``       how many calls were begun in one second
``OUTAGE#<api, secret>``  ``OUTAGE``     until when Listrak is not asked, while it does not answer
``DROP#<destination>``    ``DROP``       when a file was last dropped for it
``IMPORTS#<list>``        ``IMPORTS``    how long its latest import took
``PAUSES``                name           what an operator has paused: since when, and until when
``COLLECTED#<list>``      ``COLLECTED``  up to when its opt-outs were collected
========================  =============  ==============================================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from listrak_relay.domain.lanes.lane import LaneEntry, LanePlace
from listrak_relay.domain.run.manifest import Chunk
from listrak_relay.domain.run.runs import ChunkRecord, ChunkState, DroppedFile, Run, RunStatus, Tally
from listrak_relay.domain.values.plain_values import from_plain

Item = dict[str, Any]

OPEN_RUNS_INDEX = "open_runs"
OPEN = "1"
"""Value of the attribute ``open``, which only runs that are not closed have."""

CHUNK_PREFIX = "CHUNK#"
EARLY_PREFIX = "early_"
"""Of attributes of a lane's item, one for each chunk whose opt-outs were sent before their turn."""


def run_key(run_id: str) -> Item:
    return {"pk": f"RUN#{run_id}", "sk": "RUN"}


def run_id_of(entry: Item) -> str:
    """``entry``: of the index of open runs."""
    return str(entry["pk"]).removeprefix("RUN#")


def chunk_key(run_id: str, chunk_id: str) -> Item:
    return {"pk": f"RUN#{run_id}", "sk": CHUNK_PREFIX + chunk_id}


def plan_key(run_id: str) -> Item:
    return {"pk": f"RUN#{run_id}", "sk": "PLAN"}


def usage_key(run_id: str) -> Item:
    return {"pk": f"RUN#{run_id}", "sk": "USED"}


PAUSES = "PAUSES"


def pause_key(name: str) -> Item:
    return {"pk": PAUSES, "sk": name}


def import_pace_key(lane: str) -> Item:
    return {"pk": f"IMPORTS#{lane}", "sk": "IMPORTS"}


def lock_key(name: str) -> Item:
    return {"pk": f"LOCK#{name}", "sk": "LOCK"}


def permits_key(name: str) -> Item:
    return {"pk": f"RATE#{name}", "sk": "RATE"}


def outage_key(name: str) -> Item:
    return {"pk": f"OUTAGE#{name}", "sk": "OUTAGE"}


def lane_key(place: LanePlace) -> Item:
    return {"pk": f"LANE#{place.lane}", "sk": f"{place.order}#{place.run_id}"}


def open_lane_key(place: LanePlace) -> Item:
    """Apart from the others, so that nobody reads a list's history to find those of its runs that have not ended."""
    return {**lane_key(place), "pk": f"OPEN#{place.lane}"}


def open_lane_item(entry: LaneEntry) -> Item:
    return {
        **open_lane_key(entry.place),
        "place": asdict(entry.place),
        "read": entry.read,
        "special": entry.special,
    }


def new_lane_entry(place: LanePlace) -> Item:
    return {**lane_key(place), "place": asdict(place)}


def lane_entry_from(item: Mapping[str, Any]) -> LaneEntry:
    known = {name: item[name] for name in _OF_AN_ENTRY if name in item}
    early = frozenset(value for name, value in item.items() if name.startswith(EARLY_PREFIX))
    return LaneEntry(LanePlace(**item["place"]), early=early, **known)


_OF_AN_ENTRY = ("read", "special", "started", "ended", "waiting_since", "ahead", "ahead_since")
"""Attributes of a lane's item that are named as those of the entry."""


def drop_key(destination: str) -> Item:
    return {"pk": f"DROP#{destination}", "sk": "DROP"}


def collected_key(lane: str) -> Item:
    return {"pk": f"COLLECTED#{lane}", "sk": "COLLECTED"}


def new_run(source: DroppedFile, destination: str, audience: str, opened_at: float) -> Item:
    return {
        **run_key(source.run_id),
        "run_id": source.run_id,
        "status": RunStatus.INGESTING,
        "destination": destination,
        "audience": audience,
        "source": asdict(source),
        "opened_at": opened_at,
        "open": OPEN,
        "chunks": 0,
        "settled": 0,
        "dispatched": False,
        **Tally().as_dict(),
    }


def run_from(item: Mapping[str, Any]) -> Run:
    # The counters stand by themselves, so that they can be added to.
    return from_plain(Run, {**item, "tally": item})


def new_chunk(run_id: str, chunk: Chunk) -> Item:
    """``settlements`` counts how often the chunk ended: 0, 1, or more when a redrive followed a dead letter."""
    return {
        **chunk_key(run_id, chunk.chunk_id),
        "run_id": run_id,
        "chunk_id": chunk.chunk_id,
        "rows": chunk.rows,
        "state": ChunkState.PLANNED,
        "settlements": 0,
    }


def chunk_from(item: Mapping[str, Any]) -> ChunkRecord:
    return from_plain(ChunkRecord, item)
