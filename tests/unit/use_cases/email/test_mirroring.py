"""Mirror runs: the audience becomes what the file says, or nothing happens at all."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count

import pytest

from listrak_relay.domain.delivery.email_plan import EmailPlan
from listrak_relay.domain.delivery.plans import Stage
from listrak_relay.domain.destinations.choices import Mode
from listrak_relay.domain.run.manifest import Action
from listrak_relay.errors import ConfigurationError, FileRejectedError, OutcomeUnknownError, RetryableError
from listrak_relay.ports.listrak_email import ContactPage
from listrak_relay.use_cases.runs.preparing import PREPARING_SECONDS
from tests.support.fakes import Script
from tests.support.fakes.email_gateway import FakeImport
from tests.support.runs.relay import CITY, Relay, destination, email_of, subscribers


def nothing() -> None:
    """What happens otherwise."""


class AtCall(Script):
    """Something happens before or after the ``nth`` call of a method."""

    def __init__(
        self, method: str, nth: int, *, before: Callable[[], None] = nothing, after: Callable[[], None] = nothing
    ) -> None:
        super().__init__()
        self._method, self._nth, self._before, self._after = method, nth, before, after

    @contextmanager
    def step(self, method: str) -> Iterator[None]:
        with super().step(method):
            now = method == self._method and self.calls.count(method) == self._nth
            if now:
                self._before()
            yield
            if now:
                self._after()


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

    assert leavers_imports(relay) == []
    assert members(relay) == people(range(20))


def leavers_imports(relay: Relay) -> list[FakeImport]:
    return [each for each in relay.listrak.imports.values() if each.order and "leavers" in each.order.file_name]


def test_no_mark_is_taken_before_the_import_was_taken_and_only_of_those_who_leave() -> None:
    relay = mirroring(mirror_guard_percent=50)
    relay.drop(subscribers(range(20)), "email/vip/monday.csv")
    relay.run_to_end()
    relay.listrak.finish_at_once = False

    source = relay.drop(subscribers(range(15)), "email/vip/tuesday.csv")
    relay.run_to_end(hours=0.1)
    first, second = (each.order for each in relay.listrak.imports.values() if not each.finished and each.order)
    while_under_way = members(relay)
    relay.listrak.finish_imports()
    relay.listrak.finish_at_once = True
    relay.run_to_end()

    assert "leavers" not in first.file_name
    assert "leavers" in second.file_name
    assert while_under_way == people(range(20))
    assert members(relay) == people(range(15))
    assert relay.report(source)["status"] == "COMPLETED"
    assert len(leavers_imports(relay)) == 1
    assert leavers_imports(relay)[0].body.decode().splitlines() == [f"{each},off" for each in people(range(15, 20))]


@pytest.mark.parametrize("error", [RetryableError("away"), ConfigurationError("listrak_refused", "404")])
def test_an_import_that_listrak_never_takes_leaves_the_audience_as_it_was(error: Exception) -> None:
    relay = mirroring(mirror_guard_percent=50)
    relay.drop(subscribers(range(20)), "email/vip/monday.csv")
    relay.run_to_end()
    relay.listrak.script.fail("start_import", error, times=100)

    source = relay.drop(subscribers(range(15)), "email/vip/tuesday.csv")
    relay.run_to_end()

    assert relay.report(source)["status"] == "FAILED"
    assert members(relay) == people(range(20))


def test_who_has_unsubscribed_loses_the_mark_too_and_so_does_whom_the_file_unsubscribes() -> None:
    relay = mirroring(mirror_guard_percent=50)
    relay.drop(subscribers(range(20)), "email/vip/monday.csv")
    relay.run_to_end()
    relay.listrak.contact_book[relay.list_id][email_of(3)].subscribed = False

    rows = [*subscribers(range(15)), (Action.UNSUBSCRIBE, 40, (email_of(15),))]
    relay.drop(rows, "email/vip/tuesday.csv")
    relay.run_to_end()

    assert members(relay) == sorted(email_of(n) for n in range(15) if n != 3)
    assert email_of(15) not in relay.listrak.subscribers(relay.list_id)


def test_a_slow_delivery_that_lost_its_lock_keeps_nothing_of_what_it_decided() -> None:
    relay = mirroring(mirror_guard_percent=50)
    relay.drop(subscribers(range(20)), "email/vip/monday.csv")
    relay.run_to_end()
    lock = "prepare/email/Master List"

    def another_takes_over() -> None:
        relay.clock.advance(PREPARING_SECONDS)
        assert relay.ledger.acquire_lock(lock, "another", 30)

    relay.listrak.script = AtCall("contacts", 1, before=another_takes_over)
    source = relay.drop(subscribers(range(15)), "email/vip/tuesday.csv")
    relay.run_to_end(hours=0.001)
    plan = relay.ledger.get_plan(source.run_id, EmailPlan)
    assert plan
    assert (plan.stage, plan.leavers_parts) == (Stage.GUARD, 0)

    relay.run_to_end()

    assert members(relay) == people(range(15))
    assert len(leavers_imports(relay)) == 1


def test_a_list_whose_cursor_leads_round_changes_nothing() -> None:
    relay = mirroring(mirror_guard_percent=50)
    relay.drop(subscribers(range(20)), "email/vip/monday.csv")
    relay.run_to_end()
    relay.listrak.leads_round = True
    relay.listrak.page_size = 5

    source = relay.drop(subscribers(range(15)), "email/vip/tuesday.csv")
    relay.run_to_end()

    assert relay.report(source)["status"] == "FAILED"
    assert members(relay) == people(range(20))


def test_a_list_without_an_end_changes_nothing_and_the_run_ends() -> None:
    relay = mirroring(mirror_guard_percent=50)
    relay.drop(subscribers(range(20)), "email/vip/monday.csv")
    relay.run_to_end()
    cursors = count()
    relay.listrak.contacts = lambda *_, **__: ContactPage((), str(next(cursors)))  # type: ignore[method-assign]

    source = relay.drop(subscribers(range(15)), "email/vip/tuesday.csv")
    relay.run_to_end()

    report = relay.report(source)
    assert (report["status"], report["problem_code"]) == ("FAILED", "given_up")
    assert "no end" in report["problem"]
    assert members(relay) == people(range(20))


def test_a_list_that_shows_nobody_is_asked_again() -> None:
    relay = mirroring(mirror_guard_percent=50)
    relay.drop(subscribers(range(20)), "email/vip/monday.csv")
    relay.run_to_end()
    books = relay.listrak.contact_book
    book = dict(books[relay.list_id])
    relay.listrak.script = AtCall(
        "contacts",
        1,
        before=books[relay.list_id].clear,
        after=lambda: books[relay.list_id].update(book),
    )

    source = relay.drop(subscribers(range(15)), "email/vip/tuesday.csv")
    relay.run_to_end()

    assert members(relay) == people(range(15))
    assert relay.report(source)["attention"] == []


def test_a_list_that_shows_nobody_twice_is_told() -> None:
    relay = mirroring(mirror_guard_percent=50)
    relay.drop(subscribers(range(20)), "email/vip/monday.csv")
    relay.run_to_end()
    relay.listrak.contact_book[relay.list_id].clear()

    source = relay.drop(subscribers(range(15)), "email/vip/tuesday.csv")
    relay.run_to_end()

    assert any("showed nobody" in sentence for sentence in relay.report(source)["attention"])


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
    assert leavers_imports(relay) == []


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
    assert report["audience_size"] == {"before": 100, "new": 0, "gone": 0, "now": 100}
    assert members(relay) == people(range(100))


def test_the_report_says_how_many_come_go_and_are_there() -> None:
    relay = mirroring(mirror_guard_percent=50)
    first = relay.drop(subscribers(range(20)), "email/vip/monday.csv")
    relay.run_to_end()
    source = relay.drop(subscribers(range(5, 28)), "email/vip/tuesday.csv")
    relay.run_to_end()

    assert relay.report(first)["audience_size"] == {"before": 0, "new": 20, "gone": 0, "now": 20}
    assert relay.report(source)["audience_size"] == {"before": 20, "new": 8, "gone": 5, "now": 23}


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
    assert leavers_imports(relay) == []


def test_a_lost_answer_to_the_taking_of_marks_is_settled_by_its_file_name() -> None:
    relay = mirroring(mirror_guard_percent=50)
    relay.drop(subscribers(range(20)), "email/vip/monday.csv")
    relay.run_to_end()

    def no_answer() -> None:
        raise OutcomeUnknownError("no answer")

    relay.listrak.script = AtCall("start_import", 2, after=no_answer)

    relay.drop(subscribers(range(15)), "email/vip/tuesday.csv")
    relay.run_to_end()

    assert members(relay) == people(range(15))
    assert len(leavers_imports(relay)) == 1


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
    assert relay.listrak.script.calls.count("contacts") == 8


def test_reading_who_stays_goes_on_behind_what_an_invocation_has_read() -> None:
    relay = mirroring(mirror_guard_percent=50)
    relay.drop(subscribers(range(20)), "email/vip/monday.csv")
    relay.run_to_end()
    relay.reader.rows_per_chunk = 5
    relay.time_left.seconds = 50

    source = relay.drop(subscribers(range(15)), "email/vip/tuesday.csv")
    relay.run_to_end()

    assert members(relay) == people(range(15))
    kept = sorted(key for key in relay.store.objects if key.endswith(".staying"))
    assert [len(relay.store.objects[key]) for key in kept if source.run_id in key] == [40, 40, 40]


def test_a_file_that_keeps_more_people_than_fit_into_memory_is_set_aside_and_says_what_to_raise() -> None:
    relay = mirroring(mirror_guard_percent=50)
    relay.drop(subscribers(range(20)), "email/vip/monday.csv")
    relay.run_to_end()
    relay.deploy_email(mirror_contacts=14)

    source = relay.drop(subscribers(range(15)), "email/vip/tuesday.csv")
    relay.run_to_end()

    report = relay.report(source)
    assert (report["status"], report["problem_code"]) == ("FAILED", "mirror_too_large")
    assert "keeps 15 people" in report["problem"]
    assert "compares 14 with the list; raise DeliverMemoryMb" in report["problem"]
    assert members(relay) == people(range(20))

    relay.deploy_email(mirror_contacts=15)
    relay.redrive()
    relay.run_to_end()
    assert members(relay) == people(range(15))


def test_those_who_leave_are_written_down_before_they_fill_the_memory() -> None:
    relay = mirroring(mirror_guard_percent=50)
    relay.deploy_email(leavers_in_memory=2)
    relay.drop(subscribers(range(20)), "email/vip/monday.csv")
    relay.run_to_end()
    relay.listrak.page_size = 3

    source = relay.drop(subscribers(range(15)), "email/vip/tuesday.csv")
    relay.run_to_end()

    assert members(relay) == people(range(15))
    parts = [key for key in relay.store.objects if key.startswith(f"chunks/{source.run_id}/leavers-")]
    assert len(parts) > 1


def test_more_leavers_than_listrak_takes_in_one_import_stop_the_run_before_anything_is_sent() -> None:
    relay = mirroring(mirror_guard_percent=50)
    relay.deploy_email(most_leavers_bytes=50)
    relay.drop(subscribers(range(20)), "email/vip/monday.csv")
    relay.run_to_end()

    source = relay.drop(subscribers(range(15)), "email/vip/tuesday.csv")
    relay.run_to_end()

    report = relay.report(source)
    assert (report["status"], report["problem_code"]) == ("REJECTED", "leavers_too_many")
    assert "5 people would leave" in report["problem"]
    assert members(relay) == people(range(20))


def test_a_failed_clearing_sets_the_run_aside_and_a_redrive_tries_again() -> None:
    relay = mirroring(mirror_guard_percent=50)
    relay.drop(subscribers(range(20)), "email/vip/monday.csv")
    relay.run_to_end()
    relay.listrak.finish_at_once = False
    source = relay.drop(subscribers(range(15)), "email/vip/tuesday.csv")
    relay.run_to_end(hours=0.1)
    for each in leavers_imports(relay):
        each.finished = each.failed = True
    relay.listrak.finish_imports()
    relay.run_to_end(hours=1)
    assert relay.report(source)["problem_code"] == "clearing_failed"

    relay.listrak.finish_at_once = True
    relay.redrive()
    relay.run_to_end()

    assert members(relay) == people(range(15))
    assert relay.report(source)["status"] == "COMPLETED"
