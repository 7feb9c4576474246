"""Sends the messages of a run whose file has been read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.run.runs import ChunkState
from listrak_relay.messages import CloseRun, DeliverChunk
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.messaging import MessageQueue
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.use_cases.runs.manifest_store import load_manifest


@dataclass(frozen=True, slots=True)
class Dispatching:
    """``queues``: where the chunks of each channel wait for delivery."""

    ledger: RunLedger
    store: ObjectStore
    queues: Mapping[Channel, MessageQueue]
    close_queue: MessageQueue

    def dispatch(self, run_id: str) -> None:
        """Send a message for every chunk that has not ended. Sending one twice does no harm."""
        manifest = load_manifest(self.store, run_id)
        ended = {
            record.chunk_id
            for record in self.ledger.chunks(run_id)
            if record.state in (ChunkState.SETTLED, ChunkState.DEAD_LETTERED)
        }
        waiting = [DeliverChunk(run_id, chunk.chunk_id) for chunk in manifest.chunks if chunk.chunk_id not in ended]
        if waiting:
            self.queues[manifest.destination.channel].send(waiting)
        else:
            self.close_queue.send([CloseRun(run_id)])
        self.ledger.mark_dispatched(run_id)

    def tidy(self, run_id: str) -> None:
        """See to what a run may have left that was given up while its messages were lost or under way."""
        try:
            manifest = load_manifest(self.store, run_id)
        except FileNotFoundError:
            return  # Nobody knows any more where its chunks went.
        if manifest.destination.channel is Channel.SFTP:
            left = [DeliverChunk(run_id, chunk.chunk_id, given_up=True) for chunk in manifest.chunks]
            self.queues[Channel.SFTP].send(left)
