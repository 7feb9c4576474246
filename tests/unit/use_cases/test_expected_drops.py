"""Files that are expected every day, from the drop to the sweep."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any

import pytest

from listrak_relay.domain.destinations.destinations import BUILT_IN
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.errors import RetryableError
from listrak_relay.use_cases.expected_drops import ExpectedDrops
from listrak_relay.use_cases.noted_drops import NotedDrops
from tests.support.fakes import FakeClock, FakeDropRecord
from tests.support.fakes.configuration import FakeDestinationBook

DROPPED = DroppedFile("drop", "email/vip/people.csv", "v1", 100, "2027-01-15T05:30:00.000Z")


class Ingesting:
    def __init__(self, result: str | Exception) -> None:
        self._result = result

    def ingest(self, *_: Any) -> str:
        if isinstance(self._result, Exception):
            raise self._result
        return self._result


@pytest.mark.parametrize("result", ["ingested", "read_in_ranges", "dispatched_again"])
def test_a_file_that_can_be_used_is_remembered(result: str) -> None:
    record = FakeDropRecord()

    assert NotedDrops(Ingesting(result), record).ingest(DROPPED, "owner", 900) == result  # type: ignore[arg-type]

    assert record.times == {"email": datetime(2027, 1, 15, 5, 30, tzinfo=UTC).timestamp()}


@pytest.mark.parametrize("result", ["rejected", "duplicate", "set_aside", "failed"])
def test_no_other_is_so_upstream_cannot_fill_the_ledger_with_names(result: str) -> None:
    record = FakeDropRecord()

    NotedDrops(Ingesting(result), record).ingest(DROPPED, "owner", 900)  # type: ignore[arg-type]

    assert record.times == {}


def test_a_file_that_is_tried_again_is_not_remembered_yet() -> None:
    record = FakeDropRecord()

    with pytest.raises(RetryableError):
        NotedDrops(Ingesting(RetryableError("away")), record).ingest(DROPPED, "owner", 900)  # type: ignore[arg-type]

    assert record.times == {}


def test_destinations_that_wait_in_vain_are_named_and_no_others() -> None:
    clock, record = FakeClock(), FakeDropRecord()
    now = datetime.fromtimestamp(clock.now(), UTC)
    passed = time(now.hour, now.minute)
    waiting = [replace(BUILT_IN["email"], name=name, expected_by=passed) for name in ("vip", "club", "away")]
    record.note("club", clock.now() - 60)
    record.note("away", clock.now() - 86_400)

    missing = ExpectedDrops(FakeDestinationBook(*waiting), record, clock).missing()

    assert missing == ["away", "vip"]
