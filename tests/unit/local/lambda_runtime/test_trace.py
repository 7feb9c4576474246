"""The header by which Lambda knows a loop."""

from __future__ import annotations

import pytest

from local.lambda_runtime.trace import Trace, longest

DELIVER = "arn:aws:lambda:us-east-1:123456789012:function:deliver"
MONITOR = "arn:aws:lambda:us-east-1:123456789012:function:monitor"


def hops(*functions: str) -> Trace:
    trace = Trace.read(None)
    for function in functions:
        trace = Trace.read(trace.entering(function).header)
    return trace


def test_each_function_is_counted_by_itself_along_the_chain() -> None:
    trace = hops(DELIVER, MONITOR, MONITOR, DELIVER, MONITOR)

    assert trace.invocations_of(MONITOR) == 3
    assert trace.invocations_of(DELIVER) == 2


def test_the_root_stays_the_same_along_the_chain() -> None:
    first = Trace.read(None).entering(DELIVER)

    assert Trace.read(first.header).entering(MONITOR).root == first.root


def test_two_chains_have_two_roots() -> None:
    assert Trace.read(None).root != Trace.read(None).root


@pytest.mark.parametrize("header", [None, "", "nonsense", "Root=1-a-b", "Root=1-a-b;Parent=c;Sampled=1", "Lineage="])
def test_a_header_without_hops_begins_a_chain(header: str | None) -> None:
    assert Trace.read(header).hops == {}


def test_of_a_batch_the_message_with_the_most_hops_counts() -> None:
    short, long = hops(DELIVER).header, hops(DELIVER, DELIVER, MONITOR).header

    assert longest([short, None, long]) == long
    assert longest([None]) is None
    assert longest([]) is None
