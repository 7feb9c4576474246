"""Follows one import to its end and settles the rows of its chunk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace

from listrak_relay.domain.accounting import SKIPPED_REASONS, ImportCounts, count_import, reason_of_result
from listrak_relay.domain.audience import Action, Chunk
from listrak_relay.domain.plans import Plan
from listrak_relay.domain.rejects import Reject, RejectOutcome
from listrak_relay.domain.runs import ChunkOutcome, ChunkState, Tally
from listrak_relay.errors import ConfigurationError
from listrak_relay.messages import FollowImport
from listrak_relay.ports import (
    Clock,
    EmailGateway,
    EmailGateways,
    ImportSummary,
    MessageQueue,
    ObjectStore,
    RejectWriter,
    RunLedger,
)
from listrak_relay.use_cases.chunk_rows import read_chunk, record_of
from listrak_relay.use_cases.manifest_store import load_manifest
from listrak_relay.use_cases.settling import Settling

LATE_LOOKS = 5
"""How often a summary is read again that does not yet count every row of an import said to be finished."""

LONGEST_POLL_SECONDS = 300


@dataclass(frozen=True, slots=True)
class MonitorImport:
    """``poll_seconds``: the first wait; it grows by half with each look, up to 5 minutes. ``deadline``: seconds."""

    ledger: RunLedger
    store: ObjectStore
    gateways: EmailGateways
    rejects: RejectWriter
    import_queue: MessageQueue
    settling: Settling
    clock: Clock
    poll_seconds: float
    deadline: float

    def follow(self, message: FollowImport) -> None:
        """Look once; settle, or send the message on with a delay. A repeat changes nothing."""
        record = self.ledger.get_chunk(message.run_id, message.chunk_id)
        if record.state is ChunkState.SETTLED:
            self.settling.close_if_complete(self.ledger.get_run(message.run_id))
            return
        manifest = load_manifest(self.store, message.run_id)
        chunk = next(c for c in manifest.chunks if c.chunk_id == message.chunk_id)
        stored = self.ledger.get_plan(message.run_id)
        if stored is None:
            raise ConfigurationError("plan_missing", "the run's delivery plan is gone from the ledger")
        plan = Plan.from_dict(stored)
        gateway = self.gateways.for_secret(manifest.destination.secret)

        status = gateway.import_status(plan.list_id, message.import_id)
        stalled = self.clock.now() - (record.attempted_at or self.clock.now()) > self.deadline
        if not status.finished and not stalled:
            self._look_again(replace(message, polls=message.polls + 1))
            return
        sent = chunk.rows - sum(message.rejected.values())
        summary = gateway.import_summary(plan.list_id, message.import_id)
        if status.finished and not status.failed and summary.processed < sent and message.late < LATE_LOOKS:
            self._look_again(replace(message, late=message.late + 1))
            return
        if not status.finished:
            problem = f"an import did not finish within {self.deadline / 3600:g} hours (Listrak says '{status.raw}')"
            self.ledger.note_problem(message.run_id, "import_stalled", problem)
        elif status.failed:
            self.ledger.note_problem(message.run_id, "import_failed", f"Listrak says '{status.raw}' of an import")
        given_up = "import_stalled" if not status.finished else "import_failed" if status.failed else None
        outcome = self._account(gateway, plan, chunk, message, summary, sent, given_up)
        self.settling.settle(message.run_id, message.chunk_id, outcome)

    def _look_again(self, message: FollowImport) -> None:
        wait = min(LONGEST_POLL_SECONDS, self.poll_seconds * 1.5 ** min(message.polls + message.late, 20))
        self.import_queue.send([message], delay_seconds=max(1, round(wait)))

    def _account(
        self,
        gateway: EmailGateway,
        plan: Plan,
        chunk: Chunk,
        message: FollowImport,
        summary: ImportSummary,
        sent: int,
        given_up: str | None,
    ) -> ChunkOutcome:
        counts = _counted(chunk.action, summary, sent)
        unsettled = max(0, sent - counts.accounted) if given_up else 0
        skipped, refused = sum(counts.skipped.values()), sum(counts.refused.values())
        reasons = Counter({**counts.refused, **counts.skipped, **message.rejected})
        if given_up and unsettled:
            reasons[given_up] = unsettled
        if skipped or refused:
            lines = self._write_refusals(gateway, plan, chunk, message)
            if missing := skipped + refused - lines:
                # Listrak's summary and its list of contacts disagree; the summary counts, the report tells.
                reasons["not_listed_by_listrak"] = missing
        tally = Tally(
            accepted=counts.accepted,
            refused=refused,
            rejected=sum(message.rejected.values()),
            skipped=skipped,
            dead_lettered=unsettled,
        )
        return ChunkOutcome(tally, dict(reasons))

    def _write_refusals(self, gateway: EmailGateway, plan: Plan, chunk: Chunk, message: FollowImport) -> int:
        """A line for each contact that Listrak turned away, with its row in the source file."""
        refusals: dict[str, tuple[str, str]] = {}
        for email, word in gateway.import_results(plan.list_id, message.import_id):
            if reason := reason_of_result(chunk.action, word):
                refusals[email.strip().casefold()] = (reason, word)
        return self.rejects.write(message.run_id, chunk.chunk_id, self._refused_rows(chunk, refusals))

    def _refused_rows(self, chunk: Chunk, refusals: Mapping[str, tuple[str, str]]) -> Iterator[Reject]:
        for row, cells in read_chunk(self.store, chunk):
            if refusal := refusals.get(cells[0].casefold()):
                reason, word = refusal
                outcome = RejectOutcome.SKIPPED if reason in SKIPPED_REASONS else RejectOutcome.REFUSED
                yield Reject(row, outcome, reason, "", f"Listrak's result: {word}", record_of(cells))


def _counted(action: Action, summary: ImportSummary, sent: int) -> ImportCounts:
    values = asdict(summary)
    processed = values.pop("processed")
    counts = count_import(action, **values)
    if action is Action.UPDATE and processed == sent and counts.accounted < sent:
        # The summary has no count of its own for contacts that were only updated: they are what is left over.
        return replace(counts, accepted=counts.accepted + sent - counts.accounted)
    return counts
