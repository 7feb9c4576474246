"""Parquet files with lengths of time, which their writers keep as whole numbers."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.adapters.formats.parquet_durations import duration_columns
from tests.support.files.audience_files import read

ARROW = (
    "/////1gBAAAQAAAAAAAKAAwABgAFAAgACgAAAAABBAAMAAAACAAIAAAABAAIAAAABAAAAAYAAAD8AAAAvAAAAJQAAABoAAAAPAAAAAQAAAAs////"
    "AAABAhAAAAAcAAAABAAAAAAAAAABAAAAbgAAAAgADAAIAAcACAAAAAAAAAFAAAAAYP///wAAARIQAAAAFAAAAAQAAAAAAAAAAgAAAG5zAACO////"
    "AAADAIj///8AAAESEAAAABQAAAAEAAAAAAAAAAIAAAB1cwAAtv///wAAAgCw////AAABEhAAAAAUAAAABAAAAAAAAAACAAAAbXMAAJz////U////"
    "AAABEhAAAAAYAAAABAAAAAAAAAABAAAAcwAGAAgABgAGAAAAAAAAABAAFAAIAAYABwAMAAAAEAAQAAAAAAABBRAAAAAcAAAABAAAAAAAAAAFAAAA"
    "ZW1haWwAAAAEAAQABAAAAA=="
)
"""As pyarrow 26 writes it: email as text; s, ms, us, ns as durations in these units; n as a whole number."""

SPARK = json.dumps(
    {
        "type": "struct",
        "fields": [
            {"name": "email", "type": "string", "nullable": True, "metadata": {}},
            {"name": "us", "type": "interval day to second", "nullable": True, "metadata": {}},
            {"name": "inner", "type": {"type": "struct", "fields": []}, "nullable": True, "metadata": {}},
        ],
    }
)


def values(metadata: str, **columns: int | None) -> list[str]:
    """What becomes of one row with these whole numbers."""
    shown = ", ".join(f"{'NULL' if value is None else value}::BIGINT AS {name}" for name, value in columns.items())
    with TemporaryDirectory() as folder, duckdb.connect() as session:
        path = Path(folder) / "x"
        session.execute(
            f"COPY (SELECT 'a@example.com' AS email, {shown}) TO '{path}' (FORMAT parquet, KV_METADATA {{{metadata}}})"
        )
        return next(iter(read(path.read_bytes()).values.values()))[1:]


def test_durations_of_arrow_become_hours_minutes_and_seconds_in_every_unit() -> None:
    assert duration_columns({"ARROW:schema": ARROW.encode()}) == {
        "s": 1,
        "ms": 1_000,
        "us": 1_000_000,
        "ns": 1_000_000_000,
    }
    found = values(f"\"ARROW:schema\": '{ARROW}'", s=90301, ms=61500, us=-300_000_000, ns=1, n=7)
    assert found == ["25:05:01", "00:01:01.5", "-00:05:00", "00:00:00.000000001", "7"]


def test_intervals_of_spark_become_hours_minutes_and_seconds() -> None:
    assert values(f"\"org.apache.spark.sql.parquet.row.metadata\": '{SPARK}'", us=90_301_000_000) == ["25:05:01"]


def test_no_length_of_time_is_no_value_and_the_longest_one_is_read() -> None:
    longest = 2**63 - 1
    assert values(f"\"ARROW:schema\": '{ARROW}'", us=None, s=longest) == ["", f"{longest // 3600}:30:07"]


def test_whole_numbers_of_which_nothing_is_said_stay_numbers() -> None:
    assert values("a: 'b'", us=90_301_000_000) == ["90301000000"]


@pytest.mark.parametrize("schema", [b"", b"!", b"////", base64.b64encode(b"\xff" * 40), b"/////wQAAAAAAAAA"])
def test_a_schema_that_cannot_be_read_tells_nothing(schema: bytes) -> None:
    assert duration_columns({"ARROW:schema": schema}) == {}
    assert duration_columns({"org.apache.spark.sql.parquet.row.metadata": schema}) == {}


@given(st.data())
def test_a_schema_with_bytes_changed_harms_nothing(data: st.DataObject) -> None:
    schema = bytearray(base64.b64decode(ARROW))
    for _ in range(data.draw(st.integers(1, 8))):
        schema[data.draw(st.integers(0, len(schema) - 1))] = data.draw(st.integers(0, 255))
    found = duration_columns({"ARROW:schema": base64.b64encode(schema)})
    assert set(found.values()) <= {1, 1_000, 1_000_000, 1_000_000_000}
