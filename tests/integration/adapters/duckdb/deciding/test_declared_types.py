"""Values of columns whose type a data template gives: what is around them does no harm, and each misfit says why."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from listrak_relay.domain.destinations.data_template import ColumnRole, ColumnRule, DataTemplate
from tests.support.files.audience_files import EMAIL, read_file
from tests.support.files.workbook import workbook

TEMPLATE = DataTemplate(
    "t", {"born": ColumnRule(ColumnRole.FIELD, type="date"), "points": ColumnRule(ColumnRole.FIELD, type="numeric")}
)
TYPED = replace(EMAIL, data_template=TEMPLATE)
HEADER = ["email", "Born", "Points"]

Rows = list[list[str]]


def delimited(rows: Rows, folder: Path) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *rows])
    return text.getvalue().encode()


def ndjson(rows: Rows, folder: Path) -> bytes:
    return "\n".join(json.dumps(dict(zip(HEADER, row, strict=True))) for row in rows).encode()


def parquet(rows: Rows, folder: Path) -> bytes:
    path = folder / "rows.parquet"
    with duckdb.connect() as session:
        session.execute("CREATE TABLE rows (email VARCHAR, Born VARCHAR, Points VARCHAR)")
        session.executemany("INSERT INTO rows VALUES (?, ?, ?)", rows)
        session.execute(f"COPY rows TO '{path}' (FORMAT parquet)")
    return path.read_bytes()


def xlsx(rows: Rows, folder: Path) -> bytes:
    return workbook([list[object](row) for row in [HEADER, *rows]])


WRITERS = (delimited, ndjson, parquet, xlsx)


@pytest.mark.parametrize("write", WRITERS)
def test_signs_that_nobody_can_see_and_an_apostrophe_are_taken_off(
    tmp_path: Path, write: Callable[[Rows, Path], bytes]
) -> None:
    rows = [
        ["a@example.com", "\u20612026-01-31", "\u202a12.50\u202c"],
        ["b@example.com", "'1/31/2026", "'7"],
        ["c@example.com", "\u2066'2026-01-31\u2069", "\ufe0f3"],
        ["d@example.com", "\u2060", "\u00ad"],
        ["e@example.com", "NaT", "NaN"],
    ]

    found = read_file(tmp_path, write(rows, tmp_path), TYPED)

    assert found.reasons == {}
    assert [values[1:] for values in found.values.values()] == [
        *(["01/31/2026", "12.50"], ["01/31/2026", "7"], ["01/31/2026", "3"]),
        *(["", ""], ["", ""]),
    ]


@pytest.mark.parametrize("write", WRITERS)
def test_a_misfit_that_stands_for_no_value_says_so(tmp_path: Path, write: Callable[[Rows, Path], bytes]) -> None:
    rows = [
        ["a@example.com", "0000-00-00", "1"],
        ["b@example.com", "null", "1"],
        ["c@example.com", "", "n/a"],
        ["d@example.com", "2026-02-30", "1"],
        ["e@example.com", "2026-01-31", "1"],
    ]

    found = read_file(tmp_path, write(rows, tmp_path), TYPED)

    told = [(reject["reason"], reject["detail"].split(":")[0]) for reject in found.rejects]
    assert told == [
        ("value_not_date", "a date of zeros, which databases write where there is no date, is none"),
        ("value_not_date", "this looks like a word for no value"),
        ("value_not_numeric", "this looks like a word for no value"),
        ("value_not_date", "This column holds dates"),
    ]
    assert list(found.values.values()) == [["e@example.com", "01/31/2026", "1"]]
