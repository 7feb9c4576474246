"""Closes a run: computes its balance, writes report and rejects, announces it."""

from __future__ import annotations

import csv
import heapq
import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.closing import attention, final_status
from listrak_relay.domain.run.manifest import Part, RunManifest, place_of
from listrak_relay.domain.run.rejects import REPORT_COLUMNS, RejectOutcome
from listrak_relay.domain.run.runs import ChunkRecord, Run, RunStatus
from listrak_relay.domain.values.csv_lines import csv_writer
from listrak_relay.errors import NotYetError
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.messaging import Announcer
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.ports.time import Clock
from listrak_relay.use_cases.runs.content_types import CSV, JSON
from listrak_relay.use_cases.runs.manifest_store import load_manifest


@dataclass(frozen=True, slots=True)
class CloseRun:
    ledger: RunLedger
    store: ObjectStore
    announcer: Announcer
    clock: Clock

    def close(self, run_id: str, *, overdue: bool = False) -> RunStatus | None:
        """Close the run if all its chunks have ended (or it is overdue); returns its final status.

        The report is written before the announcement and the announcement made before the run counts as closed, so a
        crash between them repeats an announcement and never loses one. None: closed already, or not yet at its end.
        """
        run = self.ledger.get_run(run_id)
        if run.status.final or not (run.complete or overdue):
            return None
        status = final_status(run)
        now = self.clock.now()
        plan = self.ledger.get_plan(run_id)
        manifest = None if run.rows_read is None else load_manifest(self.store, run_id)
        report = self._report(run, status, now, manifest, plan.get("warnings", ()) if plan else ())
        parts = manifest.parts if manifest else ()
        self._merge_rejects(run_id, report, parts or (Part(run.source.key, 0),))
        self.store.put(keys.report_key(run_id), json.dumps(report, indent=2).encode(), JSON)
        self.announcer.announce(report)
        if plan and (lock := plan.get("lock")):
            self.ledger.release_lock(lock, run_id)
        if not self.ledger.close_run(run_id, status, now, run.tally):
            raise NotYetError("rows were settled while the run was being closed; it is closed anew", 1)
        return status

    def _report(
        self, run: Run, status: RunStatus, now: float, manifest: RunManifest | None, warnings: Sequence[str]
    ) -> dict[str, Any]:
        chunks = self.ledger.chunks(run.run_id)
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
        return {
            "run_id": run.run_id,
            "status": status.value,
            "attention": [*attention(run, status), *warnings],
            "problem_code": run.problem_code,
            "problem": run.problem,
            "destination": run.destination,
            "audience": run.audience,
            "file": asdict(run.source),
            "counts": {"read": run.rows_read or 0, **run.tally.as_dict()},
            "balanced": run.balanced,
            "accepted_as": dict(sorted(done.items())),
            "removals": dict(sorted(removals.items())),
            "reasons": dict(sorted(reasons.items())),
            "chunks": [_chunk_line(chunk) for chunk in chunks],
            "opened_at": _iso(run.opened_at),
            "closed_at": _iso(now),
            "seconds": round(now - run.opened_at, 3),
            "notes": notes,
        }

    def _merge_rejects(self, run_id: str, report: dict[str, Any], files: Sequence[Part]) -> None:
        """Join the parts, each sorted by row, into `rejects.csv` and `skipped.csv`, in constant memory."""
        parts = self.store.keys(keys.rejects_prefix(run_id))
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            rejects, skipped = Path(folder) / "rejects.csv", Path(folder) / "skipped.csv"
            rows = heapq.merge(*(stack.enter_context(_Part(self.store, part)) for part in parts), key=_row_number)
            with (
                rejects.open("w", newline="", encoding="utf-8") as a,
                skipped.open("w", newline="", encoding="utf-8") as b,
            ):
                writers = (csv_writer(a), csv_writer(b))
                for writer in writers:
                    writer.writerow(REPORT_COLUMNS)
                for row in rows:
                    file, number = place_of(_row_number(row), files)
                    writers[row[1] == RejectOutcome.SKIPPED.value].writerow((number, *row[1:], file))
            self.store.put_file(keys.rejects_key(run_id), rejects, CSV)
            self.store.put_file(keys.skipped_key(run_id), skipped, CSV)
        report["rejects_key"], report["skipped_key"] = keys.rejects_key(run_id), keys.skipped_key(run_id)
        report["warnings_key"] = keys.warnings_key(run_id) if report["notes"].get("rows_warned") else None
        report["duplicates_key"] = keys.duplicates_key(run_id) if report["counts"]["duplicates"] else None


class _Part:
    """The rows of one part of the rejects, without its header."""

    def __init__(self, store: ObjectStore, key: str) -> None:
        self._store, self._key = store, key

    def __enter__(self) -> Iterator[list[str]]:
        self._text = TextIOWrapper(self._store.open(self._key), encoding="utf-8", newline="")
        rows = csv.reader(self._text)
        next(rows, None)
        return rows

    def __exit__(self, *_: object) -> None:
        self._text.close()


def _row_number(row: list[str]) -> int:
    return int(row[0])


def _chunk_line(chunk: ChunkRecord) -> dict[str, Any]:
    return {
        "chunk_id": chunk.chunk_id,
        "rows": chunk.rows,
        "state": chunk.state.value,
        "import_id": chunk.import_id,
        **chunk.tally.as_dict(),
    }


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
