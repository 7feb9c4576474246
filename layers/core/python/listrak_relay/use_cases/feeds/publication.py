"""That a feed file is about to get its final name, in the run's plan."""

from __future__ import annotations

from dataclasses import dataclass, replace

from listrak_relay.domain.delivery.feed_plan import FeedPlan
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.use_cases.runs.plans import load_plan


@dataclass(frozen=True, slots=True)
class LedgerPublication:
    """`ports.sftp.Publication`."""

    ledger: RunLedger
    run_id: str

    def begun(self) -> bool:
        return self._plan().publishing

    def begin(self) -> None:
        self._put(publishing=True)

    def withdraw(self) -> None:
        self._put(publishing=False)

    def _plan(self) -> FeedPlan:
        return load_plan(self.ledger, self.run_id, FeedPlan)

    def _put(self, *, publishing: bool) -> None:
        self.ledger.put_plan(self.run_id, replace(self._plan(), publishing=publishing))
