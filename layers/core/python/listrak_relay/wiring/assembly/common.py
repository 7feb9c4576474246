"""Parts that several functions have."""

from __future__ import annotations

from listrak_relay.settings.shared import FollowSettings
from listrak_relay.use_cases.lanes.opt_outs import OptOuts
from listrak_relay.use_cases.lanes.superseding import Superseding
from listrak_relay.use_cases.runs.consuming import Consuming
from listrak_relay.use_cases.runs.first_looks import FirstLooks
from listrak_relay.use_cases.runs.open_chunks import OpenChunks
from listrak_relay.use_cases.runs.pausing import Pausing
from listrak_relay.use_cases.runs.settling import Settling
from listrak_relay.wiring.assembly.ports import Inbox, RunPorts


def settling(ports: RunPorts) -> Settling:
    return Settling(ports.ledger, ports.close_queue)


def open_chunks(ports: RunPorts) -> OpenChunks:
    pausing = Pausing(ports.pauses, ports.store)
    return OpenChunks(pausing, ports.ledger, ports.lanes, ports.store, settling(ports))


def first_looks(ports: RunPorts, follow: FollowSettings) -> FirstLooks:
    return FirstLooks(ports.import_paces, follow.poll_seconds)


def opt_outs(ports: RunPorts) -> OptOuts:
    return OptOuts(ports.store, ports.person_hashes)


def superseding(ports: RunPorts) -> Superseding:
    return Superseding(ports.ledger, ports.lanes, ports.store, opt_outs(ports))


def consuming(ports: RunPorts, inbox: Inbox, max_receives: int, *, leaves_things: bool = False) -> Consuming:
    """``max_receives``: the queue's maxReceiveCount. ``leaves_things``: see `Consuming`."""
    return Consuming(inbox.queue, inbox.dead_letters, settling(ports), ports.clock, max_receives, leaves_things)
