"""Listrak's answers as our final states."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.delivery.email_results import count_import, reason_of_result
from listrak_relay.domain.delivery.guard import Guards, MirrorCount, guard_refusal
from listrak_relay.domain.report.words import reason_words
from listrak_relay.domain.run.closing import attention, final_status
from listrak_relay.domain.run.manifest import Action
from listrak_relay.domain.run.runs import DroppedFile, Run, RunStatus, Tally

SUMMARY = (
    "subscribed",
    "already_subscribed",
    "unsubscribed",
    "already_unsubscribed",
    "previously_unsubscribed",
    "banned",
    "invalid",
    "suppressed",
    "skipped",
)


def run(tally: Tally, rows_read: int | None = None, problem: str | None = None) -> Run:
    return Run(
        "email-1",
        RunStatus.DELIVERING,
        "email",
        "vip",
        DroppedFile("drop", "email/vip/f.csv", "v1", 1, ""),
        0.0,
        rows_read=tally.total if rows_read is None else rows_read,
        tally=tally,
        problem_code=problem,
        problem=problem,
    )


@given(values=st.lists(st.integers(0, 1000), min_size=9, max_size=9), action=st.sampled_from(Action))
def test_no_count_of_a_summary_is_used_twice(values: list[int], action: Action) -> None:
    counts = count_import(action, **dict(zip(SUMMARY, values, strict=True)))

    assert counts.accounted <= sum(values)
    assert min(counts.accepted, *counts.skipped.values(), *counts.refused.values(), 0) == 0


@pytest.mark.parametrize(
    ("action", "word", "reason"),
    [
        (Action.SUBSCRIBE, "Subscribed", None),
        (Action.SUBSCRIBE, "Already Subscribed", None),
        (Action.SUBSCRIBE, "UnSubscribed", "previously_unsubscribed"),
        (Action.UNSUBSCRIBE, "UnSubscribed", None),
        (Action.UNSUBSCRIBE, "already_unsubscribed", None),
        (Action.UPDATE, "Skipped", "not_on_list"),
        (Action.SUBSCRIBE, "Skipped", "skipped_by_listrak"),
        (Action.SUBSCRIBE, "Banned", "banned"),
        (Action.SUBSCRIBE, "SomethingNew", "listrak_somethingnew"),
        (Action.SUBSCRIBE, "", "listrak_gave_no_result"),
        (Action.SUBSCRIBE, "Failed for ada@example.com", "listrak_gave_a_sentence"),
        (Action.SUBSCRIBE, "x" * 10_000, "listrak_gave_a_sentence"),
    ],
)
def test_a_result_word_is_read_without_regard_to_its_spelling(action: Action, word: str, reason: str | None) -> None:
    assert reason_of_result(action, word) == reason


@pytest.mark.parametrize(
    ("tally", "rows_read", "problem", "status"),
    [
        (Tally(accepted=5), None, None, RunStatus.COMPLETED),
        (Tally(refused=5), None, None, RunStatus.COMPLETED),
        (Tally(rejected=4, duplicates=1), None, None, RunStatus.REJECTED),
        (Tally(), None, "no_email_column", RunStatus.REJECTED),
        (Tally(), None, None, RunStatus.REJECTED),
        (Tally(accepted=4), 5, None, RunStatus.FAILED),
        (Tally(accepted=6), 5, None, RunStatus.FAILED),
        (Tally(accepted=4, dead_lettered=1), None, "given_up", RunStatus.FAILED),
        (Tally(dead_lettered=5), None, "import_stalled", RunStatus.STALLED),
        (Tally(accepted=5), None, "given_up", RunStatus.COMPLETED),
    ],
)
def test_a_run_is_called_what_became_of_its_rows(
    tally: Tally, rows_read: int | None, problem: str | None, status: RunStatus
) -> None:
    assert final_status(run(tally, rows_read, problem)) is status


@given(
    tally=st.builds(Tally, *[st.integers(0, 3)] * 6),
    rows_read=st.integers(0, 18),
    problem=st.sampled_from([None, "given_up", "import_stalled"]),
)
def test_whatever_is_not_well_has_a_sentence_for_a_person(tally: Tally, rows_read: int, problem: str | None) -> None:
    subject = run(tally, rows_read, problem)
    status = final_status(subject)

    undelivered = tally.rejected + tally.refused + tally.skipped
    worth_telling = undelivered * 100 > 5 * rows_read
    quiet = status is RunStatus.COMPLETED and tally.accepted and not worth_telling
    assert bool(attention(subject, status, {})) != bool(quiet)


def test_many_rows_that_were_not_delivered_draw_attention_with_the_reasons() -> None:
    subject = run(Tally(accepted=90, rejected=7, refused=3), 100, None)

    (said,) = attention(subject, RunStatus.COMPLETED, {"email_invalid": 7, "banned": 3}, words=reason_words)

    assert said.startswith(
        "10 of 100 rows were not delivered: not an email address that mail can be sent to (7); "
        "Listrak has banned this address (3). rejects.csv has them."
    )


def test_people_left_alone_on_purpose_draw_no_attention() -> None:
    subject = run(Tally(accepted=10, skipped=90), 100, None)

    assert not attention(subject, RunStatus.COMPLETED, {"previously_unsubscribed": 60, "opt_status_not_asked": 30})


def test_the_share_that_draws_attention_is_the_destinations() -> None:
    subject = run(Tally(accepted=90, rejected=10), 100, None)

    assert not attention(subject, RunStatus.COMPLETED, {"email_invalid": 10}, 10.0)


@given(*(st.integers(0, 10_000) for _ in range(3)), st.integers(0, 100), st.integers(0, 100))
def test_the_guard_lets_at_most_its_share_of_list_and_audience_go(
    subscribers: int, members: int, leaving: int, of_list: int, of_audience: int
) -> None:
    members = min(members, subscribers)
    leaving = min(leaving, members)

    refusal = guard_refusal(MirrorCount(subscribers, members, leaving), Guards(of_list, of_audience))

    assert (refusal is None) == (100 * leaving <= of_list * subscribers and 100 * leaving <= of_audience * members)


def test_the_guard_names_the_setting_that_stopped_the_run() -> None:
    by_audience = guard_refusal(MirrorCount(21_000, 1_000, 996), Guards(10, 50))
    by_list = guard_refusal(MirrorCount(1_000, 1_000, 200), Guards(10, 50))

    assert by_audience
    assert by_list
    assert "996 of the audience's 1000 members" in by_audience
    assert "audience_guard_percent" in by_audience
    assert "raise mirror_guard_percent" in by_list
