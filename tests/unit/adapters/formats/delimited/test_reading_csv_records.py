"""Records of damaged CSV files: the right row number for each, and no sound row lost."""

from __future__ import annotations

import io

import pytest

from listrak_relay.adapters.formats.delimited.grammar import Dialect
from listrak_relay.adapters.formats.delimited.reader import RecordReader
from listrak_relay.adapters.formats.records import (
    ENCODING,
    NUL,
    RECORD_LIMIT,
    TOO_LARGE,
    TOO_LONG,
    TOO_SHORT,
    UNREADABLE,
    Record,
)
from listrak_relay.errors import FileRejectedError


def read(text: str | bytes, width: int = 3, again_limit: int = 1_000_000) -> list[Record]:
    body = text.encode() if isinstance(text, str) else text
    stream = io.TextIOWrapper(io.BytesIO(body), encoding="utf-8-sig", errors="surrogateescape", newline="")
    return list(RecordReader(stream, Dialect(","), file="email/vip/people.csv", width=width, again_limit=again_limit))


def outline(records: list[Record]) -> list[tuple[int, str | None, str]]:
    """Row number, damage, and the first field of each."""
    return [(r.row, r.damage, r.fields[0] if r.fields and not r.damage else "") for r in records]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_are_numbered_as_records_with_blank_lines_counted(end: str) -> None:
    text = end.join(["email,a,b", "", 'x@example.com,"two', 'lines",1', "", "y@example.com,2,3"])

    assert outline(read(text)) == [(1, None, "email"), (3, None, "x@example.com"), (5, None, "y@example.com")]


@pytest.mark.parametrize(
    ("row", "damage"),
    [
        (b"x@example.com,1", TOO_SHORT),
        (b"x@example.com,1,2,3", TOO_LONG),
        (b"x@example.com,1,2,", TOO_LONG),
        (b"x@example.com,\xff\xfe,2", ENCODING),
        (b"x@example.com,\xed\xa0\x80,2", ENCODING),
        (b"x@example.com,\x00,2", NUL),
        (b'x@example.com,"1"1,2', UNREADABLE),
        (b'x@example.com,"1,2', UNREADABLE),
        (b'x@example.com,1,"2', UNREADABLE),
        (b'"x@example.com,1,2', UNREADABLE),
        (b"x@example.com,%s,2" % (b"1" * RECORD_LIMIT), TOO_LARGE),
    ],
)
def test_a_damaged_row_is_named_and_the_rows_around_it_arrive(row: bytes, damage: str) -> None:
    body = b"\n".join([b"email,a,b", b"w@example.com,0,0", row, b"y@example.com,3,4", b'z@example.com,"5",6', b""])

    assert outline(read(body)) == [
        (1, None, "email"),
        (2, None, "w@example.com"),
        (3, damage, ""),
        (4, None, "y@example.com"),
        (5, None, "z@example.com"),
    ]


def test_a_quote_never_closed_costs_its_own_row_only_however_many_follow() -> None:
    rows = [f"p{n}@example.com,1,2" for n in range(500)]
    rows[250] = 'p250@example.com,"1,2'

    records = read("\n".join(["email,a,b", *rows]))

    assert [r.row for r in records if r.damage] == [252]
    assert len(records) == 501


def test_a_quote_never_closed_does_not_take_a_row_of_several_lines_with_it() -> None:
    records = read('email,a,b\nx@example.com,"1,2\ny@example.com,"two\nlines",3\nz@example.com,5,6\n')

    assert outline(records) == [
        (1, None, "email"),
        (2, UNREADABLE, ""),
        (3, None, "y@example.com"),
        (4, None, "z@example.com"),
    ]


def test_a_row_with_a_quoted_line_break_and_a_field_too_many_is_one_damaged_row() -> None:
    records = read('email,a,b\nx@example.com,"12 Main\nStreet",1,2\ny@example.com,1,2\n')

    assert outline(records) == [(1, None, "email"), (2, TOO_LONG, ""), (3, None, "y@example.com")]
    assert records[1].raw == 'x@example.com,"12 Main\nStreet",1,2'


def test_the_raw_row_keeps_everything_and_shows_bytes_that_are_no_text() -> None:
    (_, damaged) = read(b"email,a,b\r\nx@example.com,Jos\xe9,\r\n")

    assert damaged.raw == "x@example.com,Jos\\xe9,"


def test_a_file_whose_quotes_cannot_be_followed_is_refused_and_not_read_for_ever() -> None:
    rows = "".join(f'p{n}@example.com","x\n' for n in range(3_000))

    with pytest.raises(FileRejectedError, match="quotes") as caught:
        read("email,a,b\n" + rows, again_limit=200_000)

    assert caught.value.code == "quotes_unreadable"


def test_a_byte_order_mark_is_no_part_of_the_header() -> None:
    assert read(b"\xef\xbb\xbfemail,a,b\n")[0].fields == ["email", "a", "b"]


@pytest.mark.parametrize(
    "rows",
    [
        ['x@example.com,",1', "y@example.com,Bo,2", 'z@example.com,",3'],
        ['x@example.com,",1', 'y@example.com,",2'],
        ['x@example.com,"Ana,1', "y@example.com,Bo,2", 'z@example.com,Cy",3'],
        ['x@example.com,Ana,"', "y@example.com,Bo,2", 'z@example.com,Cy,"'],
    ],
)
def test_two_stray_quotes_do_not_make_one_row_of_those_between_them(rows: list[str]) -> None:
    after = [f"p{n}@example.com,Ana,1" for n in range(3)]

    found = outline(read("\n".join(["email,a,b", *rows, *after]) + "\n"))

    stray = {2: UNREADABLE, 1 + len(rows): UNREADABLE}
    assert [(row, damage) for row, damage, _ in found] == [(n, stray.get(n)) for n in range(1, len(rows) + 5)]


def test_a_value_of_several_lines_with_delimiters_stays_one() -> None:
    text = 'email,a,b\nx@example.com,"12 Main St\nc/o Bo (bo@example.com), Apt 4, Rome",1\n'

    assert outline(read(text)) == [(1, None, "email"), (2, None, "x@example.com")]
