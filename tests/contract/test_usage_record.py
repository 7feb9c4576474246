"""What the work on a run has used, by the real ledger and by the fake one."""

from __future__ import annotations

import pytest

from listrak_relay.adapters.aws.dynamodb_usage import DynamoDbUsage
from listrak_relay.ports.usage import UsageRecord
from tests.support.aws.emulator import Emulator
from tests.support.fakes import FakeClock, FakeUsageRecord


@pytest.fixture(params=["fake", "dynamodb"])
def used(request: pytest.FixtureRequest) -> UsageRecord:
    if request.param == "fake":
        return FakeUsageRecord()
    emulator: Emulator = request.getfixturevalue("emulator")
    return DynamoDbUsage(emulator.create_ledger_table(), emulator.dynamodb, FakeClock())


def test_what_was_never_added_is_nothing(used: UsageRecord) -> None:
    used.add("run-1", {})

    assert used.of("run-1") == {}


def test_amounts_add_up_by_name_and_run(used: UsageRecord) -> None:
    used.add("run-1", {"gb_seconds": 0.25, "invocations": 1})
    used.add("run-1", {"gb_seconds": 0.5, "s3_reads": 3})
    used.add("run-2", {"invocations": 1})

    assert used.of("run-1") == {"gb_seconds": 0.75, "invocations": 1, "s3_reads": 3}
    assert used.of("run-2") == {"invocations": 1}


def test_a_name_that_has_no_price_is_passed_over(used: UsageRecord) -> None:
    used.add("run-1", {"minutes": 4, "invocations": 1})

    assert used.of("run-1") == {"invocations": 1}
