"""How an import's file is read: by splitting where no rule of CSV applies, and as CSV is read everywhere else."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from listrak_simulator.email_api.import_file import read_batches

PIECES = st.sampled_from(["a", "bc", "é", ",", ",", "\n", "\n", "\r\n", "\r", '"', '""', ";", " "])


@dataclass
class Layout:
    qualifier: str | None = '"'
    width: int = 1
    has_column_names: bool = False
    delimiter: str = ","


def read(text: str, layout: Layout, batch_bytes: int) -> list[list[str]]:
    """The rows, each as far as it is ``layout.width`` wide."""
    return [
        list(row)[: layout.width]
        for columns in read_batches(io.BytesIO(text.encode()), layout, batch_bytes)
        for row in zip(*columns, strict=True)
    ]


def read_as_one(text: str, layout: Layout) -> list[list[str]]:
    file = io.StringIO(text, newline="")
    rows = csv.reader(file) if layout.qualifier else csv.reader(file, quoting=csv.QUOTE_NONE)
    if layout.has_column_names:
        next(rows, None)
    blanks = [""] * layout.width
    return [(row + blanks)[: layout.width] for row in rows if row]


@settings(deadline=None)
@given(
    text=st.lists(PIECES, max_size=40).map("".join),
    layout=st.builds(Layout, st.sampled_from(['"', None]), st.integers(1, 3), st.booleans()),
    batch_bytes=st.integers(1, 30),
)
def test_batches_hold_the_rows_that_reading_it_all_at_once_gives(text: str, layout: Layout, batch_bytes: int) -> None:
    assert read(text, layout, batch_bytes) == read_as_one(text, layout)


def test_a_row_may_reach_over_batches() -> None:
    text = 'a@example.com,"one\ntwo\nthree"\nb@example.com,four\nc@example.com,five\n'

    assert read(text, Layout(width=2), 1) == [
        ["a@example.com", "one\ntwo\nthree"],
        ["b@example.com", "four"],
        ["c@example.com", "five"],
    ]
