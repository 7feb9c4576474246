"""Fields under escapes arrive as their writers meant them, and a word for no value is looked for before escapes go."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.adapters.formats.delimited.fields import FieldReader
from listrak_relay.adapters.formats.delimited.grammar import Dialect, Escapes

VALUES = st.text(alphabet='ab\\",|\n\té ', max_size=8)
ROWS = st.lists(st.lists(VALUES, min_size=2, max_size=3), min_size=1, max_size=4)
SPARK = Dialect(escape="\\")
COPY = Dialect("\t", "", "\\", escapes=Escapes.CODES)


def fields(text: str, dialect: Dialect, null_words: tuple[str, ...] = ()) -> list[list[str]]:
    return list(FieldReader(iter(io.StringIO(text, newline="")), dialect, null_words))


def in_quotes(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


@given(ROWS, st.booleans())
def test_quotes_and_backslashes_inside_quotes_arrive(rows: list[list[str]], everything: bool) -> None:
    """As Spark, DuckDB and Postgres write with the escape ``\\``: a backslash outside quotes stands for itself."""

    def written(value: str) -> str:
        return in_quotes(value) if everything or not value or set(value) & set('",\n') else value

    text = "".join(",".join(map(written, row)) + "\n" for row in rows)

    assert fields(text, SPARK) == rows


@given(st.lists(st.lists(VALUES.filter(lambda v: "\\" not in v[-1:]), min_size=2, max_size=2), min_size=1))
def test_backslashes_that_escape_quotes_alone_arrive(rows: list[list[str]]) -> None:
    """As R writes. A value that holds ``\\"`` cannot be told from one with a quote."""
    rows = [[value.replace('\\"', "'") for value in row] for row in rows]
    text = "".join(",".join('"' + value.replace('"', '\\"') + '"' for value in row) + "\n" for row in rows)

    assert fields(text, Dialect(escape="\\", escapes=Escapes.QUOTES)) == rows


@given(ROWS)
def test_copied_text_arrives(rows: list[list[str]]) -> None:
    codes = str.maketrans({"\\": "\\\\", "\n": "\\n", "\t": "\\t"})
    text = "".join(
        "\t".join(value.translate(codes) for value in row) + "\n" for row in rows if any(row) or len(row) > 1
    )

    assert fields(text, COPY) == rows


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\\tb\\n\\r\\x41\\101\\q\t\\\\N\n", ["a\tb\n\rAAq", "\\N"]),
        ("a\\\nb\t\\N\n", ["a\nb", ""]),
        ("a\\0b\tc\\Z\n", ["a b", "cZ"]),
        ("a\\\tb\tc\\", ["a\tb", "c\\"]),
    ],
)
def test_codes_of_databases_are_read(text: str, expected: list[str]) -> None:
    assert fields(text, COPY) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"), [("a\\nb\\x41\t\\Z\\0\\f\n", ["a\nbx41", "\x1a f"]), ("a\\\tb\tc\\\\\n", ["a\tb", "c\\"])]
)
def test_the_codes_of_mysql_are_other_ones(text: str, expected: list[str]) -> None:
    assert fields(text, Dialect("\t", "", "\\", escapes=Escapes.MYSQL_CODES)) == [expected]


def test_an_escape_outside_quotes_alone_leaves_what_is_inside() -> None:
    dialect = Dialect(escape="\\", escapes=Escapes.OUTSIDE)

    assert fields('a\\,b,"c\\d ""e"""\nf\\\ng,h\n', dialect) == [["a,b", 'c\\d "e"'], ["f\ng", "h"]]


def test_the_line_that_ends_copied_text_is_no_record() -> None:
    assert fields("a\tb\n\\.\n", COPY) == [["a", "b"], []]


@pytest.mark.parametrize("escapes", list(Escapes))
def test_a_null_mark_under_an_escape_is_never_the_letter(escapes: Escapes) -> None:
    dialect = Dialect(escape="\\", escapes=escapes)

    assert fields("\\N,a\n", dialect) == [["", "a"]]
    inside = escapes.everywhere and escapes is not Escapes.OUTSIDE
    assert fields('"\\N",a\n', dialect) == [["" if inside else "\\N", "a"]]


def test_words_for_no_value_are_compared_as_they_are_written() -> None:
    reader = FieldReader(iter(['\\A,"\\A",A,"A"\n']), Dialect(escape="\\", escapes=Escapes.ANY), ("\\A",))

    assert list(reader) == [["", "", "A", "A"]]
    assert reader.nulls == 2


@given(st.text(alphabet='ab",\n ', max_size=20), st.booleans())
def test_without_an_escape_it_reads_as_the_csv_module_does(text: str, spaced: bool) -> None:
    dialect = Dialect(spaced=spaced)
    found: list[list[list[str]] | None] = []
    for reader in (FieldReader, lambda lines, told: told.reader(lines)):
        try:
            found.append(list(reader(iter(io.StringIO(text, newline="")), dialect)))
        except csv.Error:
            found.append(None)

    assert found[0] == found[1]


@pytest.mark.parametrize("text", ['"a', '"a\\"', '"a"b,c\n', '"a\nb'])
def test_a_quote_that_is_not_closed_or_is_followed_by_text_is_an_error(text: str) -> None:
    with pytest.raises(csv.Error):
        fields(text, SPARK)
