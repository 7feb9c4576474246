"""Figures about a closed run."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.run.measures import FEWEST_ROWS, had_no_rows, turned_away_percent


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_the_share_of_rows_turned_away_is_a_share(accepted: int, refused: int, rejected: int) -> None:
    counts = {"read": accepted + refused + rejected, "refused": refused, "rejected": rejected}

    percent = turned_away_percent(counts)

    if counts["read"] < FEWEST_ROWS:
        assert percent is None
    else:
        assert percent is not None
        assert 0 <= percent <= 100
        assert (percent == 0) == (refused + rejected == 0)


def test_a_file_without_rows_is_one_that_was_read() -> None:
    assert had_no_rows({"read": 0}, None)
    assert not had_no_rows({"read": 0}, "file_empty")
    assert not had_no_rows({"read": 1}, None)
