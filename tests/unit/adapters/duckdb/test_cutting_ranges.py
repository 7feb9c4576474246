"""Where a large file is cut: always where a row begins, whatever its values hold."""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.adapters.duckdb.range_reader import DuckDbRangeReader
from listrak_relay.adapters.duckdb.range_shapes import find_boundary, find_shape
from listrak_relay.domain.destinations.destinations import AudienceDestination, EmailDestination
from listrak_relay.domain.destinations.file_rules import FileRules
from listrak_relay.domain.reading.ranges import FileShape, RangeKind, RangeLayout
from listrak_relay.domain.run.job import IngestJob
from listrak_relay.errors import FileRejectedError
from listrak_relay.use_cases.ranges.cut import CutRanges
from tests.support.examples import examples
from tests.support.fakes import FakeDropStore, FakeObjectStore, FakeTimeLeft
from tests.support.files.range_files import READER

EMAIL = EmailDestination("email")
HEADER = ["email", "note", "city"]
WHOLE_LIMIT = 1_000_000


def shape_of(body: bytes, rules: FileRules = FileRules()) -> FileShape:  # noqa: B008 - frozen
    with TemporaryDirectory() as folder:
        head = Path(folder) / "head"
        head.write_bytes(body)
        return find_shape(head, "email/vip/a.csv", rules, None, whole=True)


def written(rows: list[list[str]], end: str = "\n", encoding: str = "utf-8") -> tuple[bytes, list[int]]:
    """A file, and where its rows begin."""
    body, starts = b"", []
    for row in [HEADER, *rows]:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL).writerow(row)
        starts.append(len(body))
        body += text.getvalue().encode(encoding)
    return body, starts


def people(note: str, count: int = 40) -> list[list[str]]:
    return [[f"p{n}@example.com", note, "Oslo"] for n in range(count)]


NOTES = ["two\nlines", "\n\n\n", 'a "b"\nc', "a,b\nc,d,e\n", "\r\n", "x\n\ny, z", "\n,\n", "é\nü", 'so ""\n"" it']


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("note", NOTES)
def test_from_every_byte_of_a_file_with_line_breaks_in_quotes_the_next_row_is_found(note: str, end: str) -> None:
    body, starts = written(people(note), end)
    shape = shape_of(body)

    found = {place: find_boundary(body[place:], shape) for place in range(starts[-3])}

    wrong = {place: at for place, at in found.items() if at is None or place + at not in starts}
    assert wrong == {}


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "cp1252"])
def test_in_other_encodings_too(encoding: str) -> None:
    body, starts = written(people("é\nü, é\n"), "\r\n", encoding)
    shape = shape_of(body)
    step = 2 if encoding.startswith("utf-16") else 1

    found = {place: find_boundary(body[place:], shape) for place in range(0, starts[-3], step)}

    assert {place: at for place, at in found.items() if at is None or place + at not in starts} == {}


def test_a_row_is_found_from_the_middle_of_a_character_of_several_bytes() -> None:
    body, starts = written(people("ソ表\n田"), "\n", "shift_jis")
    shape = shape_of(body, FileRules(encoding="shift_jis"))

    found = {place: find_boundary(body[place:], shape) for place in range(starts[-3])}

    assert {place: at for place, at in found.items() if at is None or place + at not in starts} == {}


def test_a_window_within_one_row_holds_no_beginning() -> None:
    body, _ = written(people("x" * 500))

    assert find_boundary(body[200:400], shape_of(body)) is None


def test_every_line_of_newline_delimited_json_is_a_row() -> None:
    line = b'{"email": "p@example.com", "n": "\\n"}\n'
    shape = shape_of(line * 9)

    assert shape.kind is RangeKind.NDJSON
    found = {(place + (find_boundary(line[place:] + line, shape) or 0)) for place in range(1, len(line))}
    assert found == {len(line)}


def plan_for(
    body: bytes, *, range_bytes: int, destination: AudienceDestination = EMAIL, time_left: float = 900
) -> RangeLayout:
    drops, store = FakeDropStore(), FakeObjectStore()
    dropped = drops.drop("email/vip/a.csv", body)
    cutting = CutRanges(drops, store, DuckDbRangeReader(*READER), range_bytes, WHOLE_LIMIT)
    plan = cutting.cut(IngestJob(dropped, destination, "vip", (dropped,)), FakeTimeLeft(time_left))
    pieces = [store.objects[s.key] if s.key else body[s.first : s.end] for r in plan.ranges for s in r.spans]
    assert b"".join(pieces) == (gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body)
    return plan


@examples(20)
@given(
    st.lists(st.sampled_from([*NOTES, "plain", ""]), min_size=20, max_size=60),
    st.integers(2, 6),
    st.booleans(),
)
def test_each_range_begins_where_a_row_does_and_together_they_are_the_file(
    notes: list[str], count: int, packed: bool
) -> None:
    body, starts = written([[f"p{n}@example.com", note, "Oslo"] for n, note in enumerate(notes)])

    # Packed files are only unpacked in pieces where they are not small.
    plan = plan_for(gzip.compress(body, 0) if packed else body, range_bytes=len(body) // count // 2 * 2)

    assert len(plan.ranges) > 1
    begins, place = [], 0
    for found in plan.ranges:
        begins.append(place)
        place += sum(span.end - span.first for span in found.spans)
    # What a value holds may look like the last rows of a file. The range before shows it, and the two are joined.
    assert {place for place in begins if place < starts[-3]} <= set(starts)


def test_ranges_are_of_about_the_wanted_size() -> None:
    body, _ = written(people("two\nlines", 500))

    sizes = [span.end - span.first for found in plan_for(body, range_bytes=4_000).ranges for span in found.spans]

    assert all(4_000 <= size < 4_100 for size in sizes[:-1])
    assert sizes[-1] < 5_100


def test_a_file_of_one_endless_line_is_refused() -> None:
    body = b"email,note\na@example.com," + b"x" * 70_000_000

    with pytest.raises(FileRejectedError) as refused:
        plan_for(body, range_bytes=100_000)

    assert refused.value.code == "line_too_long"
    assert "email/vip/a.csv" in str(refused.value)


def test_a_packed_file_that_unpacks_to_far_more_is_refused() -> None:
    body = gzip.compress(b"email,note\n" + b"a@example.com,x\n" * 8_000_000)

    with pytest.raises(FileRejectedError) as refused:
        plan_for(body, range_bytes=1_000_000)

    assert refused.value.code == "archive_bomb"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"PAR1" + b"x" * 2_000_000, "file_too_large"),
        (b'[{"email": "a@example.com"},' + b" " * 2_000_000, "file_too_large"),
        (b"PK\x03\x04" + b"x" * 2_000_000, "file_too_large"),
    ],
)
def test_a_large_file_of_a_kind_that_has_no_lines_is_refused_with_what_to_do(body: bytes, reason: str) -> None:
    with pytest.raises(FileRejectedError) as refused:
        plan_for(body, range_bytes=100_000)

    assert refused.value.code == reason
    assert "smaller parts" in str(refused.value)


def test_a_packed_file_that_takes_longer_than_a_function_may_run_is_refused() -> None:
    body = gzip.compress(written(people("x", 5_000))[0], 0)

    with pytest.raises(FileRejectedError) as refused:
        plan_for(body, range_bytes=20_000, time_left=30)

    assert refused.value.code == "file_too_large"


def test_the_settings_of_the_destination_hold_for_every_range() -> None:
    rules = FileRules(delimiter="|", quote="'", columns=("email", "note"))
    body = b"".join(b"p%d@example.com|'a\n|b'\n" % n for n in range(200))

    plan = plan_for(body, range_bytes=1_000, destination=replace(EMAIL, file=rules))

    assert plan.shapes[0].names == ("email", "note")
    assert (plan.shapes[0].delimiter, plan.shapes[0].quote, plan.shapes[0].header_row) == ("|", "'", 0)
    assert all(body[s.first : s.end].startswith(b"p") for r in plan.ranges for s in r.spans)
