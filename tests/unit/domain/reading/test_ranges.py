"""The rules by which ranges of a file are joined, named and typed; and how they are kept as JSON."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.columns.tally import Tally
from listrak_relay.domain.destinations.choices import Mode
from listrak_relay.domain.destinations.data_template import ColumnRole, ColumnRule, DataTemplate
from listrak_relay.domain.destinations.destinations import BUILT_IN, Destination, EmailDestination
from listrak_relay.domain.destinations.encodings import UTF_8, WINDOWS_1252
from listrak_relay.domain.destinations.file_rules import FileFormat, FileRules
from listrak_relay.domain.reading.encodings import EncodingEvidence
from listrak_relay.domain.reading.notes import FileNotes, Way, joined_notes
from listrak_relay.domain.reading.range_types import Agreed, agreed_types, joined_columns, written_otherwise
from listrak_relay.domain.reading.ranges import (
    FileShape,
    Range,
    RangeFacts,
    RangeKind,
    RangeLayout,
    Span,
    WrittenRange,
    all_names,
    join_ranges,
)
from listrak_relay.domain.run.job import IngestJob
from listrak_relay.domain.run.manifest import FieldType, Form, Part, ProfileColumn
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.domain.values.plain_values import from_json, to_json
from listrak_relay.errors import FileRejectedError

DROPPED = DroppedFile("drop", "email/vip/a.csv", "v1", 400, "2026-01-31T00:00:00Z")


def ranges(*begin: bool) -> list[Range]:
    """Each of 100 bytes; whether it begins a file."""
    return [
        Range(number, sum(begin[:number]) - 1, begins, (Span((number - 1) * 100, number * 100),))
        for number, begins in enumerate(begin, 1)
    ]


def doubts(*broken: bool) -> dict[int, RangeFacts]:
    return {number: RangeFacts(number, broken_end=found) for number, found in enumerate(broken, 1)}


def test_a_range_that_ends_within_a_row_takes_the_one_behind_it() -> None:
    whole = ranges(True, False, False)

    joined = join_ranges(whole, doubts(False, True, True))

    assert joined == [whole[0], replace(whole[1], spans=(Span(100, 200), Span(200, 300)))]


def test_of_three_in_doubt_two_are_joined_at_a_time_since_the_third_may_be_sound() -> None:
    whole = ranges(True, False, False, False)

    joined = join_ranges(whole, doubts(True, True, True, False))

    assert [len(found.spans) for found in joined] == [2, 2]


def test_the_end_of_a_file_is_no_doubt() -> None:
    whole = ranges(True, True)

    assert join_ranges(whole, doubts(True, True)) == whole


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=12))
def test_joining_keeps_every_byte_once_and_never_crosses_a_file(found: list[tuple[bool, bool]]) -> None:
    whole = ranges(True, *(begins for begins, _ in found[1:]))

    joined = join_ranges(whole, doubts(*(broken for _, broken in found)))

    assert [span for one in joined for span in one.spans] == [span for one in whole for span in one.spans]
    files = {span: one.file for one in whole for span in one.spans}
    assert all({files[span] for span in one.spans} == {one.file} for one in joined)


def test_columns_come_in_the_order_in_which_they_are_first_named() -> None:
    facts = [RangeFacts(1, ("email", "city")), RangeFacts(2, ("city", "points"))]

    assert all_names(facts) == ("email", "city", "points")


def written(number: int, tally: Tally | None, longest: int = 4) -> WrittenRange:
    data_type = tally.data_type(identifier=False) if tally else FieldType.TEXT
    form = tally.form(data_type) if tally else Form.OWN
    column = ProfileColumn("Day", data_type, longest if tally != Tally() else 0, 255, form=form)
    return WrittenRange(number, (column,), (tally,), (0,), (), 0)


ISO, AMERICAN = Tally(4, days=4, iso_days=4), Tally(4, days=4, american_days=4, slashed=4)
NUMBERS, WORDS, NOTHING = Tally(4, numbers=4, plain_numbers=4), Tally(4), Tally()
DATE, NUMERIC, TEXT = FieldType.DATE, FieldType.NUMERIC, FieldType.TEXT


@pytest.mark.parametrize(
    ("found", "agreed", "again"),
    [
        ([ISO, ISO], Agreed(DATE, Form.FROM_ISO), []),
        ([AMERICAN, AMERICAN], Agreed(DATE), []),
        ([ISO, AMERICAN], Agreed(DATE, Form.AS_DROPPED), [1]),
        ([ISO, WORDS], Agreed(TEXT), [1]),
        ([NUMBERS, WORDS], Agreed(TEXT), []),
        ([NUMBERS, ISO], Agreed(TEXT), [2]),
        ([NOTHING, ISO], Agreed(DATE, Form.FROM_ISO), []),
        ([NOTHING], Agreed(TEXT), []),
    ],
)
def test_a_column_has_the_type_that_all_its_values_come_to(
    found: list[Tally], agreed: Agreed, again: list[int]
) -> None:
    ranges = [written(number, tally) for number, tally in enumerate(found, 1)]
    types = agreed_types(ranges)

    assert types == {"Day": agreed}
    assert written_otherwise(ranges, types) == again
    (column,) = joined_columns(ranges, types, 255)
    assert (column.data_type, column.form) == (agreed.data_type, agreed.form)


def test_a_declared_type_is_never_overruled() -> None:
    assert agreed_types([written(1, None)]) == {"Day": Agreed(TEXT)}


def test_the_longest_value_of_a_column_is_that_of_all_ranges() -> None:
    found = [written(1, WORDS, 3), written(2, WORDS, 9), written(3, WORDS, 5)]

    assert joined_columns(found, {"Day": Agreed(TEXT)}, 255)[0].longest == 9


def test_evidence_of_an_encoding_adds_up() -> None:
    found = EncodingEvidence(0, 2, (0xE9,)) + EncodingEvidence(0, 1, (0xFC,))

    assert found.encoding("drop") == WINDOWS_1252
    assert not found.conclusive
    assert EncodingEvidence(0, 2, (0xE9,)).encoding("drop") == UTF_8


def test_a_range_that_reads_as_another_code_page_speaks_for_the_whole_file() -> None:
    found = EncodingEvidence(0, 2, (0xE9,)) + EncodingEvidence(0, 3, (0x81,), ("cp850", "cp437"), undefined=True)

    with pytest.raises(FileRejectedError, match=r"drop: .* mean nothing .* likely cp850 or cp437\."):
        found.encoding("drop")


def test_what_ranges_say_of_text_that_was_written_twice_adds_up() -> None:
    found = EncodingEvidence(sound=2, twice=2) + EncodingEvidence(sound=2, twice=1)

    with pytest.raises(FileRejectedError, match="once more"):
        found.encoding("drop")

    assert (found + EncodingEvidence(sound=1, once=1)).encoding("drop") == UTF_8


DESTINATION = EmailDestination(
    "email",
    mode=Mode.MIRROR,
    event_ids=(1, 2),
    data_template=DataTemplate(
        "shop", {"Mail": ColumnRule(ColumnRole.EMAIL), "Day": ColumnRule(ColumnRole.FIELD, "d")}
    ),
    file=FileRules(format=FileFormat.DELIMITED, encoding="iso8859-1", columns=("a", "b"), quote=""),
)


@pytest.mark.parametrize("destination", [DESTINATION, *BUILT_IN.values()])
def test_a_job_comes_back_from_json_as_it_was(destination: Destination) -> None:
    job = IngestJob(DROPPED, destination, "vip", (DROPPED, DROPPED))

    assert from_json(IngestJob[Destination], to_json(job)) == job


def test_what_the_steps_leave_comes_back_from_json_as_it_was() -> None:
    shape = FileShape("email/vip/a.csv", RangeKind.DELIMITED, names=("email", "ü"), escape="\\", header_row=1)
    plan = RangeLayout((DROPPED,), (shape,), tuple(ranges(True, False)), 3, ("email",), 2)
    facts = RangeFacts(1, ("a",), parts=(Part("x", 3),), refusal=("file_gone", "it is gone"))

    assert from_json(RangeLayout, to_json(plan)) == plan
    assert from_json(RangeFacts, to_json(facts)) == facts
    notes = FileNotes(Way.EXACT, 1, 2, {"columns": {"email": "email"}, "ignored_columns": ["x"]})
    wrote = replace(written(1, ISO), notes=notes, reasons={"email_invalid": 3})
    assert from_json(WrittenRange, to_json(wrote)) == wrote
    assert from_json(dict[str, Agreed], to_json({"Day": Agreed(DATE)})) == {"Day": Agreed(DATE)}


@given(st.lists(st.tuples(st.sampled_from(Way), st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=5))
def test_what_ranges_found_out_is_told_of_the_file_as_a_whole(found: list[tuple[Way, int, int]]) -> None:
    notes = joined_notes(
        [FileNotes(*one, {"delimiter": f"of range {place}"}, nulls=1) for place, one in enumerate(found)]
    )

    assert notes.as_dict() == {
        "delimiter": "of range 0",
        "mended_line_breaks": sum(mended for _, mended, _ in found),
        "replaced_control_characters": sum(controls for _, _, controls in found),
        "null_words_read_as_empty": len(found),
        "way": "exact" if Way.EXACT in [way for way, *_ in found] else "fast",
    }


@pytest.mark.parametrize("body", [b"[]", b'{"rows": 2}', b"{"])
def test_something_else_is_an_error(body: bytes) -> None:
    with pytest.raises((TypeError, ValueError, KeyError, AttributeError)):
        from_json(RangeFacts, body)
