"""The stack's budget of calls in DynamoDB."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from listrak_relay.adapters.aws.dynamodb_permits import DynamoDbPermits
from tests.support.aws.emulator import Emulator
from tests.support.fakes import FakeClock


@pytest.fixture
def permits(emulator: Emulator, ledger_table: str, clock: FakeClock) -> DynamoDbPermits:
    return DynamoDbPermits(ledger_table, emulator.client("dynamodb"), clock)


def test_a_second_gives_no_more_than_its_budget(permits: DynamoDbPermits, clock: FakeClock) -> None:
    given = [permits.take("sms", 30, 100).calls for _ in range(6)]

    assert given == [30, 30, 30, 10, 0, 0]
    clock.advance(1)
    assert permits.take("sms", 30, 100).calls == 30


def test_a_block_takes_one_write_and_so_does_a_second_that_is_spent(
    emulator: Emulator, ledger_table: str, clock: FakeClock
) -> None:
    writes: list[None] = []
    client = emulator.client("dynamodb")
    client.meta.events.register("before-call.dynamodb.UpdateItem", lambda **_: writes.append(None))
    permits = DynamoDbPermits(ledger_table, client, clock)

    given = [permits.take("sms", 50, 100).calls for _ in range(3)]
    clock.advance(1)
    given.append(permits.take("sms", 50, 100).calls)

    assert given == [50, 50, 0, 50]
    assert len(writes) == 4


def test_each_name_has_a_budget_of_its_own(permits: DynamoDbPermits) -> None:
    permits.take("sms/a", 100, 100)

    assert permits.take("sms/b", 100, 100).calls == 100


def test_a_late_clock_gets_nothing_of_a_second_that_is_over(permits: DynamoDbPermits, clock: FakeClock) -> None:
    permits.take("sms", 1, 100)
    clock.advance(-1)

    assert permits.take("sms", 1, 100).calls == 0


def test_functions_at_the_same_time_share_one_budget(permits: DynamoDbPermits) -> None:
    with ThreadPoolExecutor(8) as threads:
        given = list(threads.map(lambda _: permits.take("sms", 10, 100).calls, range(40)))

    assert sum(given) == 100
