"""Random mixes of people against an independent model: no opted-out number is ever subscribed, every row is counted."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.destinations.choices import Mode
from listrak_relay.domain.run.manifest import Action
from listrak_relay.errors import RetryableError
from listrak_relay.use_cases.sms.opt_outs import SECONDS_BETWEEN_READS
from tests.support.examples import examples
from tests.support.fakes import Script
from tests.support.runs.relay import Relay
from tests.support.runs.sms_relay import digits, sms_relay, sms_rows

ABSENT, ON_LIST, KNOWN, PENDING, LEFT = "absent", "on_list", "known", "pending", "left"
BANNED = "ERROR_BANNED_PHONE_NUMBER"


TO_A_LIST = (Action.SUBSCRIBE, Action.UNSUBSCRIBE, Action.UPDATE)


@dataclass(frozen=True)
class Someone:
    """``wanted``: what the file says, None if they are not in it. ``stops``: says STOP while the run is under way."""

    place: str
    opted_out: bool
    banned: bool
    wanted: Action | None
    stops: bool


people = st.lists(
    st.builds(
        Someone,
        place=st.sampled_from([ABSENT, ON_LIST, ON_LIST, KNOWN, PENDING, LEFT]),
        opted_out=st.booleans(),
        banned=st.sampled_from([False, False, False, True]),
        wanted=st.sampled_from([*TO_A_LIST, Action.SUBSCRIBE, Action.SUBSCRIBE, None]),
        stops=st.sampled_from([False, False, True]),
    ),
    min_size=1,
    max_size=30,
)


class Interrupted(Script):
    """People say STOP, one after the other, between the calls of a run."""

    def __init__(self, relay: Relay, leaving: list[str]) -> None:
        super().__init__()
        self._relay, self._leaving, self._lock = relay, leaving, threading.Lock()

    @contextmanager
    def step(self, method: str) -> Iterator[None]:
        with super().step(method):
            yield
        if method in ("list_page", "create", "opted_out"):
            with self._lock:
                if self._leaving and method != "opted_out":
                    # So many seconds, that what is known of opt-outs has grown old.
                    self._relay.clock.advance(SECONDS_BETWEEN_READS)
                    self._relay.sms.opt_out(self._leaving.pop())


def account_of(mix: list[Someone], mode: Mode) -> Relay:
    relay = sms_relay(mode=mode, mirror_guard_percent=100, audience_guard_percent=100)
    for n, someone in enumerate(mix):
        if someone.place != ABSENT:
            state = {ON_LIST: "subscribed", PENDING: "pending", KNOWN: "", LEFT: ""}[someone.place]
            relay.sms.add(digits(n), state="" if someone.opted_out else state)
        if someone.place == LEFT:
            relay.sms.contacts[digits(n)].left_at = relay.clock.now() - 86_400
        if someone.opted_out:
            relay.sms.opted_out_numbers.add(digits(n))
        if someone.banned:
            relay.sms.refusals[digits(n)] = BANNED
    return relay


def expected_state(someone: Someone, mode: Mode, mirrored: bool) -> str:
    """The model: what the file asks for, unless the person or Listrak says no."""
    before = "" if someone.opted_out or someone.place in (ABSENT, KNOWN, LEFT) else someone.place
    before = {ON_LIST: "subscribed", PENDING: "pending", "": ""}[before]
    match someone.wanted:
        case Action.SUBSCRIBE:
            if someone.opted_out or before or someone.banned:
                return before
            return "subscribed"
        case Action.UNSUBSCRIBE:
            # A list does not show who waits for their own answer, so they are left alone.
            return "" if before == "subscribed" else before
        case Action.UPDATE:
            return before
    return "" if mode is Mode.MIRROR and mirrored and before == "subscribed" else before


def drop(relay: Relay, mix: list[Someone]) -> dict[str, Any]:
    rows = [
        row for n, someone in enumerate(mix) if someone.wanted for row in sms_rows([n], someone.wanted, first_row=n + 2)
    ]
    source = relay.drop(rows, "sms/texts/file.csv")
    relay.run_to_end()
    return relay.report(source)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("unreadable", [None, "list_page", "opt_out_page"])
@examples(20)
@given(mix=people, lists_leavers=st.booleans())
def test_the_list_ends_as_the_model_says(
    mode: Mode, unreadable: str | None, mix: list[Someone], lists_leavers: bool
) -> None:
    relay = account_of(mix, mode)
    relay.sms.lists_leavers = lists_leavers
    if unreadable:
        relay.sms.script.fail(unreadable, RetryableError("away"), times=10_000)
    mirrored = any(someone.wanted in (Action.SUBSCRIBE, Action.UPDATE) for someone in mix)
    opted_out = set(relay.sms.opted_out_numbers)

    report = drop(relay, mix)

    assert report["balanced"]
    if not any(someone.wanted for someone in mix):
        mirrored = False
    assert relay.sms.lifted == []
    assert not opted_out & set(relay.sms.subscribed())
    if unreadable is None:
        states = {n: contact.state for n, contact in relay.sms.contacts.items() if contact.state}
        expected = {digits(n): expected_state(someone, mode, mirrored) for n, someone in enumerate(mix)}
        assert states == {n: state for n, state in expected.items() if state}


@examples(66)
@given(mix=people)
def test_nobody_who_says_stop_meanwhile_is_subscribed(mix: list[Someone]) -> None:
    relay = account_of(mix, Mode.ADD)
    leaving = [digits(n) for n, someone in enumerate(mix) if someone.stops]
    relay.sms.script = Interrupted(relay, list(leaving))

    report = drop(relay, mix)

    assert report["balanced"]
    assert not [number for number in relay.sms.lifted if number in leaving]


def test_a_long_list_that_shows_those_who_have_left_is_noticed_by_a_sample() -> None:
    relay = sms_relay()
    relay.sms.lists_leavers = True
    for n in range(3_000):
        relay.sms.add(digits(n))
        if n % 20 == 0:
            relay.sms.leave(digits(n))

    relay.drop(sms_rows([*range(10, 30)]), "sms/texts/file.csv")
    relay.run_to_end()

    assert digits(20) in relay.sms.subscribed()
    assert relay.sms.script.calls.count("left_list_at") < 300


def test_a_mirror_run_does_not_count_those_who_have_left_as_subscribers() -> None:
    relay = sms_relay(mode=Mode.MIRROR, mirror_guard_percent=25)
    relay.sms.lists_leavers = True
    for n in range(20):
        relay.sms.add(digits(n))
        if n >= 10:
            relay.sms.leave(digits(n))

    source = relay.drop(sms_rows([*range(8)]), "sms/texts/file.csv")
    relay.run_to_end()

    assert relay.report(source)["status"] == "COMPLETED"
    assert relay.sms.subscribed() == [digits(n) for n in range(8)]
