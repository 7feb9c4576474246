"""Wherever the process dies, the same people end on the list, the same rows in the report, with one import."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.destinations.choices import Mode
from listrak_relay.domain.run.manifest import Action
from tests.support.examples import examples, thinned
from tests.support.runs.crashing import come_to_rest, killed_at
from tests.support.runs.relay import Relay, destination, email_of, subscribers
from tests.support.runs.sms_relay import TIER, digits, sms_relay, sms_rows

ROWS = [*subscribers(range(8)), *((Action.UNSUBSCRIBE, 20 + n, (email_of(n),)) for n in (30, 31, 32, 33))]

STEPS = 140
"""More than the steps of the longest run below."""


SMS_ROWS = [
    *sms_rows(range(8), Action.SUBSCRIBE, "gold"),
    *sms_rows((30, 31, 32), Action.UNSUBSCRIBE, first_row=20),
    *sms_rows((9, 33), Action.UPDATE, "blue", first_row=30),
]


def outcome(relay: Relay, key: str, crashes: set[int], *, away: bool = False) -> dict[str, Any]:
    script = killed_at(relay, crashes, away=away)
    source = relay.drop(ROWS, key)
    come_to_rest(relay, script)
    report = relay.report(source)
    return {
        "counts": report["counts"],
        "status": report["status"],
        "balanced": report["balanced"],
        "members": relay.listrak.members(relay.list_id, "vip"),
        "subscribers": relay.listrak.subscribers(relay.list_id),
        "files": sorted(i.order.file_name for i in relay.listrak.imports.values() if i.order),
        "fields": sorted(
            f.name for g in relay.listrak.groups(relay.list_id) for f in relay.listrak.fields(0, g.group_id)
        ),
        "rejects": relay.lines(source),
        "skipped": relay.lines(source, skipped=True),
    }


def prepared(mode: Mode, small: bool) -> Relay:
    relay = Relay(
        destination(mode=mode, mirror_guard_percent=100, audience_guard_percent=100),
        small_chunk_rows=50 if small else 3,
    )
    for n in (3, 30, 31, 40):
        relay.listrak.add_contact(relay.list_id, email_of(n), subscribed=n != 3)
    relay.listrak.ban(email_of(5))
    if mode is Mode.MIRROR:
        relay.drop(subscribers([1, 40, 41, 42]), "email/vip/before.csv")
        relay.run_to_end()
    return relay


def sms_outcome(mode: Mode, crashes: set[int], *, away: bool = False) -> tuple[dict[str, Any], int]:
    """What is left in the end, and the steps that it took."""
    relay = sms_relay(TIER, mode=mode, mirror_guard_percent=100, audience_guard_percent=100)
    relay.reader.rows_per_chunk = 5
    for n in (0, 3, 9, 30, 31, 40, 41):
        relay.sms.add(digits(n), state="" if n == 3 else "subscribed")
    relay.sms.opt_out(digits(4))
    relay.sms.refusals[digits(5)] = "ERROR_BANNED_PHONE_NUMBER"
    script = killed_at(relay, crashes, away=away)
    source = relay.drop(SMS_ROWS, "sms/texts/file.csv")
    relay.run_to_end()
    taken = script.taken
    script.steps.clear()
    for _ in range(3):
        relay.sweep()
        relay.run_to_end()
        relay.clock.advance(3600)
    report = relay.report(source)
    left = {
        "counts": report["counts"],
        "status": report["status"],
        "balanced": report["balanced"],
        "reasons": report["reasons"],
        "subscribed": relay.sms.subscribed(),
        "lifted": relay.sms.lifted,
        "values": {number: contact.values for number, contact in relay.sms.contacts.items()},
        "rejects": relay.lines(source),
        "skipped": relay.lines(source, skipped=True),
    }
    return left, taken


@pytest.mark.parametrize("mode", Mode)
@examples(20)
@given(crashes=st.sets(st.integers(0, 2 * STEPS), max_size=3))
def test_an_sms_run_survives_crashes_at_any_step(mode: Mode, crashes: set[int]) -> None:
    expected, _ = sms_outcome(mode, set())

    seen, _ = sms_outcome(mode, crashes)

    assert seen == expected
    assert expected["balanced"]
    assert expected["lifted"] == []


@pytest.mark.parametrize("mode", Mode)
def test_an_sms_run_survives_a_crash_at_any_one_step(mode: Mode) -> None:
    expected, steps = sms_outcome(mode, set())
    assert 20 < steps < 2 * STEPS

    different = [step for step in thinned(range(2 * steps), 180) if sms_outcome(mode, {step})[0] != expected]

    assert different == []


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("small", [False, True])
@examples(20)
@given(crashes=st.sets(st.integers(0, 2 * STEPS), max_size=3))
def test_a_crash_at_any_step_changes_nothing_in_the_end(mode: Mode, small: bool, crashes: set[int]) -> None:
    expected = outcome(prepared(mode, small), "email/vip/file.csv", set())

    seen = outcome(prepared(mode, small), "email/vip/file.csv", crashes)

    assert seen == expected
    assert expected["balanced"]


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("small", [False, True])
def test_a_single_crash_at_every_step_in_turn_changes_nothing(mode: Mode, small: bool) -> None:
    relay = prepared(mode, small)
    script = killed_at(relay, set())
    relay.drop(ROWS, "email/vip/file.csv")
    relay.run_to_end()
    assert 20 < script.taken < STEPS
    expected = outcome(prepared(mode, small), "email/vip/file.csv", set())

    different = [
        step
        for step in range(2 * script.taken)
        if outcome(prepared(mode, small), "email/vip/file.csv", {step}) != expected
    ]

    assert different == []


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("small", [False, True])
@examples(20)
@given(silences=st.sets(st.integers(0, 2 * STEPS), max_size=3))
def test_what_does_not_answer_for_a_moment_changes_nothing_in_the_end(
    mode: Mode, small: bool, silences: set[int]
) -> None:
    expected = outcome(prepared(mode, small), "email/vip/file.csv", set())

    seen = outcome(prepared(mode, small), "email/vip/file.csv", silences, away=True)

    assert seen == expected


@pytest.mark.parametrize("mode", Mode)
@examples(20)
@given(silences=st.sets(st.integers(0, 2 * STEPS), max_size=3))
def test_what_does_not_answer_an_sms_run_for_a_moment_changes_nothing_in_the_end(
    mode: Mode, silences: set[int]
) -> None:
    assert sms_outcome(mode, silences, away=True)[0] == sms_outcome(mode, set())[0]
