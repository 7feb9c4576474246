"""Who comes while another is preparing the same list."""

from __future__ import annotations

import pytest

from listrak_relay.errors import NotYetError
from listrak_relay.use_cases.runs.preparing import MOMENTS, PreparingLock
from tests.support.fakes import FakeClock, FakeLedger
from tests.support.runs.night import Invocations
from tests.support.runs.relay import Relay, subscribers

LIST = "prepare/email/Master List"


def test_a_new_chunk_gives_the_one_that_prepares_a_moment() -> None:
    """The chunks of a run come at the same time, and a message that goes back to its queue is away for seconds."""
    relay = Relay()
    source = relay.drop(subscribers(range(10)), "email/vip/people.csv")
    relay.ledger.acquire_lock(LIST, "another", sum(MOMENTS[:3]))
    deliveries = Invocations(relay, relay.email_queue)

    relay.run_to_end()

    assert relay.report(source)["status"] == "COMPLETED"
    assert deliveries.count == 1


@pytest.mark.parametrize("patient", [True, False])
def test_whoever_prepares_longer_is_not_waited_for_in_the_invocation(*, patient: bool) -> None:
    clock = FakeClock()
    ledger, began = FakeLedger(clock), clock.now()
    ledger.acquire_lock(LIST, "another", 60)

    with (
        pytest.raises(NotYetError, match="another delivery is preparing"),
        PreparingLock(ledger, LIST, "own").held(clock.advance if patient else None),
    ):
        pytest.fail("it was held")

    assert clock.now() - began == pytest.approx(sum(MOMENTS) if patient else 0)
