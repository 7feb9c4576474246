"""Mirror runs: the audience becomes what the file says, or nothing happens at all."""

from dataclasses import replace

import pytest

from listrak_relay.domain.destinations.destinations import Mode
from listrak_relay.errors import FileRejectedError, OutcomeUnknownError
from tests.support.runs.relay import CITY, Relay, destination, email_of, subscribers


def mirroring(**values: object) -> Relay:
    return Relay(destination(mode=Mode.MIRROR, **values))


def members(relay: Relay) -> list[str]:
    return relay.listrak.members(relay.list_id, "vip")


def people(numbers: range) -> list[str]:
    return sorted(email_of(n) for n in numbers)


def test_a_mirror_run_makes_the_audience_equal_to_the_file() -> None:
    relay = mirroring(mirror_guard_percent=50)
    relay.drop(subscribers(range(20)), "email/vip/monday.csv")
    relay.run_to_end()

    source = relay.drop(subscribers(range(5, 25)), "email/vip/tuesday.csv")
    relay.run_to_end()

    assert members(relay) == people(range(5, 25))
    assert relay.report(source)["counts"]["accepted"] == 20
    assert relay.listrak.subscribers(relay.list_id) == people(range(25))


def test_the_first_mirror_run_of_an_audience_clears_nothing() -> None:
    relay = mirroring()

    relay.drop(subscribers(range(20)))
    relay.run_to_end()

    assert "clear_field" not in relay.listrak.script.calls
    assert members(relay) == people(range(20))


def test_clearing_is_followed_to_its_end_before_the_import_begins() -> None:
    relay = mirroring(mirror_guard_percent=50)
    relay.drop(subscribers(range(20)), "email/vip/monday.csv")
    relay.run_to_end()
    relay.listrak.finish_at_once = False

    relay.drop(subscribers(range(15)), "email/vip/tuesday.csv")
    relay.run_to_end(hours=0.1)
    started_while_clearing = relay.listrak.script.calls.count("start_import")
    relay.listrak.finish_imports()
    relay.listrak.finish_at_once = True
    relay.run_to_end()

    assert started_while_clearing == 1
    assert members(relay) == people(range(15))


def test_the_guard_stops_before_anything_is_cleared_and_says_how_many() -> None:
    relay = mirroring()
    relay.drop(subscribers(range(20)), "email/vip/monday.csv")
    relay.run_to_end()

    source = relay.drop(subscribers(range(17)), "email/vip/tuesday.csv")
    relay.run_to_end()

    report = relay.report(source)
    assert report["status"] == "REJECTED"
    assert report["problem_code"] == "mirror_guard"
    assert "3 of the audience's 20 members" in report["attention"][0]
    assert "15.0 %" in report["attention"][0]
    assert report["counts"]["rejected"] == 17
    assert len(relay.lines(source)) == 17
    assert members(relay) == people(range(20))
    assert "clear_field" not in relay.listrak.script.calls


def test_a_small_audience_of_a_large_list_is_not_emptied() -> None:
    relay = mirroring()
    for n in range(1_000, 3_000):
        relay.listrak.add_contact(relay.list_id, email_of(n))
    relay.drop(subscribers(range(100)), "email/vip/monday.csv")
    relay.run_to_end()

    source = relay.drop(subscribers(range(49)), "email/vip/tuesday.csv")
    relay.run_to_end()

    report = relay.report(source)
    assert report["problem_code"] == "mirror_guard"
    assert "51 of the audience's 100 members" in report["problem"]
    assert "audience_guard_percent" in report["problem"]
    assert report["audience_counts"] == {"before": 100, "new": 0, "gone": 0, "now": 100}
    assert members(relay) == people(range(100))


def test_the_report_says_how_many_come_go_and_are_there() -> None:
    relay = mirroring(mirror_guard_percent=50)
    first = relay.drop(subscribers(range(20)), "email/vip/monday.csv")
    relay.run_to_end()
    source = relay.drop(subscribers(range(5, 28)), "email/vip/tuesday.csv")
    relay.run_to_end()

    assert relay.report(first)["audience_counts"] == {"before": 0, "new": 20, "gone": 0, "now": 20}
    assert relay.report(source)["audience_counts"] == {"before": 20, "new": 8, "gone": 5, "now": 23}


def test_exactly_the_guard_s_share_may_leave() -> None:
    relay = mirroring()
    relay.drop(subscribers(range(20)), "email/vip/monday.csv")
    relay.run_to_end()

    relay.drop(subscribers(range(18)), "email/vip/tuesday.csv")
    relay.run_to_end()

    assert members(relay) == people(range(18))


@pytest.mark.parametrize("how", ["empty", "rejected", "nothing_fits"])
def test_a_file_without_a_usable_row_never_clears_anything(how: str) -> None:
    relay = mirroring(mirror_guard_percent=100, audience_guard_percent=100)
    relay.drop(subscribers(range(20)), "email/vip/monday.csv")
    relay.run_to_end()

    rows = subscribers(range(20), city="x" * 300) if how == "nothing_fits" else []
    relay.reader.columns = (replace(CITY, longest=300),)
    relay.reader.refuse = FileRejectedError("header_missing", "no header") if how == "rejected" else None
    source = relay.drop(rows, "email/vip/tuesday.csv")
    relay.run_to_end()

    assert relay.report(source)["status"] == "REJECTED"
    assert members(relay) == people(range(20))
    assert "clear_field" not in relay.listrak.script.calls


def test_a_lost_answer_to_the_clearing_is_asked_for_again_without_harm() -> None:
    relay = mirroring(mirror_guard_percent=50)
    relay.drop(subscribers(range(20)), "email/vip/monday.csv")
    relay.run_to_end()
    relay.listrak.script.fail("clear_field", OutcomeUnknownError("no answer"), after=True)

    relay.drop(subscribers(range(15)), "email/vip/tuesday.csv")
    relay.run_to_end()

    assert members(relay) == people(range(15))


def test_two_mirror_runs_of_one_audience_do_not_mix() -> None:
    relay = mirroring(mirror_guard_percent=100, audience_guard_percent=100)
    relay.drop(subscribers(range(20)), "email/vip/monday.csv")
    relay.run_to_end()

    relay.drop(subscribers(range(10)), "email/vip/tuesday.csv")
    relay.drop(subscribers(range(5, 15)), "email/vip/wednesday.csv")
    relay.run_to_end()

    assert members(relay) == people(range(5, 15))


def test_counting_a_long_list_goes_on_over_several_invocations() -> None:
    relay = mirroring(mirror_guard_percent=50)
    relay.drop(subscribers(range(20)), "email/vip/monday.csv")
    relay.run_to_end()
    relay.listrak.page_size = 3
    relay.time_left.seconds = 50

    relay.drop(subscribers(range(15)), "email/vip/tuesday.csv")
    relay.run_to_end()

    assert members(relay) == people(range(15))
    assert relay.listrak.script.calls.count("contacts") == 7


def test_a_failed_clearing_sets_the_run_aside_and_a_redrive_tries_again() -> None:
    relay = mirroring(mirror_guard_percent=50)
    relay.drop(subscribers(range(20)), "email/vip/monday.csv")
    relay.run_to_end()
    relay.listrak.finish_at_once = False
    source = relay.drop(subscribers(range(15)), "email/vip/tuesday.csv")
    relay.run_to_end(hours=0.1)
    relay.listrak.break_imports()
    relay.run_to_end(hours=1)
    assert relay.report(source)["problem_code"] == "clearing_failed"

    relay.listrak.finish_at_once = True
    relay.redrive()
    relay.run_to_end()

    assert members(relay) == people(range(15))
    assert relay.report(source)["status"] == "COMPLETED"
