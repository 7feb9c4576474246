"""Files of every format and dialect are read back as they were written."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from listrak_relay.domain.destinations.data_template import ColumnRole, ColumnRule, DataTemplate
from listrak_relay.domain.destinations.file_rules import FileFormat
from listrak_relay.domain.values.text import WHITE_SPACE, clean
from listrak_relay.errors import ConfigurationError, FileRejectedError
from tests.support.examples import examples
from tests.support.files.audience_files import Read, read, read_file, with_file
from tests.support.files.workbook import workbook

VALUES = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\t\n"), max_size=12) | st.text(
    alphabet="ab,;|\t\"'\\ é", max_size=8
)
ROWS = st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=6)


def expected(rows: list[tuple[str, str]], first: int = 2) -> dict[int, list[str]]:
    """Text columns only, so that nothing is taken for a date or a number."""
    return {first + n: [f"p{n}@example.com", clean(one), clean(two)] for n, (one, two) in enumerate(rows)}


TEXT_ONLY = DataTemplate(
    "plain", {"one": ColumnRule(ColumnRole.FIELD, type="text"), "two": ColumnRule(ColumnRole.FIELD, type="text")}
)


def read_text(body: str | bytes, **rules: Any) -> Read:
    with TemporaryDirectory() as folder:
        return read_file(Path(folder), body, replace(with_file(**rules), data_template=TEXT_ONLY))


_ROWS_THAT_TELL = 3


@examples(40)
@given(
    ROWS,
    st.sampled_from([",", ";", "\t", "|", "^", "~", "\x01", "§"]),
    st.sampled_from(['"', "'"]),
    st.sampled_from([None, "\\"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.booleans(),
)
@example(rows=[("", "0\t")], delimiter="\t", quote="'", escape=None, end="\n", encoding="utf-8", header=False)
@example(rows=[("", "0\t")], delimiter="\t", quote='"', escape="\\", end="\n", encoding="utf-8", header=True)
def test_a_delimited_file_written_in_a_dialect_that_is_named_is_read_back(
    rows: list[tuple[str, str]], delimiter: str, quote: str, escape: str | None, end: str, encoding: str, header: bool
) -> None:
    # In three rows or more they would show that their writer doubles them.
    assume(escape or sum("\\\\" in one + two for one, two in rows) < _ROWS_THAT_TELL)
    text = io.StringIO(newline="")
    writer = csv.writer(
        text,
        delimiter=delimiter,
        quotechar=quote,
        escapechar=escape,
        doublequote=escape is None,
        lineterminator=end,
        quoting=csv.QUOTE_ALL,
    )
    if header:
        writer.writerow(["email", "one", "two"])
    writer.writerows((f"p{n}@example.com", *row) for n, row in enumerate(rows))
    names: dict[str, Any] = {} if header else {"columns": ("email", "one", "two")}

    found = read_text(text.getvalue().encode(encoding), delimiter=delimiter, quote=quote, escape=escape, **names)

    assert found.rejects == []
    assert found.values == expected(rows, 2 if header else 1)


@examples(20)
@given(ROWS, st.booleans(), st.booleans())
def test_json_is_read_back(rows: list[tuple[str, str]], array: bool, spaced: bool) -> None:
    objects = [{"email": f"p{n}@example.com", "one": one, "two": two} for n, (one, two) in enumerate(rows)]
    body = json.dumps(objects, indent=2 if spaced else None, ensure_ascii=spaced)
    if not array:
        body = "".join(json.dumps(row, ensure_ascii=spaced) + "\n" for row in objects)

    found = read_text(body)

    assert found.rejects == []
    assert found.values == expected(rows, 1)
    assert found.result.notes["format"] == ("json" if array else "ndjson")


@examples(10)
@given(ROWS)
def test_parquet_is_read_back(rows: list[tuple[str, str]]) -> None:
    with TemporaryDirectory() as folder, duckdb.connect() as session:
        path = Path(folder) / "x.parquet"
        session.execute("CREATE TABLE t (email VARCHAR, one VARCHAR, two BLOB)")
        for n, (one, two) in enumerate(rows):
            session.execute("INSERT INTO t VALUES (?, ?, ?)", [f"p{n}@example.com", one, two.encode()])
        session.execute(f"COPY t TO '{path}' (FORMAT parquet)")

        found = read_text(path.read_bytes())

    assert found.values == expected(rows, 1)


@pytest.mark.parametrize("sign", [*WHITE_SPACE, "\x07", "\x1f", "\x7f"])
def test_one_value_of_parquet_that_needs_cleaning_is_cleaned(tmp_path: Path, sign: str) -> None:
    rows = [("plain", "text"), ("plain", f"{sign}in{sign}side{sign}"), ("plain", "text")]
    path = tmp_path / "x.parquet"
    with duckdb.connect() as session:
        session.execute("CREATE TABLE t (email VARCHAR, one VARCHAR, two VARCHAR)")
        session.executemany(
            "INSERT INTO t VALUES (?, ?, ?)", [[f"p{n}@example.com", *row] for n, row in enumerate(rows)]
        )
        session.execute(f"COPY t TO '{path}' (FORMAT parquet)")

    found = read_text(path.read_bytes())

    assert found.values == expected(rows, 1)
    assert found.result.notes["mended_line_breaks"] == (sign in "\n\r\x85\u2028\u2029")


def test_a_workbook_is_read_with_its_types(tmp_path: Path) -> None:
    body = workbook(
        [
            ["Customers of spring"],
            [],
            ["Email", "Points", "Born", "Gift wrap", "City"],
            ["a@example.com", 7, date(1990, 2, 28), True, "Oslo & Rome"],
            [],
            ["b@example.com", 1.5, None, False],
            ["c@example.com", 1, None, True, "x", "more"],
        ]
    )

    found = read_file(tmp_path, body)

    assert found.values == {
        4: ["a@example.com", "7", "02/28/1990", "true", "Oslo & Rome"],
        6: ["b@example.com", "1.5", "", "false", ""],
    }
    assert found.reasons == {7: "row_too_long"}
    assert found.result.notes["format"] == "xlsx"


def test_a_sheet_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(ConfigurationError, match=r"'March'.*People"):
        read(workbook([["email"]]), sheet="March")


@pytest.mark.parametrize("body", [b"PK\x03\x04xl/workbook.xml", workbook([["email"]])[:-40]])
def test_a_damaged_workbook_is_refused(body: bytes) -> None:
    with pytest.raises(FileRejectedError) as caught:
        read(body)

    assert caught.value.code in ("archive_damaged", "workbook_unreadable")


def test_json_keeps_numbers_as_written_and_finds_all_keys() -> None:
    found = read(
        '[{"email": "a@example.com", "n": 1.10, "ok": true, "x": null}, {"tags": ["a", 1], "email": "b@example.com"}]'
    )

    assert found.values == {1: ["a@example.com", "1.10", "true", "", ""], 2: ["b@example.com", "", "", "", '["a",1]']}


def test_damaged_json_lines_are_named_and_the_others_arrive() -> None:
    lines = [
        '{"email": "a@example.com", "n": "1"}',
        '{"email": "b@example.com", "n": ',
        "",
        '["c@example.com"]',
        '{"email": "d@example.com", "n": "\\u0000"}',
        '{"email": "e@example.com", "n": "\\ud800"}',
        '{"email": "f@example.com", "n": "6"}',
    ]

    found = read("\n".join(lines), max_damaged_percent=100)

    assert found.values == {1: ["a@example.com", "1"], 7: ["f@example.com", "6"]}
    assert found.reasons == {2: "row_not_json", 4: "row_not_object", 5: "row_nul", 6: "row_encoding"}
    assert found.rejects[0]["record"] == lines[1]


@pytest.mark.parametrize("last", ["", ","])
def test_lines_of_objects_with_commas_behind_them_are_read(last: str) -> None:
    found = read('{"email": "a@example.com"},\n{"email": "b@example.com"},\r\n{"email": "c@example.com"}' + last)

    assert found.values == {1: ["a@example.com"], 2: ["b@example.com"], 3: ["c@example.com"]}


@pytest.mark.parametrize("between", [",", ",\n", "\n,\n  "])
def test_a_damaged_element_of_an_array_is_named_and_the_others_arrive(between: str) -> None:
    good = [f'{{"email": "p{n}@example.com"}}' for n in range(4)]
    broken = '{"email": p@example.com}'

    found = read(f"[{between.join([*good[:2], broken, '7', *good[2:]])}]", max_damaged_percent=100)

    assert [fields[0] for fields in found.values.values()] == [f"p{n}@example.com" for n in range(4)]
    assert set(found.reasons.values()) <= {"row_not_json", "row_not_object"}


@pytest.mark.parametrize(
    "body", ['[{"email": "a@example.com"}', '[{"email": "a@example.com"},', '[{"email": "a@exam', "["]
)
def test_an_array_that_breaks_off_is_refused(body: str) -> None:
    with pytest.raises(FileRejectedError) as caught:
        read(body)

    assert caught.value.code in ("file_truncated", "file_empty")


def test_long_json_arrays_are_read_in_windows() -> None:
    rows = [{"email": f"p{n}@example.com", "note": "x" * (n % 400)} for n in range(20_000)]

    assert len(read(json.dumps(rows)).rows) == 20_000


# --- delimited files: what is found without being told ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "notes"),
    [
        ("email^n\na@example.com^1\nb@example.com^2\n", {"delimiter": "'^'"}),
        ("'email','n'\n'a@example.com','1'\n'b@example.com','2'\n", {"quote": "'"}),
        ("sep=;\nemail;n\na@example.com;1\nb@example.com;2\n", {"delimiter": "semicolon"}),
        ("Report of May, all\nmade by hand\nemail,n\na@example.com,1\nb@example.com,2\n", {"lines_before_header": 2}),
        ("email,n\na@example.com,1\nb@example.com,2\n".encode("utf-16"), {"encoding": "UTF-16"}),
        ("email,n\na@example.com,1\nb@example.com,2\n".encode("utf-16-le"), {"encoding": "UTF-16"}),
        ("email,n\na@example.com,1\nb@example.com,2\n".encode("utf-16-be"), {"encoding": "UTF-16"}),
    ],
    ids=["rare delimiter", "single quotes", "sep=", "preamble", "UTF-16", "UTF-16LE", "UTF-16BE"],
)
def test_how_a_file_is_written_is_found_out_and_noted(body: str | bytes, notes: dict[str, Any]) -> None:
    found = read(body)

    assert list(found.values.values()) == [["a@example.com", "1"], ["b@example.com", "2"]]
    assert notes.items() <= found.result.notes.items()


def test_escaped_quotes_are_found_out() -> None:
    found = read('email,n\na@example.com,"say \\"hi\\", you"\nb@example.com,"x"\n')

    assert [fields[1] for fields in found.values.values()] == ['say "hi", you', "x"]


def test_quotes_that_begin_no_value_belong_to_the_values() -> None:
    body = "email,n\n" + "".join(f'p{n}@example.com,{n}" pipe\n' for n in range(9))

    found = read(body)

    assert [fields[1] for fields in found.values.values()] == [f'{n}" pipe' for n in range(9)]
    assert found.result.notes["quote"] == "none"


def test_names_in_windows_1252_are_read_and_the_report_says_so() -> None:
    body = "email,n\n" + "".join(f"p{n}@example.com,Zoë • {n}€\n" for n in range(9))

    found = read(body.encode("cp1252"))

    assert found.values[2] == ["p0@example.com", "Zoë • 0€"]
    assert found.result.notes["encoding"] == "Windows-1252"


def test_bytes_that_are_no_utf_8_in_a_utf_8_file_damage_their_row_only() -> None:
    rows = [f"p{n}@example.com,Zoë\n".encode() for n in range(90)]
    rows[7] = b"p7@example.com,Zo\xeb\n"

    found = read(b"email,n\n" + b"".join(rows))

    assert found.reasons == {9: "row_encoding"}
    assert len(found.rows) == 89


@pytest.mark.parametrize(
    "encoding", ["cp1252", "iso8859-1", "cp1250", "mac-roman", "cp037", "utf-7", "utf-32", "utf-16-be", "iso2022_jp_2"]
)
def test_an_encoding_by_setting_is_taken_at_its_word(encoding: str) -> None:
    found = read("email,n\na@example.com,Zoë\n".encode(encoding), encoding=encoding)

    assert found.values[2] == ["a@example.com", "Zoë"]


def test_lines_to_skip_columns_and_a_null_word_by_setting() -> None:
    found = read(
        "made by hand\na@example.com|\\N|x\nb@example.com|1|\\N\n",
        skip_lines=1,
        columns=("email", "n", "m"),
        null_word=("\\N",),
        delimiter="|",
    )

    assert found.values == {2: ["a@example.com", "", "x"], 3: ["b@example.com", "1", ""]}


def test_a_format_that_the_file_is_not_is_refused() -> None:
    with pytest.raises(FileRejectedError, match=r"file\.format"):
        read("email\na@example.com\n", format=FileFormat.PARQUET)


@pytest.mark.parametrize("row", ["a@example.com,cut\rhere", "a@exam\rple.com,1", "a@example.com,\r1"])
def test_a_line_end_of_another_kind_inside_a_value_damages_its_row_and_cuts_no_value(row: str) -> None:
    plain = "".join(f"p{n}@example.com,1\n" for n in range(30))

    found = read(f"email,n\n{plain}{row}\nz@example.com,2\n")

    assert found.reasons == {32: "row_line_end"}
    assert len(found.rows) == 31


def test_rows_that_end_in_different_ways_are_rows_all_the_same() -> None:
    ends = ["\n", "\r\n", "\r"]

    found = read("email,n\n" + "".join(f"p{n}@example.com,{n}{ends[n % 3]}" for n in range(9)))

    assert list(found.values.values()) == [[f"p{n}@example.com", str(n)] for n in range(9)]


def test_columns_at_the_end_without_names_and_values_are_left_out() -> None:
    plain = "".join(f"p{n}@example.com,{n},,\n" for n in range(30))

    found = read(f"email,n,,\n{plain}x@example.com,1,,2\ny@example.com,1,\n", max_damaged_percent=10)

    assert found.values == {n + 2: [f"p{n}@example.com", str(n)] for n in range(30)}
    assert found.reasons == {32: "row_too_long", 33: "row_too_short"}


def test_a_column_without_a_name_that_has_values_is_asked_for_its_name() -> None:
    with pytest.raises(FileRejectedError) as caught:
        read("email,n,\na@example.com,1,x\nb@example.com,2,y\n")

    assert caught.value.code == "header_empty_name"


@pytest.mark.parametrize("value", ['"say ""hi"", you"', '"one\n\n""two"""', '"a "" b"', '""""', '"\n"",""\n"'])
def test_a_file_with_marks_inside_quoted_values_takes_the_fast_way(value: str) -> None:
    found = read("email,n\n" + "".join(f"p{n}@example.com,{value}\n" for n in range(30)))

    flat = " ".join(value[1:-1].replace('""', '"').split())
    assert {" ".join(fields[1].split()) for fields in found.values.values()} == {flat}
    assert found.result.notes["way"] == "fast"


@pytest.mark.parametrize("value", ['a"b', 'a"b"c', ' "1"', '"1" '])
def test_one_quote_in_a_wrong_place_sends_the_file_the_exact_way_and_damages_its_row(value: str) -> None:
    rows = "".join(f'p{n}@example.com,"say ""hi"", you"\n' for n in range(30))

    found = read(f"email,n\n{rows}x@example.com,{value}\n")

    assert found.reasons == {32: "row_unreadable"}
    assert found.result.notes["way"] == "exact"


# --- limits ----------------------------------------------------------------------------------------------------------


def test_ten_thousand_columns_are_refused() -> None:
    for body in (",".join(f"c{n}" for n in range(10_000)) + "\n", json.dumps([{f"c{n}": n for n in range(10_000)}])):
        with pytest.raises(FileRejectedError) as caught:
            read(body)
        assert caught.value.code == "too_many_columns"


def test_a_field_of_fifty_megabytes_and_an_endless_line_cost_their_row_only() -> None:
    big = "x" * 50_000_000

    body = f'email,n\na@example.com,"{big}"\nb@example.com,1\nc@example.com,{big}\nd@example.com,2\n'

    found = read(body, max_damaged_percent=100)

    assert found.values == {3: ["b@example.com", "1"], 5: ["d@example.com", "2"]}
    assert set(found.reasons.values()) == {"row_too_large"}


def test_a_plain_field_of_fifty_megabytes_in_the_first_row_costs_its_row_only() -> None:
    found = read(f"email,n\na@example.com,{'x' * 50_000_000}\nb@example.com,1\n", max_damaged_percent=100)

    assert (found.values, found.reasons) == ({3: ["b@example.com", "1"]}, {2: "row_too_large"})


def test_a_file_of_which_more_than_the_share_is_damaged_is_not_sent_and_its_rows_are_named(tmp_path: Path) -> None:
    good = "".join(f"p{n}@example.com,1\n" for n in range(37))
    body = f"email,n\nx@example.com\n{good}y@example.com,1,2\n"

    with pytest.raises(FileRejectedError) as caught:
        read_file(tmp_path, body)

    assert caught.value.code == "file_damaged"
    assert caught.value.rejects is not None
    reported = list(csv.DictReader(caught.value.rejects.read_text().splitlines()))
    assert [(row["row"], row["reason"]) for row in reported] == [("2", "row_too_short"), ("40", "row_too_long")]
    assert len(read(body, max_damaged_percent=6).rows) == 37


def test_what_one_fault_makes_of_a_row_is_no_damage_to_the_file_however_short_it_is() -> None:
    good = ["a@example.com,1", "b@example.com,1", "c@example.com,1"]
    cut = ["x@example", ".com", "1"]

    assert len(read("\n".join(["email,n", *good, *cut, *good])).rejects) == 3
    with pytest.raises(FileRejectedError, match="4 of 10 rows"):
        read("\n".join(["email,n", *good, *cut, *good, "d@example.com"]))


def test_an_address_alone_that_a_formula_keeps_is_unwrapped() -> None:
    found = read('email,n\n"=""a@example.com""",1\n"=""b@example.com""",2\n')

    assert found.values == {2: ["a@example.com", "1"], 3: ["b@example.com", "2"]}


def test_text_that_a_formula_keeps_is_unwrapped() -> None:
    found = read(
        'email,zip,note\na@example.com,="02139",x\nb@example.com,"=""00501""","=""say """"hi"""""""\n'
        'c@example.com,a="x",y\n'
    )

    assert found.values == {2: ["a@example.com", "02139", "x"], 3: ["b@example.com", "00501", 'say "hi"']}
    assert found.reasons == {4: "row_unreadable"}


def test_rows_of_delimiters_alone_are_none() -> None:
    found = read("email,city,note\na@example.com,Oslo,\n,,\n,,\nb@example.com,,x\n,,\n")

    assert found.values == {2: ["a@example.com", "Oslo", ""], 5: ["b@example.com", "", "x"]}
    assert found.result.rows_read == 2


def test_a_row_of_empty_quoted_values_is_one() -> None:
    assert read('email,city\n"",""\na@example.com,Oslo\n').reasons == {2: "email_missing"}


def test_a_delimiter_behind_each_row_but_not_behind_the_header_is_no_column() -> None:
    found = read("email|city\n" + "".join(f"p{n}@example.com|Oslo|\n" for n in range(3)) + "q@example.com|Rome|x\n")

    assert [fields[1] for fields in found.values.values()] == ["Oslo"] * 3
    assert found.reasons == {5: "row_too_long"}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<html><body><table><tr><td>email</td></tr></table>", "HTML"),
        ("\ufeff<!DOCTYPE html><html>", "HTML"),
        ("<?xml version='1.0'?>\n<Error><Code>AccessDenied</Code></Error>", "error message of S3"),
        ("<people>\n<person email='a@example.com'/></people>", "XML"),
        ("<TR><TH>email</TH>\n</TR>\n", "HTML"),
        ("BEGIN:VCARD\nVERSION:3.0\n", "vCard"),
    ],
)
def test_what_is_no_table_is_named(body: str, kind: str) -> None:
    with pytest.raises(FileRejectedError, match=kind) as caught:
        read(body)

    assert caught.value.code == "format_unsupported"


@pytest.mark.parametrize(
    "body",
    [
        '{"email": "a@example.com"}{"email": "b@example.com"}',
        '{"email": "a@example.com"}  {"email": "b@example.com"}\n',
        '{\n  "email": "a@example.com"\n}\n{\n  "email": "b@example.com"\n}\n',
        '{"data": [{"email": "a@example.com"}, {"email": "b@example.com"}]}',
        '{\n "meta": {"n": 2},\n "rows": [\n  {"email": "a@example.com"},\n  {"email": "b@example.com"}\n ]\n}',
        '{"schema": {"fields": [{}]}, "errors": [], "data": [{"email": "a@example.com"}, {"email": "b@example.com"}]}',
    ],
    ids=["in a row", "with spaces", "pretty", "wrapped", "wrapped and pretty", "wrapped behind other lists"],
)
def test_objects_are_found_wherever_they_are(body: str) -> None:
    assert read(body).values == {1: ["a@example.com"], 2: ["b@example.com"]}


def test_a_long_list_inside_an_object_is_found_behind_what_describes_it() -> None:
    people = ",".join(f'{{"email": "p{n}@example.com"}}' for n in range(5_000))

    found = read('{"schema": {"fields": [{"name": "email"}]}, "total": 5000, "data": [' + people + "]}")

    assert (len(found.values), found.rejects) == (5_000, [])


def test_one_object_with_a_list_is_a_row() -> None:
    found = read('{"email": "a@example.com", "orders": [{"id": 1.50, "n": 12345678901234567890}]}')

    assert found.values == {1: ["a@example.com", '[{"id":1.50,"n":12345678901234567890}]']}


def test_a_damaged_object_among_others_in_a_row_is_named() -> None:
    found = read('{"email": "a@example.com"}{"email": broken}{"email": "c@example.com"}', max_damaged_percent=100)

    assert found.values == {1: ["a@example.com"], 3: ["c@example.com"]}
    assert found.reasons == {2: "row_not_json"}


def test_no_value_moves_where_the_header_lacks_a_name_and_the_last_column_is_mostly_empty() -> None:
    rows = "".join(f"p{n}@example.com,Ada,Lovelace,{'note' if n % 9 == 0 else ''}\n" for n in range(30))

    with pytest.raises(FileRejectedError) as caught:
        read(f"email,first_name last_name,note\n{rows}")

    assert caught.value.code == "file_damaged"


def test_a_delimiter_behind_each_row_but_not_the_header_makes_no_column() -> None:
    found = read("email,name\n" + "".join(f"p{n}@example.com,Ada,\n" for n in range(30)) + "x@example.com,a,b,\n")

    assert {tuple(fields[1:]) for fields in found.values.values()} == {("Ada",)}
    assert found.reasons == {32: "row_too_long"}
