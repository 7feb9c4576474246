"""Reads an audience file with DuckDB: `ports.AudienceReader`.

Everything that touches every row is SQL. Rows are read, decided and written in the order of the source file, so the
same file always gives the same chunks.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from typing import Any

from listrak_relay.adapters.chunk_files import ChunkLimits, cut_chunks
from listrak_relay.adapters.csv_head import CsvHead, read_head
from listrak_relay.adapters.duckdb_contacts import contacts_of
from listrak_relay.adapters.duckdb_output import write_actions, write_duplicates, write_rejects
from listrak_relay.adapters.duckdb_profile import Profile, check_date_formats, find_profile
from listrak_relay.adapters.duckdb_source import CsvFile, Source, audience_shape, load
from listrak_relay.adapters.duckdb_sql import open_session
from listrak_relay.adapters.duckdb_verdicts import Verdicts
from listrak_relay.adapters.unusual_email import check_unusual_email
from listrak_relay.domain.audience import Action
from listrak_relay.domain.columns import ColumnPlan, listed, plan_columns
from listrak_relay.domain.destinations import Channel, ColumnRole, Destination, MissingOptStatus
from listrak_relay.domain.email_address import UnusualCheck
from listrak_relay.domain.phone_number import DEFAULT_REGION
from listrak_relay.domain.runs import DroppedFile
from listrak_relay.errors import FileRejectedError
from listrak_relay.ports import IngestedAudience

DELIMITER_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}


class DuckDbAudienceReader:
    """``max_chunk_bytes``: of a chunk file. ``one_by_one_rows``: rows in a chunk when contacts must go one by one.
    ``sms_chunk_rows``: rows in a chunk of an SMS run. ``memory_limit_mb``: DuckDB's own; what is more spills to the
    disk of the ``out`` folder. ``unusual``: the check of email addresses that are not of the usual form."""

    def __init__(
        self,
        *,
        max_chunk_bytes: int,
        one_by_one_rows: int,
        sms_chunk_rows: int,
        memory_limit_mb: int,
        threads: int,
        unusual: UnusualCheck = check_unusual_email,
    ) -> None:
        self._max_chunk_bytes = max_chunk_bytes
        self._one_by_one_rows = one_by_one_rows
        self._sms_chunk_rows = sms_chunk_rows
        self._memory_limit_mb = memory_limit_mb
        self._threads = threads
        self._unusual = unusual

    def read(
        self, path: Path, source: DroppedFile, destination: Destination, audience: str, out: Path
    ) -> IngestedAudience:
        """See `ports.AudienceReader.read`. ``out`` is made if need be.

        Raises:
            FileRejectedError: the file as a whole cannot be used.
            ConfigurationError: a date format of the data template, or the chunk size, cannot be used.
        """
        work = out / "work"
        work.mkdir(parents=True, exist_ok=True)
        try:
            return self._read(path, source.key, destination, audience, out, work)
        finally:
            rmtree(work, ignore_errors=True)

    def _read(
        self, path: Path, file: str, destination: Destination, audience: str, out: Path, work: Path
    ) -> IngestedAudience:
        watch = Stopwatch()
        with watch.stage("header"):
            head = read_head(path, file)
            plan = plan_columns(
                head.header.fields,
                destination.data_template,
                audience=audience,
                file=file,
                channel=destination.channel,
            )
            contacts = contacts_of(plan, destination.region or DEFAULT_REGION, self._unusual)
            unstated = _action_without_opt_status(plan, destination, file)
        with open_session(work, self._memory_limit_mb, self._threads) as session:
            check_date_formats(session, plan.fields)
            with watch.stage("parse"):
                source = load(session, CsvFile(path, head, audience_shape(plan, contacts, unstated)), work)
            verdicts = Verdicts(session, plan, contacts)
            with watch.stage("contacts"):
                verdicts.decide_contacts(work)
            with watch.stage("duplicates"):
                verdicts.drop_duplicates()
            with watch.stage("profile"):
                verdicts.decide_opt_status()
                verdicts.decide_declared_types()
                profile = find_profile(session, plan.fields, destination.max_text_length, unclean=source.unclean)
            rejects, duplicates = out / "rejects.csv", out / "duplicates.csv"
            with watch.stage("write"):
                reasons = write_rejects(session, source, len(plan.columns), verdicts.reasons, rejects)
                dropped = write_duplicates(session, source, duplicates)
                files = list(write_actions(session, source, contacts, profile, work))
        limits = ChunkLimits(self._max_chunk_bytes, self._max_rows(destination))
        with watch.stage("cut"):
            chunks = tuple(c for f in files for c in cut_chunks(f.path, f.rows_path, f.action, limits, out))
        return IngestedAudience(
            rows_read=source.rows + source.damaged,
            rejected=sum(reasons.values()),
            duplicates_dropped=dropped,
            reasons=reasons,
            columns=profile.columns,
            chunks=chunks,
            rejects=rejects if reasons else None,
            duplicates=duplicates if dropped else None,
            notes=_notes(head, plan, source, profile) | {"milliseconds": watch.milliseconds},
        )

    def _max_rows(self, destination: Destination) -> int | None:
        if destination.channel is Channel.SMS:
            return self._sms_chunk_rows
        return self._one_by_one_rows if destination.one_by_one else None


def _action_without_opt_status(plan: ColumnPlan, destination: Destination, file: str) -> Action:
    if plan.opt_status is None and destination.missing_opt_status is MissingOptStatus.REJECT:
        wanted = "to be texted" if destination.channel is Channel.SMS else "mail"
        raise FileRejectedError(
            "opt_status_missing",
            f"{file}: no column says who wants {wanted}, and destination {destination.name} has missing_opt_status: "
            "reject. "
            f"Add a column such as opt_in (the file has {listed(plan.headers)}); or, if everyone in the file has "
            "agreed to it, set missing_opt_status: subscribe in the destination; or missing_opt_status: update, which "
            "subscribes nobody",
        )
    return Action.UPDATE if destination.missing_opt_status is MissingOptStatus.UPDATE else Action.SUBSCRIBE


def _notes(head: CsvHead, plan: ColumnPlan, source: Source, profile: Profile) -> dict[str, Any]:
    return {
        "delimiter": DELIMITER_NAMES[head.delimiter],
        "encoding": head.encoding,
        "columns": plan.roles(),
        "opt_status_column": plan.opt_status.header if plan.opt_status else None,
        "ignored_columns": [column.header for column in plan.columns if column.role is ColumnRole.IGNORE],
        "columns_like_opt_status_not_read": list(plan.unread_consent()),
        "way": source.way,
        "mended_line_breaks": profile.mended,
        "replaced_control_characters": profile.controls,
    }


class Stopwatch:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, int] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.milliseconds[name] = round((time.perf_counter() - began) * 1000)
