"""What a report says of a run beyond its counts: where it went, what was done there, how large the audience became."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from listrak_relay.domain.delivery.plans import RunPlan
from listrak_relay.domain.destinations.destinations import Channel, Destination
from listrak_relay.domain.run.manifest import Action, RunManifest
from listrak_relay.domain.run.runs import ChunkRecord

DONE = {Action.SUBSCRIBE: "subscribed", Action.UNSUBSCRIBE: "unsubscribed", Action.UPDATE: "updated"}
_SMS_DONE = {"created": "subscribed", "subscribed": "subscribed", "unsubscribed": "unsubscribed"}


def run_facts(
    manifest: RunManifest[Destination] | None, chunks: Sequence[ChunkRecord], plan: RunPlan | None
) -> dict[str, Any]:
    """Keys of the report. Without a manifest, as of a file that was not read, they are None or empty.

    ``channel``, ``list`` and ``mode`` as the run took them from the configuration; ``list`` and ``mode`` are None for
    feeds. ``done``: people by what was done for them: ``subscribed``, ``unsubscribed``, ``updated``.
    ``audience_size``: of a mirror run as `domain.delivery.guard.audience_counts`, None where nobody counted them.
    """
    if manifest is None:
        return {"channel": None, "list": None, "mode": None, "done": {}, "audience_size": None}
    destination = manifest.destination
    audience = None if destination.channel is Channel.SFTP else destination
    done = _done(manifest, chunks) if audience else {}
    return {
        "channel": destination.channel.value,
        "list": audience and audience.list_name,
        "mode": audience and audience.mode.value,
        "done": done,
        "audience_size": dict(plan.audience()) or None if plan else None,
    }


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
