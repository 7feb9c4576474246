"""What was counted, at public prices."""

from __future__ import annotations

import pytest

from listrak_relay.domain.run.costs import COUNTERS, dollars, run_cost


def test_a_run_costs_what_was_counted_of_it_at_the_price_of_each() -> None:
    cost = run_cost({"gb_seconds": 100.0, "invocations": 10, "s3_writes": 1_000})

    assert cost is not None
    assert cost["dollars"] == pytest.approx(100 * 0.0000133334 + 10 * 0.0000002 + 0.005)
    assert cost["counted"] == {"gb_seconds": 100.0, "invocations": 10, "s3_writes": 1_000}


def test_of_a_run_that_nobody_counted_there_is_no_cost() -> None:
    assert run_cost({}) is None
    assert run_cost(dict.fromkeys(COUNTERS, 0.0)) is None


def test_what_has_no_price_costs_nothing() -> None:
    assert dollars({"rows": 1_000_000}) == {}
