"""A run from ingest to report, over fakes."""

from dataclasses import replace

import pytest

from listrak_relay.domain.run.drop_keys import TEST_NAME
from listrak_relay.domain.run.manifest import AUDIENCE_MARK, CLEARED, Action, FieldType
from listrak_relay.domain.run.runs import DroppedFile, RunStatus
from listrak_relay.errors import (
    CallFailedError,
    ConfigurationError,
    ContactRefusedError,
    FileRejectedError,
    OutcomeUnknownError,
    RetryableError,
)
from listrak_relay.ports.listrak_email import ImportSummary
from listrak_relay.use_cases.runs.row_calls import DELIVERIES_OF_A_STRAGGLER
from tests.support.runs.relay import CITY, Relay, destination, email_of, subscribers

MESSAGE_ATTRIBUTES = "Amperity Message Attributes"


def counts(relay: Relay, source: DroppedFile) -> dict[str, int]:
    report = relay.report(source)
    assert report["balanced"], report
    return {name: n for name, n in report["counts"].items() if n}


def test_a_large_chunk_goes_as_one_import_and_marks_its_audience() -> None:
    relay = Relay()

    source = relay.drop(subscribers(range(10)))
    relay.run_to_end()

    assert counts(relay, source) == {"read": 10, "accepted": 10}
    assert relay.report(source)["status"] == "COMPLETED"
    assert relay.listrak.members(relay.list_id, "vip") == sorted(email_of(n) for n in range(10))
    assert relay.listrak.script.calls.count("start_import") == 1
    assert "save_contact" not in relay.listrak.script.calls


def test_a_small_chunk_goes_contact_by_contact() -> None:
    relay = Relay()

    source = relay.drop(subscribers([1]))
    relay.run_to_end()

    assert counts(relay, source) == {"read": 1, "accepted": 1}
    assert relay.listrak.members(relay.list_id, "vip") == [email_of(1)]
    assert "start_import" not in relay.listrak.script.calls


def test_a_test_goes_the_way_of_a_large_file_however_few_rows_it_has() -> None:
    relay = Relay()

    source = relay.drop(subscribers([1]), key=f"email/vip-test/{TEST_NAME}.csv")
    relay.run_to_end()

    assert counts(relay, source) == {"read": 1, "accepted": 1}
    assert relay.listrak.members(relay.list_id, "vip-test") == [email_of(1)]
    assert relay.listrak.script.calls.count("start_import") == 1
    assert "save_contact" not in relay.listrak.script.calls


def test_rows_that_clear_a_value_go_one_by_one_however_many_they_are() -> None:
    relay = Relay()
    relay.drop(subscribers(range(10), city="Lititz"))
    relay.run_to_end()
    imports = relay.listrak.script.calls.count("start_import")

    source = relay.drop(subscribers(range(10), city=CLEARED))
    relay.run_to_end()

    assert counts(relay, source) == {"read": 10, "accepted": 10}
    assert relay.listrak.script.calls.count("start_import") == imports
    book = relay.listrak.contact_book[relay.list_id]
    assert {tuple(sorted(contact.values.values())) for contact in book.values()} == {("", AUDIENCE_MARK)}


@pytest.mark.parametrize("people", [2, 20])
def test_whoever_opted_out_is_left_alone_and_listed_as_skipped(people: int) -> None:
    relay = Relay()
    relay.listrak.add_contact(relay.list_id, email_of(0), subscribed=False)

    source = relay.drop(subscribers(range(people)))
    relay.run_to_end()

    assert counts(relay, source) == {"read": people, "accepted": people - 1, "skipped": 1}
    assert email_of(0) not in relay.listrak.subscribers(relay.list_id)
    [line] = relay.lines(source, skipped=True)
    assert line.startswith("2,skipped,previously_unsubscribed")
    assert relay.lines(source) == []


def test_of_whom_listrak_gives_no_known_state_a_no_is_sent_and_a_yes_is_not() -> None:
    relay = Relay()
    for number in (0, 1):
        relay.listrak.add_contact(relay.list_id, email_of(number))
        relay.listrak.contact_book[relay.list_id][email_of(number)].subscribed = None

    source = relay.drop([*subscribers([0]), *subscribers([1], Action.UNSUBSCRIBE)])
    relay.run_to_end()

    assert counts(relay, source) == {"read": 2, "accepted": 1, "refused": 1}
    assert relay.report(source)["reasons"] == {"subscription_state_unknown": 1}
    assert relay.listrak.contact_book[relay.list_id][email_of(0)].subscribed is None
    assert relay.listrak.contact_book[relay.list_id][email_of(1)].subscribed is False


def test_resubscribe_lifts_an_opt_out_when_the_destination_says_so() -> None:
    relay = Relay(destination(resubscribe=True))
    relay.listrak.add_contact(relay.list_id, email_of(0), subscribed=False)

    source = relay.drop(subscribers(range(10)))
    relay.run_to_end()

    assert counts(relay, source) == {"read": 10, "accepted": 10}
    assert email_of(0) in relay.listrak.subscribers(relay.list_id)


@pytest.mark.parametrize("people", [2, 20])
def test_a_contact_refused_by_listrak_is_a_line_with_its_reason_and_source_row(people: int) -> None:
    relay = Relay()
    relay.listrak.ban(email_of(people - 1))

    source = relay.drop(subscribers(range(people)))
    relay.run_to_end()

    assert counts(relay, source) == {"read": people, "accepted": people - 1, "refused": 1}
    [line] = relay.lines(source)
    assert line.startswith(f"{people + 1},refused,")
    assert "banned" in line.lower()


def test_an_address_that_listrak_cannot_be_asked_about_is_refused_alone() -> None:
    relay = Relay()
    relay.listrak.script.fail("contact", ContactRefusedError("ERROR_UNSAFE_ROUTE", "no such route"))

    source = relay.drop(subscribers([1, 2]))
    relay.run_to_end()

    assert counts(relay, source) == {"read": 2, "accepted": 1, "refused": 1}
    assert relay.report(source)["reasons"] == {"ERROR_UNSAFE_ROUTE": 1}
    [line] = relay.lines(source)
    assert "Listrak's final answer: no such route" in line
    assert f"{email_of(1)},Lititz" in line


def test_rows_of_each_action_end_as_they_should() -> None:
    relay = Relay()
    relay.listrak.add_contact(relay.list_id, email_of(5))
    relay.listrak.add_contact(relay.list_id, email_of(6))
    rows = [
        *subscribers(range(4)),
        *((Action.UNSUBSCRIBE, 10 + n, (email_of(n),)) for n in (5, 7, 8)),
        *((Action.UPDATE, 20 + n, (email_of(n), "Ephrata", "on")) for n in (6, 9, 11)),
    ]

    source = relay.drop(rows)
    relay.run_to_end()

    assert counts(relay, source) == {"read": 10, "accepted": 6, "skipped": 4}
    assert relay.report(source)["reasons"] == {"not_on_list": 4}
    assert relay.lines(source) == []
    assert email_of(5) not in relay.listrak.subscribers(relay.list_id)
    assert email_of(9) not in relay.listrak.contact_book[relay.list_id]
    assert email_of(6) in relay.listrak.members(relay.list_id, "vip")


def test_a_file_version_dropped_again_or_announced_twice_is_one_run() -> None:
    relay = Relay()
    source = relay.drop(subscribers(range(10)))

    assert relay.ingest(source) == "duplicate"
    relay.run_to_end()
    assert relay.ingest(source) == "duplicate"
    relay.run_to_end()

    assert len(relay.listrak.imports) == 1
    assert len(relay.announcer.reports) == 1


def test_fields_that_exist_are_used_wherever_they_are_and_missing_ones_are_made() -> None:
    relay = Relay()
    group = relay.listrak.create_group(relay.list_id, "Contact", 1)
    field = relay.listrak.create_field(relay.list_id, group, "CITY", "Text", 50, 1)

    relay.drop(subscribers(range(5)))
    relay.run_to_end()

    assert relay.listrak.contact_book[relay.list_id][email_of(1)].values[field] == "Lititz"
    [made] = [g for g in relay.listrak.groups(relay.list_id) if g.name == MESSAGE_ATTRIBUTES]
    assert [f.name for f in relay.listrak.fields(relay.list_id, made.group_id)] == ["vip"]


@pytest.mark.parametrize("people", [2, 20])
def test_a_value_longer_than_its_field_is_a_rejected_row_and_never_cut(people: int) -> None:
    relay = Relay()
    group = relay.listrak.create_group(relay.list_id, "Contact", 1)
    relay.listrak.create_field(relay.list_id, group, "City", "Text", 6, 1)
    rows = [*subscribers(range(people)), (Action.SUBSCRIBE, 90, (email_of(99), "Elizabethtown", "on"))]
    relay.reader.columns = (replace(CITY, longest=13),)

    source = relay.drop(rows)
    relay.run_to_end()

    assert counts(relay, source) == {"read": people + 1, "accepted": people, "rejected": 1}
    [line] = relay.lines(source)
    assert line.startswith("90,rejected,value_too_long,City,")
    assert email_of(99) not in relay.listrak.contact_book[relay.list_id]


def test_an_import_of_which_no_row_fits_is_not_sent() -> None:
    relay = Relay()
    group = relay.listrak.create_group(relay.list_id, "Contact", 1)
    relay.listrak.create_field(relay.list_id, group, "City", "Numeric", 10, 1)

    source = relay.drop(subscribers(range(5)))
    relay.run_to_end()

    assert counts(relay, source) == {"read": 5, "rejected": 5}
    assert relay.report(source)["status"] == "REJECTED"
    assert relay.report(source)["attention"] == ["Every row was rejected (5 rows); nothing was sent."]
    assert not relay.listrak.imports


def test_a_lost_answer_to_an_import_is_settled_by_its_file_name() -> None:
    relay = Relay()
    relay.listrak.script.fail("start_import", OutcomeUnknownError("no answer"), after=True)

    source = relay.drop(subscribers(range(10)))
    relay.run_to_end()

    assert counts(relay, source) == {"read": 10, "accepted": 10}
    assert len(relay.listrak.imports) == 1


def test_an_unanswered_import_that_never_arrived_is_sent_again_after_a_wait() -> None:
    relay = Relay()
    relay.listrak.script.fail("start_import", OutcomeUnknownError("no answer"))
    began = relay.clock.now()

    source = relay.drop(subscribers(range(10)))
    relay.run_to_end()

    assert counts(relay, source) == {"read": 10, "accepted": 10}
    assert len(relay.listrak.imports) == 1
    assert relay.clock.now() - began >= 30


def test_a_throttled_import_is_sent_again() -> None:
    relay = Relay()
    relay.listrak.script.fail("start_import", RetryableError("throttled", retry_after=7))

    source = relay.drop(subscribers(range(10)))
    relay.run_to_end()

    assert counts(relay, source) == {"read": 10, "accepted": 10}
    assert relay.report(source)["status"] == "COMPLETED"


def test_a_list_that_does_not_exist_sets_the_batch_aside_and_names_the_known_ones() -> None:
    relay = Relay(destination(list_name="Masterlist"))

    source = relay.drop(subscribers(range(10)))
    relay.run_to_end()

    report = relay.report(source)
    assert counts(relay, source) == {"read": 10, "dead_lettered": 10}
    assert report["status"] == "FAILED"
    assert "'Master List'" in report["attention"][0]
    assert len(relay.dead_letters) == 1


def test_a_redriven_batch_takes_the_place_of_the_dead_lettered_one_in_the_report() -> None:
    relay = Relay()
    relay.listrak.script.fail("lists", ConfigurationError("credentials_refused", "refused"))
    source = relay.drop(subscribers(range(10)))
    relay.run_to_end()
    assert relay.report(source)["status"] == "FAILED"

    relay.redrive()
    relay.run_to_end()

    assert counts(relay, source) == {"read": 10, "accepted": 10}
    assert relay.report(source)["status"] == "COMPLETED"
    assert relay.report(source)["attention"] == []


def test_a_batch_that_fails_each_time_is_given_up_and_counted() -> None:
    relay = Relay()
    relay.listrak.script.fail("lists", RetryableError("Listrak is away"), times=99)

    source = relay.drop(subscribers(range(10)))
    relay.run_to_end()

    assert counts(relay, source) == {"read": 10, "dead_lettered": 10}
    assert relay.report(source)["reasons"] == {"given_up": 10}


@pytest.mark.parametrize("action", [Action.SUBSCRIBE, Action.UNSUBSCRIBE])
@pytest.mark.parametrize("step", ["contact", "save_contact"])
def test_a_contact_whose_calls_fail_each_time_is_set_aside_by_itself_and_the_others_are_sent_once(
    action: Action, step: str
) -> None:
    relay = Relay(small_chunk_rows=50)
    for number in range(20):
        relay.listrak.add_contact(relay.list_id, email_of(number))
    failing = email_of(7)
    relay.listrak.failing = {(step, failing): CallFailedError("POST Contact: Listrak answered 500")}

    source = relay.drop(subscribers(range(20), action))
    relay.run_to_end()

    assert counts(relay, source) == {"read": 20, "accepted": 19, "dead_lettered": 1}
    assert relay.listrak.saved.pop(failing, 0) in (0, DELIVERIES_OF_A_STRAGGLER)
    assert set(relay.listrak.saved.values()) == {1}
    report = relay.report(source)
    assert (report["status"], report["problem_code"], report["balanced"]) == ("FAILED", "failed_alone", True)
    assert [line.split(",")[:3] for line in relay.lines(source)] == [["9", "dead_lettered", "failed_alone"]]
    assert any("may still be subscribed" in sentence for sentence in report["attention"])
    assert relay.dead_letters == []

    relay.listrak.failing = {}
    again = relay.drop(subscribers(range(20), action))
    relay.run_to_end()
    assert counts(relay, again) == {"read": 20, "accepted": 20}


def test_a_contact_that_fails_for_a_while_is_delivered_with_the_others() -> None:
    relay = Relay(small_chunk_rows=50)
    relay.listrak.script.fail("save_contact", CallFailedError("POST Contact: Listrak answered 500"), times=3)

    source = relay.drop(subscribers(range(20)))
    relay.run_to_end()

    assert counts(relay, source) == {"read": 20, "accepted": 20}
    assert relay.report(source)["status"] == "COMPLETED"


def test_what_came_through_before_a_batch_was_given_up_is_not_sent_again_by_its_redrive() -> None:
    relay = Relay(destination(event_ids=(5,)), small_chunk_rows=50)
    failing = [email_of(n) for n in range(10)]
    relay.listrak.failing = {("save_contact", who): CallFailedError("Listrak answered 500") for who in failing}
    source = relay.drop(subscribers(range(40)))
    relay.run_to_end()
    assert counts(relay, source) == {"read": 40, "dead_lettered": 40}

    relay.listrak.failing = {}
    relay.redrive()
    relay.run_to_end()

    assert counts(relay, source) == {"read": 40, "accepted": 40}
    assert sorted(who for who, _ in relay.listrak.events) == sorted(email_of(n) for n in range(40))


def test_a_redrive_after_a_crashed_sending_finds_the_import_that_was_made() -> None:
    relay = Relay()
    relay.listrak.script.fail("start_import", OutcomeUnknownError("no answer"), after=True)
    relay.listrak.script.fail("find_import", RetryableError("away"), times=4)
    source = relay.drop(subscribers(range(10)))
    relay.run_to_end()
    assert counts(relay, source) == {"read": 10, "dead_lettered": 10}

    relay.redrive()
    relay.run_to_end()

    assert counts(relay, source) == {"read": 10, "accepted": 10}
    assert len(relay.listrak.imports) == 1


def test_an_import_that_does_not_end_within_a_day_closes_as_stalled() -> None:
    relay = Relay()
    relay.listrak.finish_at_once = False

    source = relay.drop(subscribers(range(10)))
    relay.run_to_end()

    assert counts(relay, source) == {"read": 10, "dead_lettered": 10}
    assert relay.report(source)["status"] == "STALLED"
    assert "24 hours" in relay.report(source)["attention"][0]


def test_an_import_that_fails_in_listrak_fails_the_run() -> None:
    relay = Relay()
    relay.listrak.finish_at_once = False
    source = relay.drop(subscribers(range(10)))
    relay.run_to_end(hours=0.001)

    relay.listrak.break_imports()
    relay.run_to_end()

    assert counts(relay, source) == {"read": 10, "dead_lettered": 10}
    assert relay.report(source)["status"] == "FAILED"
    assert relay.report(source)["reasons"] == {"import_failed": 10}


def test_an_import_called_failed_whose_summary_counts_every_row_draws_attention() -> None:
    relay = Relay()
    relay.listrak.finish_at_once = False
    source = relay.drop(subscribers(range(10)))
    relay.run_to_end(hours=0.001)

    relay.listrak.finish_imports()
    for begun in relay.listrak.imports.values():
        begun.failed = True
    relay.run_to_end()

    report = relay.report(source)
    assert (report["status"], report["problem_code"]) == ("COMPLETED", "import_failed_all_counted")
    assert report["counts"]["accepted"] == 10
    assert "ProcessingFailed" in report["attention"][0]


def test_a_refused_file_sends_nothing_and_says_why() -> None:
    relay = Relay()
    relay.reader.refuse = FileRejectedError("no_email_column", "no column holds email addresses; seen: a, b")

    source = relay.drop([])
    relay.run_to_end()

    report = relay.report(source)
    assert report["status"] == "REJECTED"
    assert report["problem_code"] == "no_email_column"
    assert report["attention"] == [
        "no column holds email addresses; seen: a, b",
    ]
    assert relay.listrak.script.calls == []


def test_a_file_with_a_header_only_says_so_loudly() -> None:
    relay = Relay()

    source = relay.drop([])
    relay.run_to_end()

    report = relay.report(source)
    assert report["status"] == "REJECTED"
    assert len(report["attention"]) == 1
    assert report["attention"][0].startswith(
        "The file has a header but no rows; nothing was sent. Look at what makes it"
    )


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("file.csv", "drop_key_invalid"),
        ("email/file.csv", "drop_key_invalid"),
        ("nowhere/vip/file.csv", "destination_unknown"),
        ("email/" + "x" * 101 + "/file.csv", "audience_invalid"),
    ],
)
def test_a_file_dropped_in_the_wrong_place_has_a_rejected_run(key: str, code: str) -> None:
    relay = Relay()

    source = relay.drop(subscribers(range(5)), key)
    relay.run_to_end()

    assert relay.report(source)["problem_code"] == code
    assert relay.report(source)["status"] == "REJECTED"
    assert relay.listrak.script.calls == []


def test_an_empty_file_says_so_loudly() -> None:
    relay = Relay()
    source = relay.drops.drop("email/vip/empty.csv", b"")

    relay.ingest(source)
    relay.run_to_end()

    report = relay.report(source)
    assert (report["status"], report["problem_code"]) == ("REJECTED", "file_empty")
    assert report["attention"]


@pytest.mark.parametrize("key", ["email/vip/", "email/vip/.keep", "email/vip/_SUCCESS", ".DONE", "nobody/x/_SUCCESS"])
def test_an_object_without_data_is_recorded_as_such_and_never_fails(key: str) -> None:
    relay = Relay()

    source = relay.drops.drop(key, b"")

    assert relay.ingest(source) == "set_aside"
    run = relay.ledger.get_run(source.run_id)
    assert (run.status, run.problem_code) == (RunStatus.SET_ASIDE, "no_data")
    assert relay.ledger.open_runs() == []
    assert relay.ingest(source) == "duplicate"


def test_an_audience_field_of_another_type_stops_before_anything_is_sent() -> None:
    relay = Relay()
    group = relay.listrak.create_group(relay.list_id, MESSAGE_ATTRIBUTES, 1)
    relay.listrak.create_field(relay.list_id, group, "vip", FieldType.TEXT.value, 10, 1)

    source = relay.drop(subscribers(range(10)))
    relay.run_to_end()

    assert relay.report(source)["problem_code"] == "audience_field_type"
    assert not relay.listrak.imports


def test_a_summary_that_lags_behind_is_read_again() -> None:
    relay = Relay()
    source = relay.drop(subscribers(range(10)))
    summary = relay.listrak.import_summary
    asked = []

    def lagging(list_id: int, import_id: int):  # type: ignore[no-untyped-def]
        asked.append(import_id)
        full = summary(list_id, import_id)
        return full if len(asked) > 2 else replace(full, subscribed=0, processed=0)

    relay.listrak.import_summary = lagging  # type: ignore[method-assign]
    relay.run_to_end()

    assert counts(relay, source) == {"read": 10, "accepted": 10}


@pytest.mark.parametrize("subscribed", [7, 12])
def test_a_summary_that_never_adds_up_fails_the_run_instead_of_guessing(subscribed: int) -> None:
    relay = Relay()
    source = relay.drop(subscribers(range(10)))
    summary = relay.listrak.import_summary
    relay.listrak.import_summary = (  # type: ignore[method-assign]
        lambda list_id, import_id: replace(summary(list_id, import_id), subscribed=subscribed)
    )
    relay.run_to_end()

    report = relay.report(source)
    assert not report["balanced"]
    assert (report["status"], report["problem_code"]) == ("FAILED", "sum_uneven")
    assert f"10 rows read, {subscribed} accounted for" in report["attention"][0]
    assert relay.listrak.script.calls.count("import_summary") == 6


@pytest.mark.parametrize("action", [Action.SUBSCRIBE, Action.UPDATE, Action.UNSUBSCRIBE])
def test_counts_that_come_late_are_waited_for_although_all_rows_are_said_to_be_processed(action: Action) -> None:
    relay = Relay()
    for number in range(10):
        relay.listrak.add_contact(relay.list_id, email_of(number))
    source = relay.drop(subscribers(range(10), action))
    summary, early = relay.listrak.import_summary, iter((12, 11))

    def late(list_id: int, import_id: int) -> ImportSummary:
        told = summary(list_id, import_id)
        return replace(told, banned=next(early, told.banned))

    relay.listrak.import_summary = late  # type: ignore[method-assign]
    relay.run_to_end()

    report = relay.report(source)
    assert report["balanced"]
    assert report["counts"]["refused"] == 0


def test_a_chunk_that_counts_too_much_does_not_make_up_for_one_that_counts_too_little() -> None:
    relay = Relay()
    relay.reader.rows_per_chunk = 10
    source = relay.drop(subscribers(range(20)))
    summary = relay.listrak.import_summary
    wrong: dict[int, int] = {}

    def cancelling_out(list_id: int, import_id: int) -> ImportSummary:
        by = wrong.setdefault(import_id, 5 if not wrong else -5)
        told = summary(list_id, import_id)
        return replace(told, subscribed=told.subscribed + by)

    relay.listrak.import_summary = cancelling_out  # type: ignore[method-assign]
    relay.run_to_end()

    report = relay.report(source)
    assert report["counts"]["accepted"] == 20
    assert (report["status"], report["balanced"]) == ("FAILED", False)
    assert "The sum of 2 batches does not come out even" in report["attention"][0]


@pytest.mark.parametrize("known", [True, False])
def test_people_of_whom_an_import_tells_nothing_are_believed_unknown_if_the_list_does_not_know_them(
    known: bool,
) -> None:
    relay = Relay()
    for number in range(10 if known else 7):
        relay.listrak.add_contact(relay.list_id, email_of(number))
    source = relay.drop(subscribers(range(10), Action.UNSUBSCRIBE))
    results = relay.listrak.import_results
    named = {email_of(number) for number in range(7)}
    relay.listrak.import_summary = (  # type: ignore[method-assign]
        lambda *_: ImportSummary(unsubscribed=7, processed=7)
    )
    relay.listrak.import_results = (  # type: ignore[method-assign]
        lambda *ids: (
            replace(page, results=tuple(one for one in page.results if one[0] in named)) for page in results(*ids)
        )
    )
    relay.run_to_end()

    report = relay.report(source)
    assert report["balanced"] is not known
    assert report["status"] == ("FAILED" if known else "COMPLETED")
    if not known:
        assert counts(relay, source) == {"read": 10, "accepted": 7, "skipped": 3}
        assert report["reasons"] == {"not_on_list": 3}
        assert len(relay.lines(source, skipped=True)) == 3


def test_events_and_double_opt_in_go_contact_by_contact() -> None:
    relay = Relay(destination(event_ids=(7, 8), send_double_opt_in=True))

    source = relay.drop(subscribers(range(10)))
    relay.run_to_end()

    assert counts(relay, source) == {"read": 10, "accepted": 10}
    assert sorted(relay.listrak.events) == [(email_of(n), (7, 8)) for n in range(10)]
    assert len(relay.listrak.double_opt_ins) == 10


@pytest.mark.parametrize("people", [2, 20])
def test_a_value_of_any_length_costs_its_own_row_only(people: int) -> None:
    relay = Relay()
    relay.reader.columns = (replace(CITY, longest=140_000),)
    long = (Action.SUBSCRIBE, 99, (email_of(99), "x" * 140_000, AUDIENCE_MARK))

    source = relay.drop([*subscribers(range(people)), long])
    relay.run_to_end()

    assert counts(relay, source) == {"read": people + 1, "accepted": people, "rejected": 1}
    assert relay.report(source)["reasons"] == {"value_too_long": 1}
    assert len(relay.lines(source)) == 1
