"""What to do about a file in which no column is known as that of the contacts."""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from listrak_relay.adapters.duckdb.loading.behind_each_other import load_parts
from listrak_relay.adapters.duckdb.loading.source import Shape
from listrak_relay.adapters.duckdb.loading.table import Table
from listrak_relay.adapters.duckdb.sql.expressions import column, matches, trimmed
from listrak_relay.domain.columns.column_names import CHANNEL_NAMES
from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.destinations.destinations import AudienceDestination
from listrak_relay.domain.values import email_address, phone_number
from listrak_relay.domain.values.names import SHOWN_NAMES, listed, may_be_shown
from listrak_relay.errors import FileRejectedError

_CONTACT_SHARE = 0.9


def column_of_contacts(
    session: duckdb.DuckDBPyConnection,
    tables: Sequence[tuple[str, Table]],
    destination: AudienceDestination,
    header: Sequence[str],
    work: Path,
) -> str | None:
    """A sentence about the one column that holds contact keys in nearly all rows, if there is one."""
    try:
        source, _, _ = load_parts(session, tables[:1], Shape(len(header), "0 AS action"), work, destination.file)
    except FileRejectedError:
        return None
    sms = destination.channel is Channel.SMS
    tests = [phone_number.LIKELY_PATTERN if sms else email_address.COMMON_PATTERN] * len(header)
    shares = ", ".join(f"count(*) FILTER ({matches(trimmed(column(i)), p)})" for i, p in enumerate(tests))
    [counts] = session.execute(f"SELECT {shares} FROM source").fetchall()
    session.execute("DROP TABLE source")
    found = [place for place, count in enumerate(counts) if count and count >= _CONTACT_SHARE * source.rows]
    if len(found) != 1:
        return None
    [place] = found
    names = CHANNEL_NAMES[destination.channel]
    shown = header[place] if may_be_shown(header[place]) else f"<name of column {place + 1}>"
    return (
        f"Column {place + 1}, {listed([header[place]], header)}, holds {names.contact_words} in {counts[place]:,} of "
        f"{source.rows:,} rows: if they are the ones to write to, put the line '{shown}: {names.contact}' under "
        f"columns in the data template of destination {destination.name}"
    )


def another_sheet(table: Table) -> str | None:
    """A sentence about the sheets that were not read, if there are any."""
    others = table.notes.get("sheets_not_read")
    if not others:
        return None
    return (
        f"Only sheet {table.notes['sheet']} was read: if the rows are on another ({', '.join(others[:SHOWN_NAMES])}), "
        "name it under file.sheet of the destination"
    )
