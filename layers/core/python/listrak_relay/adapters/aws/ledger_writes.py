"""The writes of the run ledger: what each changes in an item, and on which condition.

A write is there only once however often it is asked for: its condition no longer holds, or it says what is there.
"""

from __future__ import annotations

from listrak_relay.adapters.aws import ledger_items as items
from listrak_relay.adapters.aws.dynamodb_table import Update
from listrak_relay.adapters.aws.dynamodb_values import Item
from listrak_relay.domain.destinations.destinations import Destination
from listrak_relay.domain.run.manifest import RunManifest
from listrak_relay.domain.run.runs import NEVER_READ, ChunkOutcome, ChunkState, RunStatus, Tally

NOT_THERE = "attribute_not_exists(pk)"
FREE_LOCK = f"{NOT_THERE} OR #owner = :owner OR #lease_until <= :now"
OWN_LOCK = "#owner = :owner"


def _of_existing(key: Item, change: str, values: Item, when: str = "") -> Update:
    return Update(key, change, f"attribute_exists(pk) AND {when}" if when else "attribute_exists(pk)", values)


# --- runs ------------------------------------------------------------------------------------------------------------


def run_taken_over(run_id: str, lease: Item, now: float) -> Update:
    """By its owner, or by anyone when the lease is over; not when it is closed or its messages are sent."""
    return Update(
        items.run_key(run_id),
        "SET #owner = :owner, #lease_until = :lease_until",
        when="attribute_not_exists(#closed_at) AND #dispatched = :false AND (#owner = :owner OR #lease_until <= :now)",
        values=lease | {"now": now, "false": False},
    )


def run_reopened(run_id: str, lease: Item, now: float) -> Update:
    """Of a file that was never read: what was said of that is forgotten."""
    return Update(
        items.run_key(run_id),
        "SET #owner = :owner, #lease_until = :lease_until, #status = :ingesting, #open = :open, #opened_at = :now "
        "REMOVE #closed_at, #problem_code, #problem",
        when="#status = :failed AND #problem_code = :never_read AND attribute_not_exists(#rows_read)",
        values=lease
        | {"ingesting": RunStatus.INGESTING, "open": items.OPEN, "now": now}
        | {"failed": RunStatus.FAILED, "never_read": NEVER_READ},
    )


def ingest_begun(run_id: str) -> Update:
    return _before_ingest(run_id, "SET #ingest_began = :true", {"true": True})


def ingested(manifest: RunManifest[Destination], status: RunStatus, now: float) -> Update:
    values: Item = {
        "read_at": now,
        "status": status,
        "rows_read": manifest.rows_read,
        "chunks": len(manifest.chunks),
        "rejected": manifest.rejected,
        "duplicates": manifest.duplicates,
    }
    return _before_ingest(manifest.run_id, "SET " + ", ".join(f"#{name} = :{name}" for name in values), values)


def _before_ingest(run_id: str, change: str, values: Item) -> Update:
    return _of_existing(items.run_key(run_id), change, values, "attribute_not_exists(#rows_read)")


def dispatched(run_id: str) -> Update:
    return _of_existing(items.run_key(run_id), "SET #dispatched = :true", {"true": True})


def problem_noted(run_id: str, code: str, problem: str) -> Update:
    return _of_existing(
        items.run_key(run_id),
        "SET #problem_code = :code, #problem = :problem",
        {"code": code, "problem": problem},
        when="attribute_not_exists(#problem_code)",
    )


def troubled(run_id: str, why: str, now: float) -> Update:
    return _of_existing(
        items.run_key(run_id),
        "SET #trouble = :why, #trouble_at = :now",
        {"why": why, "now": now},
        when="attribute_not_exists(#closed_at)",
    )


def waiting(run_id: str, why: str) -> Update:
    return _of_existing(
        items.run_key(run_id),
        "SET #status = :waiting, #waiting_for = :why",
        {"waiting": RunStatus.WAITING, "delivering": RunStatus.DELIVERING, "why": why},
        when="#status IN (:waiting, :delivering)",
    )


def turn_come(run_id: str, waited_seconds: float, overtook: str | None) -> Update:
    values: Item = {"waiting": RunStatus.WAITING, "delivering": RunStatus.DELIVERING, "waited": waited_seconds}
    values |= {"overtook": overtook} if overtook else {}
    return _of_existing(
        items.run_key(run_id),
        "SET #status = :delivering, #waited_seconds = :waited"
        + (", #overtook = :overtook" if overtook else "")
        + " REMOVE #waiting_for",
        values,
        when="#status = :waiting",
    )


def closed(run_id: str, status: RunStatus, now: float, seen: Tally) -> Update:
    counts = seen.as_dict()
    as_seen = " AND ".join(f"#{name} = :{name}" for name in counts)
    return _of_existing(
        items.run_key(run_id),
        "SET #status = :status, #closed_at = :now REMOVE #open",
        {"status": status, "now": now, **counts},
        when=f"(#status <> :status OR attribute_not_exists(#closed_at)) AND {as_seen}",
    )


# --- chunks ----------------------------------------------------------------------------------------------------------


def attempt_begun(run_id: str, chunk_id: str, now: float, seen: float | None) -> Update:
    unchanged = "attribute_not_exists(#attempted_at)" if seen is None else "#attempted_at = :seen"
    states = {"planned": ChunkState.PLANNED, "sending": ChunkState.SENDING, "dead": ChunkState.DEAD_LETTERED}
    return _of_existing(
        items.chunk_key(run_id, chunk_id),
        "SET #state = :sending, #attempted_at = :now ADD #attempts :one",
        {**states, "now": now, "one": 1} | ({} if seen is None else {"seen": seen}),
        when=f"#state IN (:planned, :sending, :dead) AND {unchanged}",
    )


def redriven(run_id: str, chunk_id: str) -> Update:
    return _of_existing(
        items.chunk_key(run_id, chunk_id),
        "SET #redriven = :true, #attempts = :none",
        {"true": True, "none": 0, "dead": ChunkState.DEAD_LETTERED},
        when="#state = :dead",
    )


def parked(run_id: str, chunk_id: str) -> Update:
    return _of_existing(items.chunk_key(run_id, chunk_id), "SET #adrift = :false, #redriven = :false", {"false": False})


def attempt_abandoned(run_id: str, chunk_id: str) -> Update:
    return _of_existing(
        items.chunk_key(run_id, chunk_id),
        "SET #state = :planned REMOVE #attempted_at",
        {"planned": ChunkState.PLANNED, "sending": ChunkState.SENDING},
        when="#state = :sending",
    )


def submitted(run_id: str, chunk_id: str, import_id: int) -> Update:
    return _of_existing(
        items.chunk_key(run_id, chunk_id),
        "SET #state = :submitted, #import_id = :import_id",
        {"submitted": ChunkState.SUBMITTED, "sending": ChunkState.SENDING, "import_id": import_id},
        when="#state = :sending",
    )


def settlement(run_id: str, chunk_id: str, seen: Item, outcome: ChunkOutcome, now: float) -> list[Update]:
    """The chunk's end and what it changes in the run's counters, provided the chunk did not end since it was seen.

    A run that was closed is open again, for its report is no longer right.
    """
    counted = Tally(**seen.get("tally", {}))
    first = seen["settlements"] == 0
    chunk = Update(
        items.chunk_key(run_id, chunk_id),
        "SET #state = :state, #tally = :tally, #reasons = :reasons, #done = :done, #removals = :removals, "
        "#settled_at = :now, #settlements = :next, #adrift = :adrift, #redriven = :false",
        when="#settlements = :seen AND #state <> :settled",
        values={
            "state": ChunkState.DEAD_LETTERED if outcome.dead else ChunkState.SETTLED,
            "tally": outcome.tally.as_dict(),
            "reasons": outcome.reasons,
            "done": outcome.done,
            "removals": outcome.removals,
            "adrift": outcome.adrift,
            "false": False,
            "now": now,
            "seen": seen["settlements"],
            "next": seen["settlements"] + 1,
            "settled": ChunkState.SETTLED,
        },
    )
    added = (outcome.tally - counted).as_dict() | {"settled": 1 if first else 0}
    run = Update(
        items.run_key(run_id),
        "SET #status = :delivering, #open = :open REMOVE #closed_at "
        "ADD " + ", ".join(f"#{name} :{name}" for name in added),
        when="attribute_exists(#rows_read)",
        values=added | {"delivering": RunStatus.DELIVERING, "open": items.OPEN},
    )
    return [chunk, run]


def lock_prolonged(name: str, owner: str, until: float) -> Update:
    return Update(items.lock_key(name), "SET #lease_until = :until", OWN_LOCK, {"owner": owner, "until": until})


def lock_still_held(name: str, owner: str) -> Update:
    """Changes nothing: in a transaction, the other writes go by it."""
    return Update(items.lock_key(name), "SET #owner = :owner", OWN_LOCK, {"owner": owner})
