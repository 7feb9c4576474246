"""Files of very many columns are read as narrow ones are, though the questions to the engine are put otherwise."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from listrak_relay.domain.run.manifest import FieldType
from listrak_relay.errors import FileRejectedError
from tests.support.files.audience_files import read
from tests.support.files.workbook import workbook

WIDTH = 300
NAMES = ["email", *(f"c_{place}" for place in range(1, WIDTH))]
ROWS = [
    [f"p{row}@example.com", *(f"x{row}" if place % 2 else str(place) for place in range(1, WIDTH))] for row in range(3)
]
TYPES = [FieldType.TEXT if place % 2 else FieldType.NUMERIC for place in range(1, WIDTH)]


def as_csv(rows: list[list[str]]) -> str:
    return "".join(",".join(row) + "\n" for row in [NAMES, *rows])


def as_ndjson(rows: list[list[str]]) -> str:
    return "".join(json.dumps(dict(zip(NAMES, row, strict=True))) + "\n" for row in rows)


def as_parquet(rows: list[list[str]], folder: Path) -> bytes:
    (folder / "rows.csv").write_text(as_csv(rows))
    path = folder / "rows.parquet"
    duckdb.execute(f"COPY (FROM read_csv('{folder / 'rows.csv'}', all_varchar = true)) TO '{path}' (FORMAT parquet)")
    return path.read_bytes()


@pytest.mark.parametrize("form", ["csv", "quoted", "ndjson", "array", "parquet", "xlsx"])
def test_every_format_may_be_wide(form: str, tmp_path: Path) -> None:
    body: dict[str, str | bytes] = {
        "csv": as_csv(ROWS),
        "quoted": as_csv([["'" + value + "'" for value in row] for row in ROWS]),
        "ndjson": as_ndjson(ROWS),
        "array": "[" + ",".join(as_ndjson(ROWS).splitlines()) + "]",
        "parquet": as_parquet(ROWS, tmp_path),
        "xlsx": workbook([list[object](NAMES), *(list[object](row) for row in ROWS)]),
    }

    found = read(body[form])

    assert list(found.values.values()) == ROWS
    assert [column.data_type for column in found.result.columns] == TYPES


def test_words_for_no_value_are_empty_and_counted() -> None:
    rows = [[row[0], *(["NULL", "\\N", "NA"] * WIDTH)[: WIDTH - 1]] for row in ROWS]

    found = read(as_csv([*rows, ROWS[0][:1] + ROWS[1][1:]]), null_word=("NULL", "NA"))

    assert found.values[3][1:] == [""] * (WIDTH - 1)
    assert found.values[5][1:] == ROWS[1][1:]
    assert found.result.notes["null_words_read_as_empty"] == len(ROWS) * (WIDTH - 1)


def test_a_column_that_tells_consent_by_its_words_stops_the_file() -> None:
    rows = [[*row[:-1], word] for row, word in zip(ROWS, ("subscribed", "unsubscribed", ""), strict=True)]

    with pytest.raises(FileRejectedError) as refusal:
        read(as_csv(rows))

    assert refusal.value.code == "opt_status_unsure"
