"""From files of rows to table ``source`` in which each row's contact key is decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from listrak_relay.adapters.duckdb.deciding.contacts import Contacts, contacts_of
from listrak_relay.adapters.duckdb.deciding.profile import Profile, check_date_formats
from listrak_relay.adapters.duckdb.deciding.verdicts import Verdicts
from listrak_relay.adapters.duckdb.loading.behind_each_other import load_parts
from listrak_relay.adapters.duckdb.loading.source import UNDECIDED, Shape, Source
from listrak_relay.adapters.duckdb.loading.table import Table
from listrak_relay.adapters.duckdb.sql.expressions import column
from listrak_relay.adapters.duckdb.sql.rules import ACTION_CODES, opt_status_code
from listrak_relay.adapters.formats.records import KeyField
from listrak_relay.adapters.stopwatch import Stopwatch
from listrak_relay.domain.columns.columns import ColumnPlan, plan_columns
from listrak_relay.domain.destinations.destinations import (
    AudienceDestination,
    Channel,
    ColumnRole,
    MissingOptStatus,
    SmsDestination,
)
from listrak_relay.domain.reading.notes import FileNotes
from listrak_relay.domain.run.manifest import Action, Part
from listrak_relay.domain.values.email_address import UnusualCheck
from listrak_relay.domain.values.names import listed
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
    """Files in table ``source``, each row's contact key decided. ``last``: number of the last row."""

    tables: tuple[Table, ...]
    plan: ColumnPlan
    source: Source
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
    plan = plan_columns(
        columns or tables[0][1].names,
        destination.data_template,
        audience=asked.audience,
        file=asked.file,
        channel=destination.channel,
    )
    region = destination.region if isinstance(destination, SmsDestination) else None
    contacts = contacts_of(plan, region or DEFAULT_REGION, asked.unusual)
    unstated = _action_without_opt_status(plan, destination, asked.file)
    check_date_formats(session, plan.fields)
    with watch.stage("parse"):
        shape = audience_shape(plan, contacts, unstated)
        source, parts, last = load_parts(session, tables, shape, work, destination.file, columns=columns, offset=offset)
    verdicts = Verdicts(session, plan, contacts)
    with watch.stage("contacts"):
        verdicts.decide_contacts(work)
    return Parsed(tuple(table for _, table in tables), plan, source, verdicts, parts, last)


def _action_without_opt_status(plan: ColumnPlan, destination: AudienceDestination, file: str) -> Action:
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


def notes_of(parsed: Parsed, profile: Profile) -> FileNotes:
    plan = parsed.plan
    others = {
        **parsed.tables[0].notes,
        "files": len(parsed.tables),
        "columns": plan.roles(),
        "opt_status_column": plan.opt_status.header if plan.opt_status else None,
        "ignored_columns": [column.header for column in plan.columns if column.role is ColumnRole.IGNORE],
        "columns_like_opt_status_not_read": list(plan.unread_consent()),
    }
    return FileNotes(parsed.source.way, profile.mended, profile.controls, others)


def audience_shape(plan: ColumnPlan, contacts: Contacts, unstated: Action) -> Shape:
    """``unstated``: what to do with rows of a file without an opt status column."""
    if plan.opt_status is None:
        action = f"{ACTION_CODES[unstated]}::TINYINT"
    else:
        action = opt_status_code(column(plan.opt_status.index), inverted=plan.inverted)
    verdict = f"(CASE WHEN {contacts.known} THEN 0 ELSE {UNDECIDED} END)::SMALLINT AS verdict"
    derived = ", ".join((f"{action} AS action", *contacts.derived, verdict))
    return Shape(len(plan.columns), derived, KeyField(plan.contact.index, plan.may_be_contact))
