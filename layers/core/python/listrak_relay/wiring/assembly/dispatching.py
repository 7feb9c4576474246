"""Sending the messages of a run, for the functions that do."""

from __future__ import annotations

from listrak_relay.use_cases.ingest.dispatching import Dispatching
from listrak_relay.wiring.assembly.ports import ChunkQueues, RunPorts


def dispatching(ports: RunPorts, chunk_queues: ChunkQueues) -> Dispatching:
    return Dispatching(ports.ledger, ports.store, chunk_queues, ports.close_queue)
