"""Closes a run: computes its balance, writes report and rejects, announces it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from listrak_relay.domain.delivery.email_plan import EmailPlan
from listrak_relay.domain.delivery.feed_plan import FeedPlan
from listrak_relay.domain.delivery.plans import RunPlan
from listrak_relay.domain.delivery.sms_plan import SmsPlan
from listrak_relay.domain.destinations.choices import Channel, Mode
from listrak_relay.domain.destinations.destinations import Destination
from listrak_relay.domain.report.facts import iso, run_facts, timeline
from listrak_relay.domain.report.page import report_page
from listrak_relay.domain.report.sentences import lacking_sentence
from listrak_relay.domain.report.words import reason_words
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.closing import (
    ATTENTION_PERCENT,
    SUM_UNEVEN,
    attention,
    final_status,
    uneven_chunks,
    uneven_sums,
)
from listrak_relay.domain.run.costs import run_cost
from listrak_relay.domain.run.manifest import Part, RunManifest
from listrak_relay.domain.run.runs import ChunkRecord, Run, RunStatus
from listrak_relay.errors import NotYetError, RetryableError
from listrak_relay.ports.lanes import RunLanes
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.messaging import Announcer
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.ports.time import Clock
from listrak_relay.ports.usage import UsageRecord
from listrak_relay.use_cases.lanes.places import leave_lane
from listrak_relay.use_cases.runs.content_types import HTML, JSON
from listrak_relay.use_cases.runs.manifest_store import load_manifest
from listrak_relay.use_cases.runs.rejects_file import RejectsFile
from listrak_relay.use_cases.runs.run_list import list_run

PLANS: Mapping[Channel, type[RunPlan]] = {Channel.EMAIL: EmailPlan, Channel.SMS: SmsPlan, Channel.SFTP: FeedPlan}

ANNOUNCE_AGAIN_SECONDS = 15.0
"""Between the first two tries; `use_cases.runs.waiting` makes it more with time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseRun:
    ledger: RunLedger
    lanes: RunLanes
    store: ObjectStore
    rejects: RejectsFile
    announcer: Announcer
    usage: UsageRecord
    clock: Clock

    def close(self, run_id: str, *, overdue: bool = False) -> RunStatus | None:
        """Close the run if all its chunks have ended, or if it was never read and is ``overdue``; returns its final
        status. One that is on record is left to its messages and the sweep.

        The report is written before the announcement and the announcement made before the run counts as closed, so a
        crash between them repeats an announcement and never loses one. None: closed already, or not yet at its end.

        Raises:
            NotYetError: it cannot be announced, or rows were settled meanwhile; it is to be tried again.
        """
        run = self.ledger.get_run(run_id)
        if run.status.final:
            self._leave_lane(run_id)
        if run.status.final or not (run.complete or (overdue and run.rows_read is None)):
            return None
        manifest = None if run.rows_read is None else self._manifest(run_id)
        if run.rows_read is not None and manifest is None:
            run = self.ledger.get_run(run_id)
        now = self.clock.now()
        plan = self.ledger.get_plan(run_id, PLANS[manifest.destination.channel]) if manifest else None
        uneven = bool(uneven_chunks(self.ledger.chunks(run_id)))
        status = final_status(run, stalled=bool(plan and plan.stalled), uneven=uneven)
        report = self._report(run, status, now, manifest, plan)
        parts = manifest.parts if manifest else ()
        chunks = manifest.chunks if manifest else ()
        ended = self.ledger.chunks(run_id)
        report |= run_facts(manifest, ended, plan) | {"timeline": timeline(run, ended, now)}
        report["cost"] = run_cost(self.usage.of(run_id))
        self.rejects.merge(run_id, chunks, parts or (Part(run.source.key, 0),))
        self.store.put(keys.report_key(run_id), json.dumps(report, indent=2).encode(), JSON)
        self.store.put(keys.report_page_key(run_id), report_page(report).encode(), HTML)
        list_run(self.store, report)
        self._announce(report)
        if plan and plan.lock:
            self.ledger.release_lock(plan.lock, run_id)
        self._leave_lane(run_id)
        if not self.ledger.close_run(run_id, status, now, run.tally):
            raise NotYetError("rows were settled while the run was being closed; it is closed anew", 1)
        return status

    def _announce(self, report: Mapping[str, Any]) -> None:
        """Raises NotYetError: nobody can be told now. That is no fault of the run, which stays open for it."""
        try:
            self.announcer.announce(report)
        except RetryableError as error:
            raise NotYetError(f"the end of the run cannot be announced: {error}", ANNOUNCE_AGAIN_SECONDS) from error

    def _manifest(self, run_id: str) -> RunManifest[Destination] | None:
        """None: it is gone, and the run can only be closed without. It would stay open for ever."""
        try:
            return load_manifest(self.store, run_id)
        except FileNotFoundError:
            self.ledger.note_problem(
                run_id,
                "manifest_gone",
                "What the run was to do is no longer in the WorkBucket, so its report has the counts of the ledger and "
                "little besides. It was deleted, or the run lasted longer than WorkRetentionDays.",
            )
            return None

    def _leave_lane(self, run_id: str) -> None:
        if not any(chunk.redriven for chunk in self.ledger.chunks(run_id)):
            leave_lane(self.lanes, self.store, run_id)

    def _report(
        self,
        run: Run,
        status: RunStatus,
        now: float,
        manifest: RunManifest[Destination] | None,
        plan: RunPlan | None,
    ) -> dict[str, Any]:
        chunks = self.ledger.chunks(run.run_id)
        uneven = uneven_sums(run, chunks)
        warnings = [*(plan.warnings() if plan else ()), *self._faulty_destinations(run.run_id)]
        notes: dict[str, Any] = {}
        reasons: Counter[str] = Counter()
        done: Counter[str] = Counter()
        removals: Counter[str] = Counter()
        if manifest is not None:
            notes = dict(manifest.notes)
            reasons.update(manifest.reasons)
        for chunk in chunks:
            reasons.update(chunk.reasons)
            done.update(chunk.done)
            removals.update(chunk.removals)
        problem_code, problem = run.problem_code, run.problem
        if problem_code is None and uneven:
            problem_code, problem = SUM_UNEVEN, uneven[0]
        if status is RunStatus.COMPLETED and (lacking := lacking_sentence(notes)):
            warnings.append(lacking)
        percent = _attention_percent(manifest)
        mirror = manifest is not None and _mirrors(manifest.destination)
        said = attention(run, status, reasons, percent, removals, uneven, reason_words, mirror=mirror)
        return {
            "run_id": run.run_id,
            "status": status.value,
            "attention": list(dict.fromkeys((*said, *warnings))),
            "problem_code": problem_code,
            "problem": problem,
            "destination": run.destination,
            "audience": run.audience,
            "file": asdict(run.source),
            "counts": {"read": run.rows_read or 0, **run.tally.as_dict()},
            "balanced": run.balanced and not uneven,
            "consent": notes.get("consent", {}).get("sentence"),
            "accepted_as": dict(sorted(done.items())),
            "removals": dict(sorted(removals.items())),
            "reasons": dict(sorted(reasons.items())),
            "chunks": [_chunk_line(chunk) for chunk in chunks],
            "opened_at": iso(run.opened_at),
            "closed_at": iso(now),
            "seconds": round(now - run.opened_at, 3),
            "waited_seconds": round(run.waited_seconds, 3),
            "notes": notes,
            "rejects_key": keys.rejects_key(run.run_id),
            "skipped_key": keys.skipped_key(run.run_id),
            "warnings_key": keys.warnings_key(run.run_id) if notes.get("rows_warned") else None,
            "duplicates_key": keys.duplicates_key(run.run_id) if run.tally.duplicates else None,
        }

    def _faulty_destinations(self, run_id: str) -> Iterator[str]:
        """Those of others: nobody hears of them until the first file of theirs is rejected."""
        try:
            with self.store.open(keys.faulty_destinations_key(run_id)) as body:
                names = json.load(body)
        except FileNotFoundError:
            return
        yield (
            f"{keys.CONFIG_KEY} has faults in other destinations ({', '.join(names)}); their files are rejected until "
            "it is mended. `listrak-relay config check` names the faults."
        )


def _mirrors(destination: Destination) -> bool:
    return destination.channel is not Channel.SFTP and destination.mode is Mode.MIRROR


def _attention_percent(manifest: RunManifest[Destination] | None) -> float:
    destination = manifest.destination if manifest else None
    return (
        ATTENTION_PERCENT
        if destination is None or destination.channel is Channel.SFTP
        else destination.attention_percent
    )


def _chunk_line(chunk: ChunkRecord) -> dict[str, Any]:
    return {
        "chunk_id": chunk.chunk_id,
        "rows": chunk.rows,
        "state": chunk.state.value,
        "import_id": chunk.import_id,
        **chunk.tally.as_dict(),
    }
