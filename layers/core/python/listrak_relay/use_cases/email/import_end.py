"""What a list import of the email channel came to, row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, replace
from itertools import islice

from listrak_relay.domain.delivery.email_plan import EmailPlan
from listrak_relay.domain.delivery.email_results import left_out
from listrak_relay.domain.destinations.destinations import Destination, EmailDestination
from listrak_relay.domain.lanes.verdicts import LEFT_ALONE
from listrak_relay.domain.run.manifest import Action, Chunk, RunManifest
from listrak_relay.domain.run.rejects import Reject
from listrak_relay.domain.run.runs import ChunkOutcome, Tally
from listrak_relay.errors import ContactRefusedError
from listrak_relay.messages import FollowImport
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.listrak_email import EmailGateway, EmailGateways, ImportSummary
from listrak_relay.ports.listrak_imports import ImportStatus
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.use_cases.email.import_counts import adds_up, believed_words, counted
from listrak_relay.use_cases.email.import_results import ImportResults, Refusal
from listrak_relay.use_cases.email.refused_rows import RefusedRows
from listrak_relay.use_cases.email.saying_again import SayingAgain
from listrak_relay.use_cases.lanes.superseding import Superseding
from listrak_relay.use_cases.runs.chunk_rows import ChunkRow, checked_rows
from listrak_relay.use_cases.runs.followed_import import FollowedImport, Patience
from listrak_relay.use_cases.runs.plans import load_plan
from listrak_relay.use_cases.runs.rejects_file import RejectsFile

LOOKED_UP = 20
"""People of whom an import tells nothing, before it is believed that the list does not know them."""


@dataclass(frozen=True, slots=True)
class EmailImports:
    """`monitor_import.ChannelImports`."""

    ledger: RunLedger
    store: ObjectStore
    gateways: EmailGateways
    rejects: RejectsFile
    superseding: Superseding
    again: SayingAgain

    def followed(self, manifest: RunManifest[Destination], chunk: Chunk, message: FollowImport) -> FollowedImport:
        gateway = self.gateways.for_secret(manifest.destination.secret)
        plan = load_plan(self.ledger, manifest.run_id, EmailPlan)
        return _EmailImport(
            store=self.store,
            rejects=self.rejects,
            superseding=self.superseding,
            gateway=gateway,
            again=self.again,
            manifest=manifest,
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
    again: SayingAgain
    manifest: RunManifest[Destination]
    plan: EmailPlan
    chunk: Chunk
    message: FollowImport

    def status(self) -> ImportStatus:
        return self.gateway.import_status(self.plan.list_id, self.message.import_id)

    def outcome(self, given_up: str | None, patience: Patience) -> ChunkOutcome | FollowImport:
        sent = self.chunk.rows - sum(self.message.rejected.values())
        summary = self.gateway.import_summary(self.plan.list_id, self.message.import_id)
        if patience.for_counts and not adds_up(self.chunk.action, summary, sent):
            return replace(self.message, late=self.message.late + 1)
        return self._account(summary, sent, given_up, patience)

    def newer_said(self) -> FollowImport | None:
        statuses = (self.gateway.import_status(self.plan.list_id, begun) for begun in self.message.behind)
        if not all(status.finished for status in statuses):
            return replace(self.message, polls=self.message.polls + 1)
        manifest = self.manifest.of(EmailDestination)
        newer = self.again.since.begun(manifest)
        # An older file may have been read since this one was given up, and its opt-outs sent before this import ended.
        first_look_of_late_one = self.message.given_up and self.message.newer < 0
        if len(newer) == max(0, self.message.newer) and not first_look_of_late_one:
            return None
        behind = self.again.send(manifest, self.plan, self.chunk, self.gateway, newer)
        # Of a run that has begun meanwhile the same holds.
        return replace(self.message, behind=behind, newer=len(newer), polls=0) if behind else None

    def tidy(self) -> None:
        self._results.forget(self.message)

    @property
    def _results(self) -> ImportResults:
        return ImportResults(self.store, self.gateway, self.plan.list_id, self.chunk.action)

    def _account(
        self, summary: ImportSummary, sent: int, given_up: str | None, patience: Patience
    ) -> ChunkOutcome | FollowImport:
        results: Mapping[str, Refusal] | None = None
        unnamed = 0 if given_up or self.chunk.action is Action.SUBSCRIBE else sent - summary.processed
        whole = given_up is None
        if unnamed > 0:
            read = self._results.refusals(self.message, patience, everyone=True)
            if isinstance(read, FollowImport):
                return read
            results, whole = read, self._unnamed_are_unknown(read)
        counts = counted(self.chunk.action, summary, sent, whole=whole)
        unsettled = max(0, sent - counts.accounted) if given_up else 0
        skipped, refused = sum(counts.skipped.values()), sum(counts.refused.values())
        done: Counter[str] = Counter()
        reasons = Counter({**counts.refused, **counts.skipped, **self.message.rejected})
        if given_up and unsettled:
            reasons[given_up] = unsettled
        if skipped or refused:
            if results is None:
                read = self._results.refusals(self.message, patience)
                if isinstance(read, FollowImport):
                    return read
                results = read
            believed = believed_words(self.chunk.action, results, skipped + refused)
            done.update(reason for reason, word in results.values() if word in believed)
            lines = self._write_refusals(results, believed, some_unnamed=whole and unnamed > 0)
            if (missing := skipped + refused - lines) > 0:
                # Listrak's summary and its list of contacts disagree; the summary counts, the report tells.
                reasons["not_listed_by_listrak"] = missing
        answered = Tally(accepted=counts.accepted, refused=refused, skipped=skipped, dead_lettered=unsettled)
        return ChunkOutcome(answered + left_out(self.message.rejected), dict(reasons), done=dict(done))

    def _unnamed_are_unknown(self, results: Mapping[str, Refusal]) -> bool:
        """Whether the rows of which an import tells nothing are of people whom the list does not know, by a sample:
        there was nothing to be done for them. Else something is still to come, or was lost."""
        people = (row.contact for row in self._rows() if isinstance(row, ChunkRow))
        unnamed = islice((person for person in people if person.casefold() not in results), LOOKED_UP)
        return all(self._is_unknown(person) for person in unnamed)

    def _is_unknown(self, email: str) -> bool:
        try:
            return self.gateway.contact(self.plan.list_id, email) is None
        except ContactRefusedError:
            return True

    def _write_refusals(self, results: Mapping[str, Refusal], believed: Set[str], *, some_unnamed: bool) -> int:
        """A line for each contact that Listrak turned away, with its row in the source file. ``believed``: words of
        contacts that it did not. ``some_unnamed``: those too whom it does not list, as the list does not know them."""
        refused = RefusedRows(self.store, self.manifest, self.chunk, results, believed)
        if LEFT_ALONE.intersection(self.message.rejected):
            refused = replace(refused, verdicts=self.superseding.stored(self.message.run_id, self.chunk.chunk_id))
        rows = refused.lines(self._rows() if some_unnamed else None)
        return self.rejects.write(self.message.run_id, self.chunk.chunk_id, rows)

    def _rows(self) -> Iterator[ChunkRow | Reject]:
        """As they were sent, or were not."""
        verdicts = self.superseding.stored(self.message.run_id, self.chunk.chunk_id)
        return checked_rows(self.store, self.manifest, self.plan.fields, self.chunk, verdicts)
