"""Reads, checks and rewrites a feed with DuckDB: `ports.reading.AudienceReader` for destinations of channel sftp.

Values are sent as they are, but for line breaks inside them.
"""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from shutil import rmtree
from typing import Any

import duckdb

from listrak_relay.adapters.duckdb.deciding.feed_checks import FeedChecks
from listrak_relay.adapters.duckdb.deciding.verdicts import DELIVERED, Reason
from listrak_relay.adapters.duckdb.loading.source import Shape, Source
from listrak_relay.adapters.duckdb.loading.tables import Table, load_parts, open_tables
from listrak_relay.adapters.duckdb.sql.csv_files import copy_csv
from listrak_relay.adapters.duckdb.sql.expressions import column, literal, matches, trimmed
from listrak_relay.adapters.duckdb.sql.session import open_session
from listrak_relay.adapters.duckdb.writing.output import write_rejects, write_warnings
from listrak_relay.adapters.libraries.unusual_email import check_unusual_email
from listrak_relay.adapters.stopwatch import Stopwatch
from listrak_relay.adapters.unpacking.layers import KeyFinder, Unpacking, UnpackLimits
from listrak_relay.domain.destinations.destinations import FeedDestination
from listrak_relay.domain.destinations.feed_settings import Feed, FeedSettings, OnFault
from listrak_relay.domain.feeds import rules as feed_rules
from listrak_relay.domain.feeds.header import FeedHeader, plan_feed
from listrak_relay.domain.run.manifest import Action
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.domain.values.email_address import UnusualCheck
from listrak_relay.domain.values.text import FEED_LINE_BREAKS
from listrak_relay.file_slices import whole_file
from listrak_relay.ports.reading import IngestedAudience, LocalChunk, LocalFile

CHUNK_ID = "feed"
_STRICT_CODE = -1


class DuckDbFeedReader:
    """``memory_limit_mb``: DuckDB's own; what is more spills to the disk of the ``out`` folder. ``unusual``: the check
    of email addresses that are not of the usual form. ``limits`` and ``key_for``: see `DuckDbAudienceReader`."""

    def __init__(
        self,
        *,
        memory_limit_mb: int,
        threads: int,
        unusual: UnusualCheck = check_unusual_email,
        limits: UnpackLimits = UnpackLimits(),  # noqa: B008 - frozen
        key_for: KeyFinder | None = None,
    ) -> None:
        self._memory_limit_mb, self._threads, self._unusual = memory_limit_mb, threads, unusual
        self._limits, self._key_for = limits, key_for

    def read(
        self,
        files: Sequence[LocalFile],
        source: DroppedFile,
        destination: FeedDestination,
        out: Path,
    ) -> IngestedAudience:
        """See `ports.reading.AudienceReader.read`. ``out`` is made if need be.

        Raises:
            FileRejectedError: the file as a whole cannot be used.
        """
        work = out / "work"
        work.mkdir(parents=True, exist_ok=True)
        try:
            return self._read(files, source, destination, out, work)
        finally:
            rmtree(work, ignore_errors=True)

    def _read(
        self,
        files: Sequence[LocalFile],
        dropped: DroppedFile,
        destination: FeedDestination,
        out: Path,
        work: Path,
    ) -> IngestedAudience:
        watch, settings = Stopwatch(), destination.feed
        # A feed's header is its first row: which one it is cannot be told from a column of email addresses.
        rules = replace(destination.file, skip_lines=destination.file.skip_lines or 0)
        with watch.stage("unpack"):
            unpacking = Unpacking(work, self._limits, self._key_for)
            found = unpacking.unpack_all(files, dropped.key, rules.pgp_secret)
        with open_session(work, self._memory_limit_mb, self._threads) as session:
            with watch.stage("header"):
                tables = open_tables(session, found, rules, None, work)
                head = tables[0][1]
                header = plan_feed(head.names, settings.feed, settings.column_names, dropped.key)
            width = len(header.columns)
            with watch.stage("parse"):
                shape = Shape(width, "0::SMALLINT AS verdict")
                source, parts, _ = load_parts(session, tables, shape, work, rules)
                unclean = source.breaks or any(table.unclean for _, table in tables)
                mended = _mend_line_breaks(session, width) if unclean else 0
            with watch.stage("check"):
                checks = FeedChecks(session, header, settings.on_fault, dropped.dropped_at[:10], self._unusual)
                checks.decide()
                stopped = settings.on_fault is OnFault.STRICT and _stop_all(session, source)
            with watch.stage("write"):
                rejects, warnings = out / "rejects.csv", out / "warnings.csv"
                known = [*checks.reasons, *_strict(stopped=stopped)]
                reasons = write_rejects(session, source, width, known, rejects, checks.also("verdict"))
                warning = f"(CASE WHEN {DELIVERED} THEN {checks.warning} ELSE 0 END)"
                also = checks.also(warning)
                warned = write_warnings(session, source, width, checks.reasons, warnings, code=warning, also=also)
                chunks = tuple(_write_feed(session, source, header, out))
                key_files = _write_keys(session, header, out) if chunks else {}
            repeated = _repeated_keys(session, header)
        notes = _notes(head, header, source, settings) | {
            "mended_line_breaks": mended,
            "rows_with_a_key_again": repeated,
            "warnings": warned,
            "rows_warned": sum(warned.values()),
            "milliseconds": watch.milliseconds,
        }
        return IngestedAudience(
            rows_read=source.rows + source.damaged,
            rejected=sum(reasons.values()),
            duplicates_dropped=0,
            reasons=reasons,
            columns=(),
            chunks=chunks,
            rejects=rejects if reasons else None,
            duplicates=None,
            notes=notes,
            warnings=warnings if warned else None,
            key_files=key_files,
            problem=_strict_problem(dropped.key) if stopped else None,
            parts=parts,
        )


def _mend_line_breaks(session: duckdb.DuckDBPyConnection, width: int) -> int:
    """Each run of them becomes one space; how many values there were."""
    mended = 0
    for value in map(column, range(width)):
        changed = session.execute(
            f"UPDATE source SET {value} = regexp_replace({value}, {literal(FEED_LINE_BREAKS)}, ' ', 'g') "
            f"WHERE regexp_matches({value}, {literal(FEED_LINE_BREAKS)})"
        ).fetchone()
        mended += int(changed[0]) if changed else 0
    return mended


def _stop_all(session: duckdb.DuckDBPyConnection, source: Source) -> bool:
    """Whether a row is at fault; then no row is sent."""
    faulty = session.execute("SELECT count(*) FROM source WHERE verdict <> 0").fetchone()
    if not source.damaged and not (faulty and faulty[0]):
        return False
    session.execute(f"UPDATE source SET verdict = {_STRICT_CODE} WHERE {DELIVERED}")
    return True


def _strict(*, stopped: bool) -> list[Reason]:
    return [Reason(_STRICT_CODE, feed_rules.STRICT, "", feed_rules.detail(feed_rules.STRICT))] if stopped else []


def _strict_problem(file: str) -> tuple[str, str]:
    return (
        "feed_strict",
        (
            f"{file}: rows break a rule and the destination is strict, so nothing was sent. Correct the rows listed in "
            "rejects.csv, or set on_fault to drop"
        ),
    )


def _write_feed(
    session: duckdb.DuckDBPyConnection, source: Source, header: FeedHeader, out: Path
) -> Iterable[LocalChunk]:
    path, rows_path = out / f"{CHUNK_ID}.csv", out / f"{CHUNK_ID}.rows"
    named = ", ".join(f"{column(c.index)} AS {_identifier(c.sent_as)}" for c in header.columns)
    # No ORDER BY: a scan with a filter keeps the order of the table (preserve_insertion_order).
    session.execute(copy_csv(f"SELECT {named} FROM source WHERE {DELIVERED}", path, header=True))
    written = session.execute(copy_csv(f"SELECT {source.row} FROM source WHERE {DELIVERED}", rows_path)).fetchone()
    rows = int(written[0]) if written else 0
    if rows:
        content = whole_file(path)
        yield LocalChunk(CHUNK_ID, Action.RELAY, content, whole_file(rows_path), rows, content.sha256())


def _write_keys(session: duckdb.DuckDBPyConnection, header: FeedHeader, out: Path) -> Mapping[str, Path]:
    """By the first column of each key: the keys of the rows that are sent, in the order of their bytes, and how many
    rows have each."""
    table = header.table
    wanted = [table.kept] if table.kept else list((table.refers or {}).values())
    files = {}
    for key in wanted:
        files[key[0]] = out / f"keys-{key[0]}.csv"
        query = f"SELECT {_key(header, key)} AS key, count(*) FROM source WHERE {DELIVERED} GROUP BY key"
        session.execute(copy_csv(f"SELECT * FROM ({query}) WHERE key IS NOT NULL ORDER BY key", files[key[0]]))
    return files


def _key(header: FeedHeader, key: tuple[str, ...]) -> str:
    parts = (_trimmed_key(column(c.index)) for c in header.named(key))
    return f"coalesce({', '.join(parts)})"


def _trimmed_key(value: str) -> str:
    """NULL if blank. Trimming is slow and hardly ever needed."""
    plain = matches(value, "[!-~]+")
    return f"(CASE WHEN {plain} THEN {value} ELSE nullif({trimmed(value)}, '') END)"


def _repeated_keys(session: duckdb.DuckDBPyConnection, header: FeedHeader) -> int:
    """Rows that are sent and whose key an earlier one has too: Listrak keeps one of them."""
    keys = ", ".join(_key(header, key) for key in header.table.keys)
    counted = session.execute(
        "SELECT coalesce(sum(rows - 1), 0) FROM ("
        f"SELECT count(*) AS rows FROM source WHERE {DELIVERED} GROUP BY {keys})"
    ).fetchone()
    return int(counted[0]) if counted else 0


def _notes(head: Table, header: FeedHeader, source: Source, settings: FeedSettings) -> dict[str, Any]:
    return {
        "feed": settings.feed.value,
        "on_fault": settings.on_fault.value,
        **head.notes,
        "columns": {c.header: c.sent_as for c in header.columns},
        "unknown_columns": header.unknown,
        "columns_that_listrak_features_need": header.wanting if settings.feed is not Feed.CONTACT_LIST else [],
        "way": source.way,
    }


def _identifier(name: str) -> str:
    quoted = name.replace('"', '""')
    return f'"{quoted}"'
