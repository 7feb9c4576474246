"""Lines of our own CSV files."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.values.csv_lines import csv_writer

ROWS = st.lists(st.lists(st.text(alphabet='ab,"\r\n é', max_size=6), min_size=2, max_size=3))


@given(ROWS)
def test_what_is_written_is_read_back(rows: list[list[str]]) -> None:
    text = io.StringIO(newline="")

    csv_writer(text).writerows(rows)

    assert list(csv.reader(io.StringIO(text.getvalue(), newline=""), strict=True)) == rows


def test_lines_end_plainly_and_quotes_stand_where_they_are_needed() -> None:
    text = io.StringIO(newline="")

    csv_writer(text).writerows([["a", "b c"], ["a\rb", "\r\n"]])

    assert text.getvalue() == 'a,b c\n"a\rb","\r\n"\n'
