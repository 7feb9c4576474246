"""From files of rows to table ``source`` in which each row's contact key is decided."""

# ruff: noqa: S608 - SQL is built from names and numbers made here; all other text passes `literal`

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from listrak_relay.adapters.duckdb.deciding.consent import look_at
from listrak_relay.adapters.duckdb.deciding.contacts import Contacts, contacts_of
from listrak_relay.adapters.duckdb.deciding.profile import Profile, check_date_formats
from listrak_relay.adapters.duckdb.deciding.proposals import another_sheet, column_of_contacts
from listrak_relay.adapters.duckdb.deciding.verdicts import Verdicts
from listrak_relay.adapters.duckdb.loading.behind_each_other import load_parts
from listrak_relay.adapters.duckdb.loading.source import UNDECIDED, LoadedRows, Shape
from listrak_relay.adapters.duckdb.loading.table import Table
from listrak_relay.adapters.duckdb.sql.expressions import column
from listrak_relay.adapters.duckdb.sql.rules import statement_code
from listrak_relay.adapters.formats.records import KeyField
from listrak_relay.adapters.stopwatch import Stopwatch
from listrak_relay.domain.columns.column_names import CHANNEL_NAMES
from listrak_relay.domain.columns.columns import columns_of
from listrak_relay.domain.columns.file_columns import FileColumns
from listrak_relay.domain.columns.type_notes import type_notes
from listrak_relay.domain.consent.buyers import check_buyers
from listrak_relay.domain.consent.deciding import agreed_consent, check_none_is_demanded
from listrak_relay.domain.consent.doubts import Doubt
from listrak_relay.domain.consent.file_names import check_names
from listrak_relay.domain.consent.reading import ConsentNotes
from listrak_relay.domain.consent.statements import Statement
from listrak_relay.domain.destinations.choices import UnsureOptStatus
from listrak_relay.domain.destinations.data_template import ColumnRole
from listrak_relay.domain.destinations.destinations import AudienceDestination, SmsDestination
from listrak_relay.domain.feeds.likeness import is_of_orders
from listrak_relay.domain.reading.notes import FileNotes
from listrak_relay.domain.run.manifest import Part
from listrak_relay.domain.values.email_address import UnusualCheck
from listrak_relay.domain.values.phone_number import DEFAULT_REGION
from listrak_relay.errors import FileRejectedError


@dataclass(frozen=True, slots=True)
class Asked:
    """What rows are read for. ``file``: the drop key, for messages. ``unusual``: checks email addresses."""

    file: str
    destination: AudienceDestination
    audience: str
    unusual: UnusualCheck


@dataclass(frozen=True, slots=True)
class Parsed:
    """Files in table ``source``, each row's contact key decided.

    ``tables``: one for each file.
    ``plan``: what their columns mean.
    ``source``: what is known of the rows.
    ``verdicts``: decides what becomes of each.
    ``parts``: the files.
    ``last``: number of the last row.
    """

    tables: tuple[Table, ...]
    plan: FileColumns
    source: LoadedRows
    verdicts: Verdicts
    parts: tuple[Part, ...]
    last: int

    @property
    def unclean(self) -> bool:
        """Values can hold more than plain spaces to trim, or line breaks, or control characters."""
        return self.source.breaks or any(table.unclean for table in self.tables)


def parse(
    session: duckdb.DuckDBPyConnection,
    tables: Sequence[tuple[str, Table]],
    asked: Asked,
    work: Path,
    watch: Stopwatch,
    *,
    columns: Sequence[str] = (),
    offset: int = 0,
) -> Parsed:
    """``tables``: name and table of each file, with the same columns. ``work``: a folder for passing files.
    ``columns`` and ``offset``: see `load_parts`.

    Raises:
        FileRejectedError: the file as a whole cannot be used.
        ConfigurationError: a date format of the data template cannot be used.
    """
    destination = asked.destination
    header = columns or tables[0][1].names
    try:
        plan = columns_of(
            header,
            destination.data_template,
            audience=asked.audience,
            file=asked.file,
            channel=destination.channel,
        )
    except FileRejectedError as error:
        if error.code != CHANNEL_NAMES[destination.channel].missing:
            raise
        proposed = column_of_contacts(session, tables, destination, header, work) or another_sheet(tables[0][1])
        if proposed is None:
            raise
        raise FileRejectedError(error.code, f"{error}. {proposed}") from None
    region = destination.region if isinstance(destination, SmsDestination) else None
    contacts = contacts_of(plan, region or DEFAULT_REGION, asked.unusual)
    check_date_formats(session, plan.fields)
    with watch.stage("parse"):
        shape = audience_shape(plan, contacts)
        source, parts, last = load_parts(session, tables, shape, work, destination.file, columns=columns, offset=offset)
    verdicts = Verdicts(session, plan, contacts)
    with watch.stage("contacts"):
        verdicts.decide_contacts(work)
    return Parsed(tuple(table for _, table in tables), plan, source, verdicts, parts, last)


def decide_consent(session: duckdb.DuckDBPyConnection, parsed: Parsed, asked: Asked) -> Parsed:
    """The file with what all its columns tell of consent.

    Raises:
        FileRejectedError: it is not known whether a column tells it (code ``opt_status_unsure``), or none does and the
            destination demands one (``opt_status_missing``), or none does and a name speaks of opt-outs
            (``opt_status_unsure``).
    """
    doubtful = look_at(session, parsed.plan, parsed.source.rows)
    return read_consent(session, parsed, agreed_consent(doubtful, asked.destination, asked.file), asked)


def read_consent(session: duckdb.DuckDBPyConnection, parsed: Parsed, doubtful: Collection[str], asked: Asked) -> Parsed:
    """The file with columns of these headers read as the opt status beside those that its names settle.

    Raises:
        FileRejectedError: no column tells consent and the destination demands one (code ``opt_status_missing``), or a
            name speaks of opt-outs, or it is a file of orders (``opt_status_unsure``).
    """
    if doubtful:
        plan = parsed.plan.read_as_consent(doubtful)
        session.execute(f"UPDATE source SET action = {_statements(plan)}")
        parsed = replace(parsed, plan=plan)
        parsed.verdicts.plan = plan
    if not parsed.plan.consent:
        check_none_is_demanded(parsed.plan.headers, asked.destination, asked.file)
    if not parsed.plan.ask_who_wants:
        check_names(_names_of(parsed, asked), asked.destination, asked.file)
        if is_of_orders(parsed.plan.headers):
            check_buyers(asked.destination, asked.file)
    return parsed


def _names_of(parsed: Parsed, asked: Asked) -> tuple[str, ...]:
    """Of all that holds these people. Folders above the file are the destination's."""
    files = (_LAST_NAME.sub("", name) for name in (asked.file, *(part.name for part in parsed.parts)))
    sheets = (table.notes.get("sheet", "") for table in parsed.tables)
    return (asked.audience, *files, *sheets)


_LAST_NAME = re.compile(r".*[/!](?=.)")


def notes_of(
    parsed: Parsed, profile: Profile, destination: AudienceDestination, counts: dict[str, int], contradicted: int
) -> FileNotes:
    """``counts``: rows by what they say of consent. ``contradicted``: those of a no beside which a yes stands."""
    plan = parsed.plan
    told = tuple(column.shown for column in plan.consent)
    others = {
        **parsed.tables[0].notes,
        "files": len(parsed.tables),
        "columns": plan.roles(),
        "opt_status_column": ", ".join(told) or None,
        "ignored_columns": [column.shown for column in plan.columns if column.role is ColumnRole.IGNORE],
        **type_notes(profile.columns, profile.tallies, profile.timed),
    }
    lenient = destination.unsure_opt_status is UnsureOptStatus.SUBSCRIBE
    passed_over = (column.shown for column, doubt in plan.doubtful() if lenient and doubt is Doubt.STRONG)
    unstated = destination.missing_opt_status.value
    consent = ConsentNotes(told, counts, destination.name, unstated, tuple(passed_over), contradicted)
    way, nulls = parsed.source.way, parsed.source.nulls
    return FileNotes(way, profile.mended, profile.controls, others, consent, nulls)


def audience_shape(plan: FileColumns, contacts: Contacts) -> Shape:
    """``action`` is a code of `domain.consent.statements.Statement`."""
    verdict = f"(CASE WHEN {contacts.known} THEN 0 ELSE {UNDECIDED} END)::SMALLINT AS verdict"
    derived = ", ".join((f"{_statements(plan)} AS action", *contacts.derived, verdict))
    return Shape(len(plan.columns), derived, KeyField(plan.contact.index, plan.may_be_contact))


def _statements(plan: FileColumns) -> str:
    readings = [(column(item.index), item.reading) for item in plan.consent if item.reading]
    return statement_code(readings) if readings else f"{Statement.NOTHING.value}::TINYINT"
