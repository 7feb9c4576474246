"""What a report says of a run beyond its counts: where it went, what was done there, how large the audience became."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from listrak_relay.domain.destinations.destinations import Channel, Mode
from listrak_relay.domain.run.manifest import Action, RunManifest
from listrak_relay.domain.run.runs import ChunkRecord

DONE = {Action.SUBSCRIBE: "subscribed", Action.UNSUBSCRIBE: "unsubscribed", Action.UPDATE: "updated"}
_SMS_DONE = {"created": "subscribed", "subscribed": "subscribed", "unsubscribed": "unsubscribed"}


def run_facts(
    manifest: RunManifest | None, chunks: Sequence[ChunkRecord], plan: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Keys of the report. Without a manifest, as of a file that was not read, they are None or empty.

    ``channel``, ``list`` and ``mode`` as the run took them from the configuration; ``list`` and ``mode`` are None for
    feeds. ``done``: people by what was done for them: ``subscribed``, ``unsubscribed``, ``updated``.
    ``audience_size``: members before and after, None where nobody counted them.
    """
    if manifest is None:
        return {"channel": None, "list": None, "mode": None, "done": {}, "audience_size": None}
    destination = manifest.destination
    feed = destination.channel is Channel.SFTP
    done = {} if feed else _done(manifest, chunks)
    return {
        "channel": destination.channel.value,
        "list": None if feed else destination.list_name,
        "mode": None if feed else destination.mode.value,
        "done": done,
        "audience_size": _audience_size(manifest, plan, done),
    }


def _done(manifest: RunManifest, chunks: Sequence[ChunkRecord]) -> dict[str, int]:
    actions = {chunk.chunk_id: chunk.action for chunk in manifest.chunks}
    done: Counter[str] = Counter()
    for chunk in chunks:
        if chunk.done:
            for what, people in chunk.done.items():
                done[_SMS_DONE.get(what, what)] += people
        elif chunk.tally.accepted and (word := DONE.get(actions[chunk.chunk_id])):
            done[word] += chunk.tally.accepted
    return dict(sorted(done.items()))


def _audience_size(
    manifest: RunManifest, plan: Mapping[str, Any] | None, done: Mapping[str, int]
) -> dict[str, int] | None:
    """Only a mirror run of email counts the members; the other ways would have to read the whole list for it."""
    counted = manifest.destination.channel is Channel.EMAIL and manifest.destination.mode is Mode.MIRROR
    if not counted or not plan or "members" not in plan:
        return None
    return {"before": int(plan["members"]), "after": done.get("subscribed", 0) + done.get("updated", 0)}
