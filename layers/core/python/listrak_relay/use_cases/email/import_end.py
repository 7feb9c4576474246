"""What a list import of the email channel came to, row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import repeat

from listrak_relay.domain.consent.statements import DETAILS, NOT_ASKED
from listrak_relay.domain.delivery.email_plan import EmailPlan
from listrak_relay.domain.delivery.email_results import (
    SKIPPED_REASONS,
    ImportCounts,
    count_import,
    left_out,
)
from listrak_relay.domain.destinations.destinations import Destination
from listrak_relay.domain.lanes.verdicts import LEFT_ALONE, REASONS, Verdict
from listrak_relay.domain.run.manifest import Action, Chunk, RunManifest
from listrak_relay.domain.run.rejects import Reject, RejectOutcome
from listrak_relay.domain.run.runs import ChunkOutcome, Tally
from listrak_relay.messages import FollowImport
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.listrak_email import EmailGateway, EmailGateways, ImportSummary
from listrak_relay.ports.listrak_imports import ImportStatus
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.use_cases.email.import_results import ImportResults, Refusal
from listrak_relay.use_cases.lanes.superseding import Superseding
from listrak_relay.use_cases.runs.chunk_rows import read_chunk, record_of
from listrak_relay.use_cases.runs.followed_import import FollowedImport, Patience
from listrak_relay.use_cases.runs.plans import load_plan
from listrak_relay.use_cases.runs.rejects_file import RejectsFile


@dataclass(frozen=True, slots=True)
class EmailImports:
    """`monitor_import.ChannelImports`."""

    ledger: RunLedger
    store: ObjectStore
    gateways: EmailGateways
    rejects: RejectsFile
    superseding: Superseding

    def followed(self, manifest: RunManifest[Destination], chunk: Chunk, message: FollowImport) -> FollowedImport:
        gateway = self.gateways.for_secret(manifest.destination.secret)
        plan = load_plan(self.ledger, manifest.run_id, EmailPlan)
        return _EmailImport(
            store=self.store,
            rejects=self.rejects,
            superseding=self.superseding,
            gateway=gateway,
            plan=plan,
            chunk=chunk,
            message=message,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _EmailImport:
    store: ObjectStore
    rejects: RejectsFile
    superseding: Superseding
    gateway: EmailGateway
    plan: EmailPlan
    chunk: Chunk
    message: FollowImport

    def status(self) -> ImportStatus:
        return self.gateway.import_status(self.plan.list_id, self.message.import_id)

    def outcome(self, given_up: str | None, patience: Patience) -> ChunkOutcome | FollowImport:
        sent = self.chunk.rows - sum(self.message.rejected.values())
        summary = self.gateway.import_summary(self.plan.list_id, self.message.import_id)
        if patience.for_counts and summary.processed < sent:
            return replace(self.message, late=self.message.late + 1)
        return self._account(summary, sent, given_up, patience)

    def tidy(self) -> None:
        self._results.forget(self.message)

    @property
    def _results(self) -> ImportResults:
        return ImportResults(self.store, self.gateway, self.plan.list_id, self.chunk.action)

    def _account(
        self, summary: ImportSummary, sent: int, given_up: str | None, patience: Patience
    ) -> ChunkOutcome | FollowImport:
        counts = _counted(self.chunk.action, summary, sent)
        unsettled = max(0, sent - counts.accounted) if given_up else 0
        skipped, refused = sum(counts.skipped.values()), sum(counts.refused.values())
        reasons = Counter({**counts.refused, **counts.skipped, **self.message.rejected})
        if given_up and unsettled:
            reasons[given_up] = unsettled
        if skipped or refused:
            refusals = self._results.refusals(self.message, patience)
            if isinstance(refusals, FollowImport):
                return refusals
            lines = self._write_refusals(refusals)
            if missing := skipped + refused - lines:
                # Listrak's summary and its list of contacts disagree; the summary counts, the report tells.
                reasons["not_listed_by_listrak"] = missing
        answered = Tally(accepted=counts.accepted, refused=refused, skipped=skipped, dead_lettered=unsettled)
        return ChunkOutcome(answered + left_out(self.message.rejected), dict(reasons))

    def _write_refusals(self, refusals: Mapping[str, Refusal]) -> int:
        """A line for each contact that Listrak turned away, with its row in the source file."""
        return self.rejects.write(self.message.run_id, self.chunk.chunk_id, self._refused_rows(refusals))

    def _verdicts(self) -> Iterable[Verdict]:
        if not LEFT_ALONE.intersection(self.message.rejected):
            return repeat(Verdict.SEND, self.chunk.rows)
        return map(Verdict, self.superseding.stored(self.message.run_id, self.chunk.chunk_id))

    def _refused_rows(self, refusals: Mapping[str, Refusal]) -> Iterator[Reject]:
        keeping = self.chunk.action is Action.KEEP
        rows = read_chunk(self.store, self.chunk)
        for (row, cells), verdict in zip(rows, self._verdicts(), strict=True):
            if verdict in REASONS:
                continue  # It was not sent and has a line already.
            refusal = refusals.get(cells[0].casefold())
            if keeping and (refusal is None or refusal[0] == NOT_ASKED):
                yield Reject(row, RejectOutcome.SKIPPED, NOT_ASKED, "", DETAILS[NOT_ASKED], record_of(cells))
            elif refusal:
                reason, word = refusal
                outcome = RejectOutcome.SKIPPED if reason in SKIPPED_REASONS else RejectOutcome.REFUSED
                yield Reject(row, outcome, reason, "", f"Listrak's result: {word}", record_of(cells))


def _counted(action: Action, summary: ImportSummary, sent: int) -> ImportCounts:
    values = asdict(summary)
    processed = values.pop("processed")
    counts = count_import(action, **values)
    if processed != sent or counts.accounted >= sent:
        return counts
    # The summary has no count of its own for contacts that were only updated: they are what is left over.
    updated = sent - counts.accounted
    if action is Action.UPDATE:
        return replace(counts, accepted=counts.accepted + updated)
    if action is Action.KEEP:
        return replace(counts, skipped={NOT_ASKED: counts.skipped.get(NOT_ASKED, 0) + updated})
    return counts
