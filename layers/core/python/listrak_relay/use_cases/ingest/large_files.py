"""Runs that are too large for one function are handed over to a state machine, which reads them in ranges."""

from __future__ import annotations

from dataclasses import dataclass

from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.destinations.destinations import Destination
from listrak_relay.domain.run.job import IngestJob
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.ranges import RangeStarter

LEASE_SECONDS = 7 * 3600.0
"""The state machine stops after six hours; until then nobody else is to take the run for one that was left."""


@dataclass(frozen=True, slots=True)
class LargeFiles:
    """``limit``: bytes that one function reads."""

    ledger: RunLedger
    starter: RangeStarter
    limit: int

    def takes(self, job: IngestJob[Destination]) -> bool:
        """Feeds are sent as they are, one file each, and so are read whole."""
        return job.destination.channel is not Channel.SFTP and sum(part.size for part in job.parts) > self.limit

    def hand_over(self, job: IngestJob[Destination], owner: str) -> None:
        """The job has been kept. ``owner``: who opened the run. A repeat changes nothing."""
        source = job.source
        self.ledger.open_run(source, job.destination.name, job.audience, owner, LEASE_SECONDS)
        self.starter.start(source.run_id)
