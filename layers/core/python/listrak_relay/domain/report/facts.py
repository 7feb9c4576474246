"""What a report says of a run beyond its counts: where it went, what was done there, how large the audience became."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from listrak_relay.domain.delivery.plans import RunPlan
from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.destinations.destinations import Destination, EmailDestination
from listrak_relay.domain.run.manifest import Action, RunManifest
from listrak_relay.domain.run.runs import ChunkRecord, Run

DONE = {Action.SUBSCRIBE: "subscribed", Action.UNSUBSCRIBE: "unsubscribed", Action.UPDATE: "updated"}
_SMS_DONE = {"created": "subscribed", "subscribed": "subscribed", "unsubscribed": "unsubscribed"}


def run_facts(
    manifest: RunManifest[Destination] | None, chunks: Sequence[ChunkRecord], plan: RunPlan | None
) -> dict[str, Any]:
    """Keys of the report. Without a manifest, as of a file that was not read, they are None or empty.

    ``channel``, ``list`` and ``mode`` as the run took them from the configuration; ``list`` and ``mode`` are None for
    feeds, and ``group``, in which the audience has its profile field, for SMS, too. Of a file that was turned away as
    a whole they are None: its destination may be one that nobody knows.
    ``consent_counts``: rows by what they say of consent. ``done``: people by what was done for them: ``subscribed``,
    ``unsubscribed``, ``updated``.
    ``audience_size``: of a mirror run as `domain.delivery.guard.audience_counts`, None where nobody counted them.
    ``made``: names of the ``groups`` and ``fields`` that the run has made in Listrak.
    """
    made: dict[str, list[str]] = {"groups": [], "fields": [], **(plan.made() if plan else {})}
    if manifest is None or not (manifest.notes or manifest.columns or manifest.rows_read):
        unknown = dict.fromkeys(("channel", "list", "mode", "group", "audience_size"))
        return {**unknown, "consent_counts": {}, "done": {}, "made": made}
    destination = manifest.destination
    audience = None if destination.channel is Channel.SFTP else destination
    return {
        "channel": destination.channel.value,
        "list": audience and audience.list_name,
        "mode": audience and audience.mode.value,
        "group": destination.profile_field_group if isinstance(destination, EmailDestination) else None,
        "consent_counts": dict(manifest.notes.get("consent", {}).get("rows", {})),
        "done": _done(manifest, chunks) if audience else {},
        "audience_size": dict(plan.audience()) or None if plan else None,
        "made": made,
    }


def timeline(run: Run, chunks: Sequence[ChunkRecord], now: float) -> list[dict[str, str]]:
    """What happened when, in its order: ``at`` in ISO 8601 UTC, ``what`` a word of `words.MOMENTS`. ``now``: when the
    run is closed, in epoch seconds. What nobody noted, as in runs of earlier releases, is left out."""
    begun = [chunk.attempted_at for chunk in chunks if chunk.attempted_at is not None]
    ended = [chunk.settled_at for chunk in chunks if chunk.settled_at is not None]
    moments = {
        "begun": run.opened_at,
        "read": run.read_at,
        "sent_first": min(begun, default=None),
        "ended_last": max(ended, default=None),
        "closed": now,
    }
    dropped = {"at": run.source.dropped_at, "what": "dropped"}
    return [dropped, *({"at": iso(at), "what": what} for what, at in moments.items() if at is not None)]


def iso(seconds: float) -> str:
    """Epoch seconds in ISO 8601, UTC, with milliseconds."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _done(manifest: RunManifest[Destination], chunks: Sequence[ChunkRecord]) -> dict[str, int]:
    actions = {chunk.chunk_id: chunk.action for chunk in manifest.chunks}
    done: Counter[str] = Counter()
    for chunk in chunks:
        if chunk.done:
            for what, people in chunk.done.items():
                done[_SMS_DONE.get(what, what)] += people
        elif chunk.tally.accepted and (word := DONE.get(actions[chunk.chunk_id])):
            done[word] += chunk.tally.accepted
    return dict(sorted(done.items()))
