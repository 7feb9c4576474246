"""Reads, checks and rewrites a feed with DuckDB: `ports.reading.AudienceReader` for destinations of channel sftp.

Values are sent as they are, but for line breaks inside them.
"""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from listrak_relay.adapters.duckdb.deciding.feed_checks import STOPPED, FeedChecks
from listrak_relay.adapters.duckdb.deciding.feed_keys import drop_same_keys, repeated_keys
from listrak_relay.adapters.duckdb.deciding.feed_values import count_changed
from listrak_relay.adapters.duckdb.deciding.verdicts import DELIVERED
from listrak_relay.adapters.duckdb.loading.behind_each_other import load_parts
from listrak_relay.adapters.duckdb.loading.source import LoadedRows, Shape
from listrak_relay.adapters.duckdb.loading.table import Table
from listrak_relay.adapters.duckdb.loading.tables import open_tables
from listrak_relay.adapters.duckdb.sessions import Sessions
from listrak_relay.adapters.duckdb.sql.expressions import column, literal
from listrak_relay.adapters.duckdb.writing.feed_files import write_feed, write_keys
from listrak_relay.adapters.duckdb.writing.output import write_duplicates
from listrak_relay.adapters.duckdb.writing.rejects import write_rejects, write_warnings
from listrak_relay.adapters.libraries.unusual_email import check_unusual_email
from listrak_relay.adapters.stopwatch import Stopwatch
from listrak_relay.domain.destinations.destinations import FeedDestination
from listrak_relay.domain.destinations.feed_settings import Feed, FeedSettings, MissingColumns, OnFault
from listrak_relay.domain.feeds.header import FeedHeader, feed_header_of
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.domain.values.email_address import UnusualCheck
from listrak_relay.domain.values.text import FEED_LINE_BREAKS
from listrak_relay.ports.reading import IngestedAudience, LocalFile


@dataclass(frozen=True, slots=True)
class DuckDbFeedReader:
    """``unusual``: checks email addresses that are not of the usual form."""

    sessions: Sessions
    unusual: UnusualCheck = check_unusual_email

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
        with self.sessions.open(source.key, out) as (session, work):
            return self._read(session, files, source, destination, out, work)

    def _read(
        self,
        session: duckdb.DuckDBPyConnection,
        files: Sequence[LocalFile],
        dropped: DroppedFile,
        destination: FeedDestination,
        out: Path,
        work: Path,
    ) -> IngestedAudience:
        watch, settings, template = Stopwatch(), destination.feed, destination.data_template
        # A feed's header is its first row: which one it is cannot be told from a column of email addresses.
        rules = replace(destination.file, skip_lines=destination.file.skip_lines or 0)
        with watch.stage("unpack"):
            found = self.sessions.unpacking(work).unpack_all(files, dropped.key, rules.pgp_secret)
        with watch.stage("header"):
            tables = open_tables(session, found, rules, template, work, most_bytes=self.sessions.limits.unpacked)
            head = tables[0][1]
            header = feed_header_of(head.names, settings, dropped.key, template)
        width = header.width
        with watch.stage("parse"):
            shape = Shape(width, "0::SMALLINT AS verdict")
            source, parts, _ = load_parts(session, tables, shape, work, rules)
            unclean = source.breaks or any(table.unclean for _, table in tables)
            mended = _mend_line_breaks(session, header) if unclean else 0
        with watch.stage("check"):
            checks = FeedChecks(session, header, settings.on_fault, dropped.dropped_at[:10], self.unusual)
            checks.decide()
            drop_same_keys(session, header, settings.same_key)
            again = write_duplicates(session, source, out / "duplicates.csv")
            stopped = settings.on_fault is OnFault.STRICT and checks.stop_all(damaged=source.damaged)
            rewritten = count_changed(session, header, DELIVERED)
        with watch.stage("write"):
            rejects, warnings = out / "rejects.csv", out / "warnings.csv"
            known = [*checks.reasons, STOPPED] if stopped else checks.reasons
            reasons = write_rejects(session, source, width, known, rejects, checks.also("verdict"))
            warning = f"(CASE WHEN {DELIVERED} THEN {checks.warning} ELSE 0 END)"
            also = checks.also(warning)
            warned = write_warnings(session, source, width, checks.reasons, warnings, code=warning, also=also)
            chunks = tuple(write_feed(session, source, header, out))
            key_files = write_keys(session, header, out) if chunks else {}
        repeated = repeated_keys(session, header)
        notes = _notes(head, header, source, settings) | {
            "mended_line_breaks": mended,
            "values_in_another_form": rewritten,
            "null_words_read_as_empty": source.nulls,
            "rows_with_a_key_again": repeated,
            "warnings": warned,
            "rows_warned": sum(warned.values()),
            "milliseconds": watch.milliseconds,
        }
        return IngestedAudience(
            rows_read=source.rows + source.damaged,
            rejected=sum(reasons.values()),
            duplicates_dropped=again,
            reasons=reasons,
            columns=(),
            chunks=chunks,
            rejects=rejects if reasons else None,
            duplicates=out / "duplicates.csv" if again else None,
            notes=notes,
            warnings=warnings if warned else None,
            key_files=key_files,
            problem=_strict_problem(dropped.key) if stopped else None,
            parts=parts,
        )


def _mend_line_breaks(session: duckdb.DuckDBPyConnection, header: FeedHeader) -> int:
    """Each run of them becomes one space; how many values there were."""
    mended = 0
    for value in (column(found.index) for found in header.columns):
        changed = session.execute(
            f"UPDATE source SET {value} = regexp_replace({value}, {literal(FEED_LINE_BREAKS)}, ' ', 'g') "
            f"WHERE regexp_matches({value}, {literal(FEED_LINE_BREAKS)})"
        ).fetchone()
        mended += int(changed[0]) if changed else 0
    return mended


def _strict_problem(file: str) -> tuple[str, str]:
    return (
        "feed_strict",
        (
            f"{file}: rows break a rule and the destination is strict, so nothing was sent. Correct the rows listed in "
            "rejects.csv, or set on_fault to drop"
        ),
    )


def _notes(head: Table, header: FeedHeader, source: LoadedRows, settings: FeedSettings) -> dict[str, Any]:
    tells_missing = settings.missing_columns is MissingColumns.ATTENTION
    tells_wanting = tells_missing and settings.feed is not Feed.CONTACT_LIST
    return {
        "feed": settings.feed.value,
        "on_fault": settings.on_fault.value,
        **head.notes,
        "columns": header.sent_names,
        "columns_left_out": [left_out.shown for left_out in header.left_out],
        "unknown_columns": header.unknown,
        "essential_columns_missing": header.lacking if tells_missing else [],
        "columns_that_listrak_features_need": header.wanting if tells_wanting else [],
        "way": source.way.value,
    }
