"""SMS runs from the dropped file to the report: only differences are sent, and nobody who said STOP is subscribed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from listrak_relay.domain.delivery.sms_numbers import sent_form
from listrak_relay.domain.destinations.choices import MissingProfileFields, Mode, OptOutsWithoutNumber, PhoneFormat
from listrak_relay.domain.destinations.data_template import ColumnRole
from listrak_relay.domain.destinations.destinations import SmsDestination
from listrak_relay.domain.run.manifest import Action, FieldType, ProfileColumn
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.errors import (
    CallFailedError,
    ConfigurationError,
    OutcomeUnknownError,
    RetryableError,
    UnusableAnswerError,
)
from listrak_relay.ports.listrak_sms import SenderCode
from listrak_relay.use_cases.runs.row_calls import DELIVERIES_OF_A_STRAGGLER
from tests.support.fakes import FakeTimeLeft
from tests.support.runs.relay import MAX_RECEIVES, Relay, Row
from tests.support.runs.sms_relay import TIER, TIER_FIELD, digits, sms_relay, sms_rows

FIRST_NAME = ProfileColumn("First Name", FieldType.TEXT, longest=10, max_length=255, role=ColumnRole.FIRST_NAME)
BIRTHDAY = ProfileColumn("Birthday", FieldType.DATE, longest=10, max_length=255, role=ColumnRole.BIRTHDAY)


class RunsOutAtEvery(FakeTimeLeft):
    """Each invocation is left with too little time at its n-th question."""

    def __init__(self, questions: int) -> None:
        super().__init__()
        self._questions, self._asked = questions, 0

    def __call__(self) -> float:
        self._asked += 1
        return 1.0 if self._asked % self._questions == 0 else 900.0


def deliver(relay: Relay, content: Sequence[Row]) -> tuple[DroppedFile, dict[str, Any]]:
    source = relay.drop(content, "sms/texts/file.csv")
    relay.run_to_end()
    return source, relay.report(source)


def test_only_differences_are_sent() -> None:
    relay = sms_relay()
    for n in range(20):
        relay.sms.add(digits(n))

    _, report = deliver(relay, sms_rows(range(21)))

    assert relay.sms.writes() == 1
    assert relay.sms.subscribed() == [digits(n) for n in range(21)]
    assert report["counts"]["accepted"] == 21
    assert report["accepted_as"] == {"already_right": 20, "created": 1}


def test_a_contact_of_another_list_is_subscribed_instead_of_created() -> None:
    relay = sms_relay()
    relay.sms.add(digits(1), state="")

    _, report = deliver(relay, sms_rows([1]))

    assert relay.sms.subscribed() == [digits(1)]
    assert report["accepted_as"] == {"subscribed": 1}


def test_someone_who_opted_out_is_skipped_and_counted() -> None:
    relay = sms_relay()
    relay.sms.add(digits(1))
    relay.sms.opt_out(digits(1))
    relay.sms.opt_out(digits(2))

    source, report = deliver(relay, sms_rows([1, 2, 3]))

    assert relay.sms.subscribed() == [digits(3)]
    assert relay.sms.lifted == []
    assert report["counts"]["skipped"] == 2
    assert report["reasons"] == {"opted_out": 2}
    assert [line.split(",")[:3] for line in relay.lines(source, skipped=True)] == [
        ["2", "skipped", "opted_out"],
        ["3", "skipped", "opted_out"],
    ]


def test_an_opt_out_is_lifted_on_purpose_only() -> None:
    relay = sms_relay(resubscribe=True)
    relay.sms.add(digits(1))
    relay.sms.opt_out(digits(1))

    deliver(relay, sms_rows([1]))

    assert relay.sms.subscribed() == [digits(1)]


def test_an_opt_out_between_plan_and_call_is_seen() -> None:
    relay = sms_relay()
    relay.sms.add(digits(1), state="")
    # The first try of the call fails after the plan was made, and STOP comes before the next.
    relay.sms.script.fail("create", RetryableError("throttled"))
    relay.drop(sms_rows([1]), "sms/texts/file.csv")
    relay.run_to_end(hours=0)
    relay.sms.opt_out(digits(1))

    relay.run_to_end()

    assert relay.sms.lifted == []
    assert relay.sms.subscribed() == []


@pytest.mark.parametrize("code", ["ERROR_BANNED_PHONE_NUMBER", "ERROR_PHONE_NUMBER_SUSPENDED"])
def test_listraks_no_is_counted_as_refused_with_its_reason(code: str) -> None:
    relay = sms_relay()
    relay.sms.refusals[digits(2)] = code

    source, report = deliver(relay, sms_rows([1, 2]))

    assert report["counts"]["accepted"] == 1
    assert report["reasons"] == {code: 1}
    assert relay.lines(source)[0].startswith(f"3,refused,{code}")


def test_who_waits_for_a_double_opt_in_has_a_count_of_their_own() -> None:
    relay = sms_relay()
    relay.sms.lists = [replace(relay.sms.lists[0], confirms=True)]
    relay.sms.add(digits(1), state="pending")

    _, report = deliver(relay, sms_rows([1, 2]))

    assert report["accepted_as"] == {"pending_double_opt_in": 2}
    assert report["balanced"]


def test_unsubscribing_touches_only_who_is_subscribed() -> None:
    relay = sms_relay()
    relay.sms.add(digits(1))
    relay.sms.add(digits(2), state="")

    _, report = deliver(relay, sms_rows([1, 2, 3], Action.UNSUBSCRIBE))

    assert relay.sms.subscribed() == []
    assert relay.sms.writes() == 1
    assert report["accepted_as"] == {"already_right": 2, "unsubscribed": 1}


def test_updates_leave_alone_whom_the_list_does_not_know() -> None:
    relay = sms_relay()
    relay.sms.add(digits(1))

    _, report = deliver(relay, sms_rows([1, 2], Action.UPDATE))

    assert report["reasons"] == {"not_on_list": 1}
    assert relay.sms.writes() == 0


def test_facts_go_with_a_new_contact_and_other_columns_by_one_import() -> None:
    relay = sms_relay(FIRST_NAME, TIER, BIRTHDAY)
    relay.sms.add(digits(1))
    relay.sms.refusals[digits(3)] = "ERROR_BANNED_PHONE_NUMBER"

    _, report = deliver(relay, sms_rows([1, 2, 3], Action.SUBSCRIBE, "Ada", "gold", "04/01/1990"))

    assert relay.sms.contacts[digits(2)].facts == {"first_name": "Ada", "birthday": "1990-04-01"}
    (imported,) = relay.sms.imports.values()
    assert imported.lines == [[digits(1), "gold"], [digits(2), "gold"]]
    assert imported.order.field_ids == (9001,)
    assert report["counts"]["accepted"] == 2


def test_a_column_without_a_profile_field_stops_the_run_before_anything_is_sent() -> None:
    relay = sms_relay(ProfileColumn("Shoe Size", FieldType.TEXT, 2, 255))

    _, report = deliver(relay, sms_rows([1], Action.SUBSCRIBE, "44"))

    assert relay.sms.writes() == 0
    assert report["problem_code"] == "profile_field_missing"
    assert "'Shoe Size'" in report["problem"]


def test_with_warn_the_column_is_left_out_and_named() -> None:
    relay = sms_relay(
        ProfileColumn("Shoe Size", FieldType.TEXT, 2, 255), missing_profile_fields=MissingProfileFields.WARN
    )

    _, report = deliver(relay, sms_rows([1], Action.SUBSCRIBE, "44"))

    assert relay.sms.subscribed() == [digits(1)]
    assert any("'Shoe Size'" in sentence for sentence in report["attention"])


def test_a_value_that_does_not_fit_rejects_its_row() -> None:
    relay = sms_relay(replace(TIER, longest=30))

    source, report = deliver(relay, sms_rows([1], Action.SUBSCRIBE, "x" * 30))

    assert report["reasons"] == {"value_too_long": 1}
    assert relay.sms.writes() == 0
    assert relay.lines(source)[0].startswith("2,rejected,value_too_long,Loyalty_Tier")


@pytest.mark.parametrize(
    ("form", "sent"),
    [(PhoneFormat.DIGITS, "17175550001"), (PhoneFormat.PLUS, "+17175550001"), (PhoneFormat.NATIONAL, "7175550001")],
)
def test_the_form_of_a_number_is_a_setting(form: PhoneFormat, sent: str) -> None:
    relay = sms_relay(TIER, phone_format=form)

    deliver(relay, sms_rows([1], Action.SUBSCRIBE, "gold"))

    (imported,) = relay.sms.imports.values()
    assert imported.lines == [[sent, "gold"]]


def test_a_mirror_run_removes_who_is_not_in_the_file() -> None:
    relay = sms_relay(mode=Mode.MIRROR)
    for n in range(20):
        relay.sms.add(digits(n))

    _, report = deliver(relay, sms_rows(range(1, 22)))

    assert relay.sms.subscribed() == [digits(n) for n in range(1, 22)]
    assert report["removals"] == {"removed": 1}
    assert report["audience_size"] == {"before": 20, "new": 2, "gone": 1, "now": 21}
    assert report["counts"]["read"] == report["counts"]["accepted"] == 21


def test_the_mirror_guard_stops_before_the_first_change_and_says_how_many() -> None:
    relay = sms_relay(mode=Mode.MIRROR)
    for n in range(10):
        relay.sms.add(digits(n))

    _, report = deliver(relay, sms_rows([0, 1, 50]))

    assert relay.sms.writes() == 0
    assert report["status"] == "REJECTED"
    assert report["reasons"] == {"mirror_guard": 3}
    assert "8 of" in report["problem"]


def test_the_audience_guard_stops_an_sms_mirror_run_too() -> None:
    relay = sms_relay(mode=Mode.MIRROR, mirror_guard_percent=100)
    for n in range(10):
        relay.sms.add(digits(n))

    _, report = deliver(relay, sms_rows(range(4)))

    assert relay.sms.writes() == 0
    assert report["problem_code"] == "mirror_guard"
    assert "audience_guard_percent" in report["problem"]


def test_a_mirror_file_that_only_unsubscribes_removes_nobody_else() -> None:
    relay = sms_relay(mode=Mode.MIRROR, mirror_guard_percent=100, audience_guard_percent=100)
    for n in range(5):
        relay.sms.add(digits(n))

    deliver(relay, sms_rows([1], Action.UNSUBSCRIBE))

    assert relay.sms.subscribed() == [digits(n) for n in (0, 2, 3, 4)]


def test_an_empty_mirror_file_removes_nobody() -> None:
    relay = sms_relay(mode=Mode.MIRROR, mirror_guard_percent=100, audience_guard_percent=100)
    relay.sms.add(digits(1))

    deliver(relay, [])

    assert relay.sms.subscribed() == [digits(1)]


def test_a_mirror_run_without_a_readable_list_changes_nothing() -> None:
    relay = sms_relay(mode=Mode.MIRROR)
    relay.sms.script.fail("list_page", RetryableError("away"), times=100)

    _, report = deliver(relay, sms_rows([1]))

    assert relay.sms.writes() == 0
    assert report["problem_code"] == "list_unreadable"


def test_without_a_readable_list_the_answers_lead_to_the_right_state() -> None:
    relay = sms_relay()
    relay.sms.script.fail("list_page", RetryableError("away"), times=100)
    relay.sms.add(digits(1))
    relay.sms.add(digits(2), state="")
    relay.sms.add(digits(3))
    relay.sms.opt_out(digits(3))
    content = [*sms_rows([1, 2, 3, 4]), *sms_rows([5], Action.UNSUBSCRIBE, first_row=9)]

    _, report = deliver(relay, content)

    assert relay.sms.subscribed() == [digits(1), digits(2), digits(4)]
    assert relay.sms.lifted == []
    assert report["accepted_as"] == {"already_right": 2, "created": 1, "subscribed": 1}
    assert any("could not be read" in sentence for sentence in report["attention"])


def test_without_the_opt_outs_nobody_is_subscribed_and_the_run_says_so() -> None:
    relay = sms_relay()
    relay.sms.script.fail("opt_out_page", RetryableError("away"), times=100)
    relay.sms.add(digits(3))
    relay.sms.add(digits(5))
    relay.sms.opt_out(digits(2))
    content = [*sms_rows([2, 3, 4]), *sms_rows([5], Action.UNSUBSCRIBE, first_row=9)]

    _, report = deliver(relay, content)

    assert relay.sms.lifted == []
    assert relay.sms.subscribed() == [digits(3)]
    assert report["status"] == "FAILED"
    assert report["problem_code"] == "opt_outs_unreadable"
    assert report["counts"]["dead_lettered"] == 3
    assert report["accepted_as"] == {"unsubscribed": 1}
    assert any("opt-outs could not be read" in sentence for sentence in report["attention"])


def test_batches_that_waited_for_the_opt_outs_go_when_these_can_be_read() -> None:
    relay = sms_relay()
    relay.sms.script.fail("opt_out_page", RetryableError("away"), times=3 + MAX_RECEIVES)
    relay.sms.opt_out(digits(2))
    source, report = deliver(relay, sms_rows([2, 4]))
    assert report["counts"]["dead_lettered"] == 2

    relay.redrive()
    relay.run_to_end()

    assert (relay.sms.subscribed(), relay.sms.lifted) == ([digits(4)], [])
    assert relay.report(source)["counts"]["skipped"] == 1


def test_opt_outs_that_no_asking_brings_out_stop_every_subscription_at_once_and_those_read_are_kept() -> None:
    relay = sms_relay()
    relay.sms.most_opt_outs = 2
    for n in (2, 3, 4):
        relay.sms.opt_out(digits(n))
    source, report = deliver(relay, sms_rows([2, 3, 4, 5]))
    assert relay.sms.subscribed() == []
    assert report["problem_code"] == "opt_outs_unreadable"

    relay.sms.most_opt_outs = 100
    relay.sms.opted_out_numbers.discard(digits(2))
    relay.redrive()
    relay.run_to_end()

    assert (relay.sms.subscribed(), relay.sms.lifted) == ([digits(5)], [])
    assert relay.report(source)["reasons"] == {"opted_out": 3}


WHEN = "2026-01-31T08:15:30"


def test_an_opt_out_without_a_number_lets_nobody_be_subscribed_and_the_run_says_what_to_do() -> None:
    relay = sms_relay()
    relay.sms.add(digits(9))
    relay.sms.opt_out(digits(2))
    relay.sms.nameless = (WHEN, "")
    content = [*sms_rows([2, 3, 4]), *sms_rows([9], Action.UNSUBSCRIBE, first_row=9)]

    source, report = deliver(relay, content)

    assert relay.sms.subscribed() == []
    assert (report["status"], report["problem_code"]) == ("FAILED", "opt_out_without_number")
    assert WHEN in report["problem"]
    assert "opt_outs_without_number: ignore" in report["problem"]
    assert report["accepted_as"] == {"unsubscribed": 1}
    assert any("without a number (2)" in sentence for sentence in report["attention"])

    relay.sms.nameless = ()
    relay.redrive()
    relay.run_to_end()

    assert (relay.sms.subscribed(), relay.sms.lifted) == ([digits(3), digits(4)], [])
    assert relay.report(source)["status"] == "COMPLETED"


def test_an_opt_out_that_loses_its_number_after_the_plan_lets_nobody_be_subscribed_either() -> None:
    relay = sms_relay()
    source = relay.drop(sms_rows([3, 4]), "sms/texts/file.csv")
    relay.sms.script.fail("create", RetryableError("away"))
    relay.run_to_end(hours=0)
    relay.sms.nameless = (WHEN,)
    already = relay.sms.subscribed()
    relay.clock.advance(60)

    relay.run_to_end()

    assert relay.sms.subscribed() == already
    assert relay.report(source)["problem_code"] == "opt_out_without_number"


def test_a_destination_may_pass_over_opt_outs_without_a_number_and_its_report_counts_them() -> None:
    relay = sms_relay(opt_outs_without_number=OptOutsWithoutNumber.IGNORE)
    relay.sms.opt_out(digits(2))
    relay.sms.nameless = (WHEN,)

    _, report = deliver(relay, sms_rows([2, 3, 4]))

    assert (relay.sms.subscribed(), relay.sms.lifted) == ([digits(3), digits(4)], [])
    assert (report["status"], report["reasons"]) == ("COMPLETED", {"opted_out": 1})
    assert any("(1)" in sentence and "passed over" in sentence for sentence in report["attention"])


@pytest.mark.parametrize("page_size", [1, 5_000], ids=["over many pages", "on one page"])
def test_a_no_is_sent_where_the_list_shows_people_whose_numbers_cannot_be_read(page_size: int) -> None:
    relay = sms_relay(TIER)
    relay.sms.page_size = page_size
    for number in (1, 2, 3, 4):
        relay.sms.add(digits(number))
    relay.sms.unreadable = {digits(2), digits(3)}
    content = [*sms_rows([1], Action.UPDATE, "gold"), *sms_rows([3], Action.UPDATE, "gold", first_row=5)]

    _, report = deliver(relay, [*content, *sms_rows([2, 9], Action.UNSUBSCRIBE, first_row=8)])

    assert relay.sms.subscribed() == [digits(1), digits(3), digits(4)]
    assert [relay.sms.contacts[digits(n)].values for n in (1, 3)] == [{TIER_FIELD.field_id: "gold"}] * 2
    assert any("cannot be read (2)" in sentence for sentence in report["attention"])


def test_a_mirror_leaves_people_whose_numbers_cannot_be_read_and_says_so() -> None:
    relay = sms_relay(mode=Mode.MIRROR, mirror_guard_percent=100, audience_guard_percent=100)
    for number in (1, 2, 3):
        relay.sms.add(digits(number))
    relay.sms.unreadable = {digits(2)}

    _, report = deliver(relay, sms_rows([3]))

    assert relay.sms.subscribed() == [digits(2), digits(3)]
    assert any("cannot be read (1)" in sentence for sentence in report["attention"])


def test_who_resubscribes_on_purpose_needs_no_opt_outs() -> None:
    relay = sms_relay(resubscribe=True)
    relay.sms.script.fail("opt_out_page", RetryableError("away"), times=100)

    deliver(relay, sms_rows([1]))

    assert relay.sms.subscribed() == [digits(1)]


def test_a_list_that_can_be_read_a_little_later_is_read() -> None:
    relay = sms_relay()
    relay.sms.script.fail("list_page", RetryableError("away"), times=2)
    relay.sms.add(digits(1))

    deliver(relay, sms_rows([1]))

    assert relay.sms.writes() == 0


def test_the_list_is_read_once_for_all_chunks() -> None:
    relay = sms_relay()
    relay.reader.rows_per_chunk = 2
    relay.sms.page_size = 4
    for n in range(8):
        relay.sms.add(digits(n))

    deliver(relay, sms_rows(range(10)))

    assert relay.sms.script.calls.count("list_page") == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"list_name": "Nobody"}, "list_unknown"),
        ({"sender_code": "99999"}, "sender_code_unknown"),
        ({"sender_code": "Example Outfitters"}, None),
        ({"sender_code": "71755"}, None),
    ],
)
def test_sender_code_and_list_are_found_by_name(change: dict[str, Any], code: str | None) -> None:
    relay = sms_relay(**change)

    _, report = deliver(relay, sms_rows([1]))

    assert report["problem_code"] == code


def test_with_two_sender_codes_one_must_be_named() -> None:
    relay = sms_relay()
    relay.sms.codes.append(SenderCode(56, "88888", "Example Outfitters", "US"))

    _, report = deliver(relay, sms_rows([1]))

    assert report["problem_code"] == "sender_code_missing"
    assert "'71755'" in report["problem"]


def test_an_inactive_list_stops_the_run_before_anything_is_sent() -> None:
    relay = sms_relay()
    relay.sms.lists = [replace(relay.sms.lists[0], active=False)]

    _, report = deliver(relay, sms_rows([1]))

    assert report["problem_code"] == "list_inactive"
    assert relay.sms.writes() == 0


def test_a_sender_code_of_another_country_asks_for_the_region() -> None:
    relay = sms_relay()
    relay.sms.codes = [replace(relay.sms.codes[0], country="GB")]

    _, report = deliver(relay, sms_rows([1]))

    assert report["problem_code"] == "region_missing"


def test_a_list_that_becomes_inactive_is_mended_by_a_redrive_without_repeats() -> None:
    relay = sms_relay()
    relay.sms.script.fail("create", ConfigurationError("list_inactive", "the phone list is inactive"))

    source, report = deliver(relay, sms_rows(range(6)))
    assert report["status"] == "FAILED"
    relay.redrive()
    relay.run_to_end()

    assert relay.report(source)["status"] == "COMPLETED"
    assert relay.sms.subscribed() == [digits(n) for n in range(6)]


def test_a_message_whose_time_runs_out_hands_the_rest_on_without_repeats() -> None:
    relay = sms_relay()
    relay.time_left = RunsOutAtEvery(5)

    _, report = deliver(relay, sms_rows(range(12)))

    assert relay.sms.script.calls.count("create") == 12
    assert report["accepted_as"] == {"created": 12}


def test_throttling_is_no_failure_of_a_message_that_makes_progress() -> None:
    relay = sms_relay()
    relay.sms.throttle_every = 3

    _, report = deliver(relay, sms_rows(range(40)))

    assert report["accepted_as"] == {"created": 40}
    assert relay.sms.script.calls.count("create") > 40 + MAX_RECEIVES


def test_a_lost_answer_of_the_import_is_met_by_another_import() -> None:
    relay = sms_relay(TIER)
    relay.sms.script.fail("start_import", OutcomeUnknownError("no answer"), after=True)

    _, report = deliver(relay, sms_rows([1], Action.SUBSCRIBE, "gold"))

    assert len(relay.sms.imports) == 2
    assert relay.sms.contacts[digits(1)].values == {9001: "gold"}
    assert report["counts"]["accepted"] == 1


def test_an_import_that_fails_is_told() -> None:
    relay = sms_relay(TIER)
    relay.sms.imports_fail = True

    _, report = deliver(relay, sms_rows([1], Action.SUBSCRIBE, "gold"))

    assert report["status"] == "FAILED"
    assert report["reasons"] == {"import_failed": 1}
    assert report["balanced"]


@pytest.mark.parametrize("hours", [1, 23, 25, 24 * 13])
def test_a_plan_keeps_the_opt_outs_that_it_recorded_at_any_age(hours: int) -> None:
    relay = sms_relay()
    relay.sms.opt_out(digits(2))
    relay.sms.script.fail("create", RetryableError("throttled"), times=MAX_RECEIVES)
    source, _ = deliver(relay, sms_rows([1, 2]))
    relay.sms.opted_out_numbers.clear()
    relay.clock.advance(hours * 3600)

    relay.redrive()
    relay.run_to_end()

    assert relay.sms.subscribed() == [digits(1)]
    assert relay.report(source)["reasons"] == {"opted_out": 1}


@pytest.mark.parametrize("hours", [0, 1, 48])
@pytest.mark.parametrize("standing", ["subscribed", ""])
def test_who_was_unsubscribed_after_the_plan_is_not_subscribed_by_it(hours: int, standing: str) -> None:
    relay = sms_relay()
    relay.sms.add(digits(1), state=standing)
    joining = 1 if standing else 2
    relay.sms.script.fail("create", RetryableError("throttled"), times=joining * MAX_RECEIVES)
    source, _ = deliver(relay, sms_rows([1, 2]))
    relay.sms.leave(digits(1))
    relay.clock.advance(hours * 3600)

    relay.redrive()
    relay.run_to_end()

    assert relay.sms.subscribed() == [digits(2)]
    assert relay.report(source)["reasons"] == ({} if standing else {"unsubscribed_since": 1})


@pytest.mark.parametrize("columns", [(), (TIER,)], ids=["numbers alone", "with values"])
def test_numbers_whose_calls_fail_each_time_are_set_aside_by_themselves_and_keep_no_other_back(
    columns: tuple[ProfileColumn, ...],
) -> None:
    relay = sms_relay(*columns)
    failing = {digits(1), digits(5)}
    relay.sms.failing = dict.fromkeys(failing, UnusableAnswerError("the answer 200 is not Listrak's JSON"))
    values = ["gold"] if columns else []

    source, report = deliver(relay, sms_rows(range(300), Action.SUBSCRIBE, *values))

    assert {relay.sms.creations[number] for number in failing} == {DELIVERIES_OF_A_STRAGGLER}
    assert max(times for number, times in relay.sms.creations.items() if number not in failing) == 1
    assert len(relay.sms.subscribed()) == 298
    assert {contact.values.get(9001, "") for contact in relay.sms.contacts.values()} == {"".join(values)}
    assert (report["counts"]["accepted"], report["counts"]["dead_lettered"], report["balanced"]) == (298, 2, True)
    assert (report["status"], report["problem_code"]) == ("FAILED", "failed_alone")
    assert report["reasons"] == {"failed_alone": 2}
    assert [line.split(",")[:3] for line in relay.lines(source)] == [
        ["3", "dead_lettered", "failed_alone"],
        ["7", "dead_lettered", "failed_alone"],
    ]
    assert any("Drop the file again" in sentence for sentence in report["attention"])
    assert relay.dead_letters == []


def test_where_no_number_comes_through_it_is_no_matter_of_the_numbers() -> None:
    relay = sms_relay()
    relay.sms.failing = {digits(n): UnusableAnswerError("the answer 200 is not Listrak's JSON") for n in (1, 2)}

    _, report = deliver(relay, sms_rows([1, 2]))

    assert (report["problem_code"], report["counts"]["dead_lettered"]) == ("answer_unusable", 2)
    assert len(relay.dead_letters) == 1

    relay.sms.failing = {}
    relay.redrive()
    relay.run_to_end()
    assert relay.sms.subscribed() == [digits(1), digits(2)]


def test_many_numbers_that_fail_keep_the_others_back_no_longer_than_it_takes_to_send_them() -> None:
    relay = sms_relay()
    failing = {digits(n) for n in range(20)}
    relay.sms.failing = dict.fromkeys(failing, UnusableAnswerError("the answer 200 is not Listrak's JSON"))

    _, report = deliver(relay, sms_rows(range(100)))

    assert len(relay.sms.subscribed()) == 80
    assert max(relay.sms.creations[number] for number in failing) <= 2 * MAX_RECEIVES
    assert report["problem_code"] == "answer_unusable"
    assert len(relay.dead_letters) == 1


def test_a_removal_that_fails_each_time_is_told_and_keeps_no_other_back() -> None:
    relay = sms_relay(mode=Mode.MIRROR, mirror_guard_percent=100, audience_guard_percent=100)
    for n in range(40):
        relay.sms.add(digits(n))
    relay.sms.failing = {digits(39): CallFailedError("DELETE ContactUnsubscribe: Listrak answered 500")}

    _, report = deliver(relay, sms_rows(range(30)))

    assert relay.sms.subscribed() == [*(digits(n) for n in range(30)), digits(39)]
    assert report["removals"] == {"refused": 1, "removed": 9}
    assert any("1 people" in sentence and "still on the list" in sentence for sentence in report["attention"])
    assert relay.dead_letters == []


@pytest.mark.parametrize("asked", [0, 1, 39])
def test_a_number_of_the_list_that_cannot_be_asked_about_stops_no_run(asked: int) -> None:
    relay = sms_relay(TIER)
    for n in range(40):
        relay.sms.add(digits(n))
    relay.sms.unknowable = {digits(asked), digits(40)}

    _, report = deliver(relay, sms_rows(range(45), Action.SUBSCRIBE, "gold"))

    assert report["status"] == "COMPLETED"
    assert len(relay.sms.subscribed()) == 45


def test_who_had_left_the_list_before_the_file_is_subscribed_by_it() -> None:
    relay = sms_relay()
    relay.sms.add(digits(1))
    relay.sms.leave(digits(1))
    relay.clock.advance(60)

    deliver(relay, sms_rows([1]))

    assert relay.sms.subscribed() == [digits(1)]


def test_a_number_that_the_list_shows_and_that_cannot_be_unsubscribed_is_refused_with_attention() -> None:
    relay = sms_relay()
    people = range(100)
    for n in people:
        relay.sms.add(digits(n))
    relay.sms.locates = lambda number: not number.endswith(digits(99)[1:])
    relay.sms.unsubscribe_refusals[digits(98)] = "ERROR_BANNED_PHONE_NUMBER"

    source, report = deliver(relay, sms_rows(people, Action.UNSUBSCRIBE))

    assert relay.sms.subscribed() == [digits(98), digits(99)]
    assert report["reasons"] == {"still_on_list": 2}
    assert any("2 people" in sentence and "still on the list" in sentence for sentence in report["attention"])
    assert [line.split(",")[1:3] for line in relay.lines(source)] == [["refused", "still_on_list"]] * 2


def test_a_mirror_removal_that_listrak_refuses_draws_attention() -> None:
    relay = sms_relay(mode=Mode.MIRROR, mirror_guard_percent=100, audience_guard_percent=100)
    for n in range(40):
        relay.sms.add(digits(n))
    relay.sms.unsubscribe_refusals[digits(39)] = "ERROR_BANNED_PHONE_NUMBER"

    _, report = deliver(relay, sms_rows(range(39)))

    assert report["removals"] == {"refused": 1}
    assert any("1 people" in sentence and "still on the list" in sentence for sentence in report["attention"])


@pytest.mark.parametrize("form", PhoneFormat)
@pytest.mark.parametrize("located", PhoneFormat)
def test_a_form_that_listrak_does_not_find_stops_the_run_before_its_first_change(
    form: PhoneFormat, located: PhoneFormat
) -> None:
    relay = sms_relay(phone_format=form)
    relay.sms.add(digits(1))
    relay.sms.locates = lambda number: number == sent_form(f"+{digits(1)}", located)

    _, report = deliver(relay, [*sms_rows([2]), *sms_rows([1], Action.UNSUBSCRIBE, first_row=5)])

    if form is located:
        assert report["status"] == "COMPLETED"
        return
    assert relay.sms.writes() == 0
    assert (report["status"], report["problem_code"]) == ("REJECTED", "numbers_not_located")
    assert f"phone_format: {located.value}" in report["problem"]


def test_no_values_are_lost_by_a_form_that_listrak_does_not_find() -> None:
    relay = sms_relay(TIER, phone_format=PhoneFormat.DIGITS)
    relay.sms.locates = lambda number: number.startswith("+")

    _, report = deliver(relay, sms_rows([1], Action.SUBSCRIBE, "gold"))

    assert relay.sms.imports == {}
    assert (report["status"], report["problem_code"]) == ("FAILED", "numbers_not_located")
    assert "phone_format: plus" in report["problem"]


def test_a_form_that_listrak_does_not_find_is_noticed_where_the_list_shows_nobody() -> None:
    relay = sms_relay(phone_format=PhoneFormat.DIGITS)
    relay.sms.add(digits(1), state="")
    relay.sms.locates = lambda number: number.startswith("+")

    _, report = deliver(relay, sms_rows([1]))

    assert relay.sms.subscribed() == []
    assert (report["status"], report["problem_code"]) == ("FAILED", "numbers_not_located")


def test_an_import_of_values_whose_answer_is_lost_each_time_is_not_begun_for_ever() -> None:
    relay = Relay(SmsDestination("sms"), max_import_attempts=2)
    relay.reader.columns, relay.sms.sms_fields = (TIER,), [TIER_FIELD]
    relay.sms.script.fail("start_import", OutcomeUnknownError("an answer without an id"), times=1_000)
    source = relay.drop(sms_rows([1], Action.SUBSCRIBE, "gold"), "sms/vip/file.csv")
    relay.run_to_end()

    assert relay.sms.script.calls.count("start_import") == 2
    assert relay.report(source)["problem_code"] == "attempts_used_up"
    assert len(relay.dead_letters) == 1
