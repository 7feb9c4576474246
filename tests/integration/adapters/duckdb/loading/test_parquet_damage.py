"""Rows of a Parquet file that hold what no other format can."""

from __future__ import annotations

import pytest

from tests.support.files.audience_files import read
from tests.support.files.parquet_files import parquet, row


@pytest.mark.parametrize(
    ("sound", "broken", "reason"),
    [
        ("encode('x')", "'Zo\\xEB'::BLOB", "row_binary"),
        ("'x'", "'a' || chr(0)", "row_nul"),
        ("'x'", "repeat('y', 50000000)", "row_too_large"),
    ],
)
def test_a_damaged_row_is_named_and_the_others_arrive(sound: str, broken: str, reason: str) -> None:
    found = read(parquet(row("a", sound), row("b", broken), row("c", sound)), max_damaged_percent=100)

    assert found.values == {1: ["a@example.com", "x"], 3: ["c@example.com", "x"]}
    assert found.reasons == {2: reason}
    assert found.rejects[0]["record"].startswith("b@example.com,")
