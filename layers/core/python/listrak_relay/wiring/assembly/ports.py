"""The ports that several functions have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.ports.import_paces import ImportPaces
from listrak_relay.ports.lanes import RunLanes
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.messaging import MessageQueue
from listrak_relay.ports.pauses import Pauses
from listrak_relay.ports.person_hashes import PersonHashes
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.ports.time import Clock

ChunkQueues = Mapping[Channel, MessageQueue]
"""Where the chunks of each channel wait for delivery."""


class RunPorts(NamedTuple):
    """What every function works with. ``close_queue``: where a run is sent whose last chunk has ended."""

    ledger: RunLedger
    lanes: RunLanes
    pauses: Pauses
    import_paces: ImportPaces
    store: ObjectStore
    person_hashes: PersonHashes
    clock: Clock
    close_queue: MessageQueue


class Inbox(NamedTuple):
    """``queue``: where a function's messages come from. ``dead_letters``: where those go that only an operator can
    help."""

    queue: MessageQueue
    dead_letters: MessageQueue
