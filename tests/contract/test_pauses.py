"""What is kept of pauses, by the real ledger and by the fake one."""

from __future__ import annotations

import pytest

from listrak_relay.adapters.aws.dynamodb_pauses import DynamoDbPauses
from listrak_relay.ports.pauses import Pause, PauseBook
from tests.support.aws.emulator import Emulator
from tests.support.fakes import FakePauses


@pytest.fixture(params=["fake", "dynamodb"])
def pauses(request: pytest.FixtureRequest) -> PauseBook:
    if request.param == "fake":
        return FakePauses()
    emulator: Emulator = request.getfixturevalue("emulator")
    return DynamoDbPauses(emulator.create_ledger_table(), emulator.dynamodb)


def test_what_was_never_paused_has_no_pause(pauses: PauseBook) -> None:
    pauses.resume("vip", 5)

    assert pauses.find("vip") is None
    assert pauses.lasting() == {}


def test_a_pause_lasts_from_its_first_word_until_it_is_taken_back(pauses: PauseBook) -> None:
    pauses.pause("vip", 10)
    pauses.pause("vip", 20)
    assert pauses.lasting() == {"vip": Pause(10)}

    pauses.resume("vip", 30)
    pauses.resume("vip", 40)

    assert pauses.find("vip") == Pause(10, 30)
    assert pauses.lasting() == {}


def test_another_pause_begins_anew(pauses: PauseBook) -> None:
    pauses.pause("vip", 10)
    pauses.resume("vip", 20)
    pauses.pause("vip", 30)

    assert pauses.find("vip") == Pause(30)
    assert pauses.find("other") is None
