"""Reads an audience file with DuckDB: `ports.AudienceReader`.

Everything that touches every row is SQL. Rows are read, decided and written in the order of the source file, so the
same file always gives the same chunks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import Any

import duckdb

from listrak_relay.adapters.duckdb_contacts import contacts_of
from listrak_relay.adapters.duckdb_output import write_damaged
from listrak_relay.adapters.duckdb_profile import check_date_formats
from listrak_relay.adapters.duckdb_settling import Stopwatch, chunk_limits, settle
from listrak_relay.adapters.duckdb_source import Source, audience_shape
from listrak_relay.adapters.duckdb_sql import open_session
from listrak_relay.adapters.duckdb_tables import Table, load_parts, open_table, with_all_keys
from listrak_relay.adapters.duckdb_verdicts import Verdicts
from listrak_relay.adapters.unpacking import DataFile, KeyFinder, Unpacking, UnpackLimits
from listrak_relay.adapters.unusual_email import check_unusual_email
from listrak_relay.domain.audience import Action, Part
from listrak_relay.domain.columns import ColumnPlan, listed, plan_columns
from listrak_relay.domain.destinations import Channel, ColumnRole, Destination, MissingOptStatus
from listrak_relay.domain.email_address import UnusualCheck
from listrak_relay.domain.phone_number import DEFAULT_REGION
from listrak_relay.domain.runs import DroppedFile
from listrak_relay.errors import FileRejectedError
from listrak_relay.ports import IngestedAudience, LocalFile

_FEWEST_DAMAGED = 2
"""A single damaged row is damage to a row, however short the file."""


class DuckDbAudienceReader:
    """``max_chunk_bytes``: of a chunk file. ``one_by_one_rows``: rows in a chunk when contacts must go one by one.
    ``sms_chunk_rows``: rows in a chunk of an SMS run. ``memory_limit_mb``: DuckDB's own; what is more spills to the
    disk of the ``out`` folder. ``unusual``: the check of email addresses that are not of the usual form. ``limits``:
    of what a file may unpack to. ``key_for``: finds PGP keys, None: there are none."""

    def __init__(
        self,
        *,
        max_chunk_bytes: int,
        one_by_one_rows: int,
        sms_chunk_rows: int,
        memory_limit_mb: int,
        threads: int,
        unusual: UnusualCheck = check_unusual_email,
        limits: UnpackLimits = UnpackLimits(),  # noqa: B008 - frozen
        key_for: KeyFinder | None = None,
    ) -> None:
        self._max_chunk_bytes = max_chunk_bytes
        self._one_by_one_rows = one_by_one_rows
        self._sms_chunk_rows = sms_chunk_rows
        self._memory_limit_mb = memory_limit_mb
        self._threads = threads
        self._unusual = unusual
        self._limits = limits
        self._key_for = key_for

    def read(
        self, files: Sequence[LocalFile], source: DroppedFile, destination: Destination, audience: str, out: Path
    ) -> IngestedAudience:
        """See `ports.AudienceReader.read`. ``out`` is made if need be.

        Raises:
            FileRejectedError: the file as a whole cannot be used.
            ConfigurationError: a date format of the data template, the chunk size, the sheet or the PGP key cannot be
                used.
        """
        work = out / "work"
        work.mkdir(parents=True, exist_ok=True)
        try:
            return self._read(files, source.key, destination, audience, out, work)
        except duckdb.OutOfMemoryException:
            raise FileRejectedError(
                "file_too_large",
                f"{source.key}: reading the file takes more memory or disk than the function has; drop smaller files, "
                "or raise the stack's parameters IngestMemoryMb and IngestTmpMb",
            ) from None
        finally:
            rmtree(work, ignore_errors=True)

    def _read(
        self, files: Sequence[LocalFile], file: str, destination: Destination, audience: str, out: Path, work: Path
    ) -> IngestedAudience:
        watch = Stopwatch()
        with watch.stage("unpack"):
            unpacking = Unpacking(work, self._limits, self._key_for)
            secret = destination.file.pgp_secret
            found = [data for part in files for data in unpacking.unpack(part.path, part.name, secret)]
        if not found:
            raise FileRejectedError("file_empty", f"{file}: the archive holds no file of rows")
        with open_session(work, self._memory_limit_mb, self._threads) as session:
            parsed = parse(session, found, file, destination, audience, work, self._unusual, watch)
            _check_damage(session, parsed, destination.file.max_damaged_percent, file, out)
            settled = settle(
                session,
                parsed.source,
                parsed.verdicts,
                destination,
                limits=chunk_limits(destination, self._max_chunk_bytes, self._one_by_one_rows, self._sms_chunk_rows),
                unclean=parsed.unclean,
                out=out,
                work=work,
                watch=watch,
            )
        return IngestedAudience(
            rows_read=parsed.source.rows + parsed.source.damaged,
            rejected=sum(settled.reasons.values()),
            duplicates_dropped=settled.duplicates_dropped,
            reasons=settled.reasons,
            columns=settled.profile.columns,
            chunks=settled.chunks,
            rejects=settled.rejects,
            duplicates=settled.duplicates,
            notes=notes_of_file(parsed)
            | notes_of_values(settled.profile.mended, settled.profile.controls)
            | {"unpacked": unpacking.layers, "left_out_members": unpacking.left_out}
            | {"milliseconds": watch.milliseconds},
            parts=parsed.parts,
        )


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file in table ``source``, each row's contact key decided."""

    tables: tuple[Table, ...]
    plan: ColumnPlan
    source: Source
    verdicts: Verdicts
    parts: tuple[Part, ...]

    @property
    def unclean(self) -> bool:
        """Values can hold more than plain spaces to trim, or line breaks, or control characters."""
        return self.source.breaks or any(table.unclean for table in self.tables)


def parse(
    session: duckdb.DuckDBPyConnection,
    files: Sequence[DataFile],
    file: str,
    destination: Destination,
    audience: str,
    work: Path,
    unusual: UnusualCheck,
    watch: Stopwatch,
) -> Parsed:
    """``files``: unpacked, with the same columns. ``file``: the drop key, for messages. ``work``: a folder for passing
    files.

    Raises:
        FileRejectedError: the file as a whole cannot be used.
        ConfigurationError: a date format of the data template cannot be used.
    """
    with watch.stage("survey"):
        template, rules = destination.data_template, destination.file
        tables = with_all_keys([open_table(session, found, rules, template, work) for found in files])
        plan = plan_columns(tables[0].names, template, audience=audience, file=file, channel=destination.channel)
        contacts = contacts_of(plan, destination.region or DEFAULT_REGION, unusual)
        unstated = _action_without_opt_status(plan, destination, file)
    check_date_formats(session, plan.fields)
    with watch.stage("parse"):
        named = [(found.name, table) for found, table in zip(files, tables, strict=True)]
        source, parts = load_parts(session, named, audience_shape(plan, contacts, unstated), work, rules)
    verdicts = Verdicts(session, plan, contacts)
    with watch.stage("contacts"):
        verdicts.decide_contacts(work)
    return Parsed(tables, plan, source, verdicts, parts)


def _check_damage(session: duckdb.DuckDBPyConnection, parsed: Parsed, max_percent: float, file: str, out: Path) -> None:
    """Raises FileRejectedError (``file_damaged``): so many rows are damaged that the file itself must be wrong."""
    source = parsed.source
    rows = source.rows + source.damaged
    if source.damaged < _FEWEST_DAMAGED or source.damaged * 100 <= max_percent * rows:
        return
    path = out / "rejects.csv"
    write_damaged(session, source, path)
    raise FileRejectedError(
        "file_damaged",
        f"{file}: {source.damaged:,} of {rows:,} rows are damaged, more than {max_percent:g} %, so the file itself is "
        "wrong and nothing of it was sent. The rejects file names each such row and why. Mend the file, or say how it "
        "is written (or raise max_damaged_percent) under file of the destination",
        path,
    )


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


def notes_of_file(parsed: Parsed) -> dict[str, Any]:
    plan = parsed.plan
    return {
        **parsed.tables[0].notes,
        "files": len(parsed.tables),
        "columns": plan.roles(),
        "opt_status_column": plan.opt_status.header if plan.opt_status else None,
        "ignored_columns": [column.header for column in plan.columns if column.role is ColumnRole.IGNORE],
        "columns_like_opt_status_not_read": list(plan.unread_consent()),
        "way": parsed.source.way,
    }


def notes_of_values(mended: int, controls: int) -> dict[str, Any]:
    """Values in which line breaks, and in which control characters, became spaces."""
    return {"mended_line_breaks": mended, "replaced_control_characters": controls}
