"""The type of a column and the form of its values: no odd value decides for the others, and the report says why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from listrak_relay.domain.columns.conform import Misfit, check_for
from listrak_relay.domain.run.manifest import FieldType, ProfileColumn
from tests.support.files.audience_files import read

DATE, NUMERIC, TEXT = FieldType.DATE, FieldType.NUMERIC, FieldType.TEXT


def column_of(values: list[str], name: str = "Seen") -> tuple[ProfileColumn, list[str], dict[str, Any]]:
    """The column, its values as they lie in the chunk file, and the report's word on it."""
    found = read(f"email,{name}\n" + "".join(f"p{n}@example.com,{value}\n" for n, value in enumerate(values)))
    (column,) = found.result.columns
    return column, [fields[1] for fields in found.values.values()], found.result.notes["types"][name]


def sent(values: list[str], data_type: str, name: str = "Seen") -> list[str]:
    """What a field of this type gets; of a rejected row the reason."""
    column, written, _ = column_of(values, name)
    check = check_for(column, data_type, 255)
    answers = [check(value) if check else value for value in written]
    return [answer.reason if isinstance(answer, Misfit) else answer for answer in answers]


@pytest.mark.parametrize("odd", ["0000-00-00", "0000-00-00 00:00:00", "n/a", "NULL", "soon"])
def test_one_odd_value_among_dates_rejects_its_own_row(odd: str) -> None:
    values = ["2026-01-31"] * 59 + [odd]

    column, _, note = column_of(values)

    assert column.data_type is DATE
    assert (note["type"], note["values"], note["fitting"]) == ("Date", 60, 59)
    assert sent(values, "Date") == ["01/31/2026"] * 59 + ["value_not_date"]


def test_one_odd_value_among_numbers_rejects_its_own_row() -> None:
    assert sent([*map(str, range(59)), "n/a"], "Numeric") == [*map(str, range(59)), "value_not_numeric"]


@pytest.mark.parametrize("others", [[], ["soon"], ["2026-01-31 17:23:48"], ["1/31/2026"]])
def test_a_text_field_gets_a_date_as_it_is_in_the_file_whatever_the_others_are(others: list[str]) -> None:
    assert sent(["2026-01-31", *others], "Text") == ["2026-01-31", *others]


@pytest.mark.parametrize("others", [[], ["soon"], ["2026-01-31 17:23:48"], ["1/31/2026"]])
def test_a_date_field_gets_it_in_its_own_form_whatever_the_others_are(others: list[str]) -> None:
    assert sent(["2026-01-31", *others], "Date")[0] == "01/31/2026"


@pytest.mark.parametrize(
    ("values", "data_type", "expected"),
    [
        (["2026-01-31 17:23:48+00", "2026-02-01 01:00:00 UTC"], DATE, ["01/31/2026", "02/01/2026"]),
        (["2026/01/31", "2026/02/03 17:23:48", "12/1/2026"], DATE, ["01/31/2026", "02/03/2026", "12/01/2026"]),
        (["1/31/2026", "2/3/2026"], DATE, ["01/31/2026", "02/03/2026"]),
        (["1/31/26", "2/3/45"], DATE, ["01/31/2026", "02/03/1945"]),
        (["31-JAN-26 05.23.48.000000 PM", "03FEB1945:01:00:00"], DATE, ["01/31/2026", "02/03/1945"]),
        (["2026-01-31-17.23.48.000000"], DATE, ["01/31/2026"]),
        (["31-JAN-26", "31-JAN-35"], TEXT, ["01/31/2026", "value_not_date"]),
        (["31.01.2026", "3.2.26"], DATE, ["01/31/2026", "02/03/2026"]),
        (["25/12/1990", "03/04/1985"], TEXT, ["value_not_date", "value_not_date"]),
        (["25/12/1990", "03/04/1985", "01/31/1985"], TEXT, ["value_not_date", "value_not_date", "01/31/1985"]),
        (["13/31/1990", "03/04/1985", "1/31/1985"], TEXT, ["value_not_date", "03/04/1985", "01/31/1985"]),
        (["03.04.1985", "01.02.2000"], TEXT, ["value_not_date", "value_not_date"]),
    ],
    ids=[
        "moments",
        "year first with slashes",
        "month first",
        "short years",
        "names of months",
        "DB2",
        "a year that programs read differently",
        "dots",
        "day first with slashes",
        "one of one day",
        "no date either way",
        "dots in doubt",
    ],
)
def test_dates_are_read_where_the_column_can_only_be_one_thing(
    values: list[str], data_type: FieldType, expected: list[str]
) -> None:
    assert column_of(values)[0].data_type is data_type
    assert sent(values, "Date") == expected


def test_a_blank_date_stays_blank() -> None:
    assert column_of(["2026-01-31", ""])[1] == ["01/31/2026", ""]


def test_what_cannot_be_told_is_said() -> None:
    assert "date_format" in column_of(["25/12/1990", "03/04/1985"])[2]["why"]
    assert "date_format" in column_of(["03.04.1985"])[2]["why"]
    assert column_of(["2026-01-31 17:23:48+00"])[2]["times_dropped"] == 1


@pytest.mark.parametrize(("values", "said"), [(["03/04/1985", "1/2/2026"], True), (["03/04/1985", "1/31/2026"], False)])
def test_it_is_said_where_nothing_shows_that_the_month_comes_first(values: list[str], *, said: bool) -> None:
    column, _, note = column_of(values)

    assert column.data_type is DATE
    assert ("month, day, year" in note.get("why", "")) == said


def test_words_that_look_like_no_value_stay_and_are_counted() -> None:
    column, _, note = column_of(["NULL", "Ana", "nan", "N/A"])

    assert (column.data_type, note["words_for_no_value"]) == (TEXT, 3)


@pytest.mark.parametrize(
    ("values", "data_type", "expected"),
    [
        (["12.5000", "2.0", "1E+3", "NaN"], NUMERIC, ["12.50", "2.0", "1000", ""]),
        (["12.505", "1"], TEXT, ["value_not_numeric", "1"]),
        (["007", "12"], TEXT, ["007", "12"]),
        (["12345678901234567", "1"], TEXT, ["value_not_numeric", "1"]),
    ],
)
def test_numbers_are_sent_where_they_are_exact(values: list[str], data_type: FieldType, expected: list[str]) -> None:
    assert column_of(values)[0].data_type is data_type
    assert sent(values, "Numeric") == expected
    assert sent(values, "Text") == [value for value in values if value != "NaN"] + [""] * values.count("NaN")


@pytest.mark.parametrize("values", [["12.505", "nan", "inf"], ["1", "NaN"], ["1E-7", "-nan", "+nan"]])
def test_what_is_not_a_number_is_no_value_in_a_field_of_text_either(values: list[str]) -> None:
    assert sent(values, "Text") == ["" if "nan" in value.lower() else value for value in values]


def test_among_texts_the_same_word_is_text() -> None:
    assert sent(["12.505", "nan", "Ana"], "Text") == ["12.505", "nan", "Ana"]


def test_the_reason_tells_apart_what_stands_for_no_date() -> None:
    column = replace(column_of(["2026-01-31 10:00"])[0], longest=99)
    check = check_for(column, "Date", 10)
    assert check is not None

    details = [answer.detail for answer in map(check, ["0000-00-00", "null", "soon"]) if isinstance(answer, Misfit)]

    assert [("zeros" in one, "null_word" in one) for one in details] == [(True, True), (False, True), (False, False)]
