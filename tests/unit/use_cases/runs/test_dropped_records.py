"""A row that is turned away after it was read is told in the form in which it was dropped."""

from __future__ import annotations

from listrak_relay.domain.run.manifest import AUDIENCE_MARK, CLEARED, FieldType, Form, ProfileColumn
from listrak_relay.use_cases.runs.chunk_rows import dropped_record

COLUMNS = (
    ProfileColumn("City", FieldType.TEXT, 10, 255),
    ProfileColumn("Born", FieldType.DATE, 10, 10, form=Form.FROM_ISO),
    ProfileColumn("Seen", FieldType.DATE, 10, 10, form=Form.AS_DROPPED),
)


def test_dates_are_told_as_they_were_dropped_and_our_own_mark_is_not() -> None:
    cells = ["a@example.com", "Oslo, N", "01/31/2026", "0000-00-00", AUDIENCE_MARK]

    assert dropped_record(COLUMNS, cells) == 'a@example.com,"Oslo, N",2026-01-31,0000-00-00'


def test_blanks_and_cleared_values_are_blank() -> None:
    assert dropped_record(COLUMNS, ["a@example.com", CLEARED, "", "", AUDIENCE_MARK]) == "a@example.com,,,"


def test_a_row_that_unsubscribes_has_its_contact_key_alone() -> None:
    assert dropped_record(COLUMNS, ["a@example.com"]) == "a@example.com"
