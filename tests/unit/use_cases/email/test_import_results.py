"""The results of an import that are read in pages, over several invocations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from listrak_relay.domain.delivery.email_results import OTHER_WORDS
from listrak_relay.domain.run.manifest import Action
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.errors import RetryableError
from listrak_relay.messages import FollowImport
from listrak_relay.use_cases.email.import_results import MOST_WORDS, ImportResults
from listrak_relay.use_cases.runs.followed_import import Patience
from tests.support.fakes import Script
from tests.support.runs.relay import Killed, Relay, email_of, subscribers

PEOPLE = 200


def turned_away(*, refused: int = 150, page_size: int = 10) -> Relay:
    """Listrak has banned most of the people; its results come in small pages, and each invocation has time for five."""
    relay = Relay()
    relay.listrak.page_size = page_size
    for number in range(refused):
        relay.listrak.ban(email_of(number))
    return relay


def invocation(relay: Relay, pages: int = 5) -> None:
    """From now on each delivery of an import's message has time for so many pages."""
    consume = relay.consumers[id(relay.import_queue)]

    def with_little_time(delivery: object) -> str:
        relay.time_left.seconds, relay.time_left.per_question = 59.0 + pages, 1.0
        return consume(delivery)  # type: ignore[arg-type]

    relay.consumers[id(relay.import_queue)] = with_little_time


def told(relay: Relay, source: DroppedFile) -> tuple[dict[str, int], int]:
    report = relay.report(source)
    assert report["balanced"], report
    return {name: n for name, n in report["counts"].items() if n}, len(relay.lines(source))


def test_the_reading_goes_on_where_it_stopped_and_every_refusal_has_its_line() -> None:
    relay = turned_away()
    invocation(relay)
    source = relay.drop(subscribers(range(PEOPLE)))
    relay.run_to_end()

    assert told(relay, source) == ({"read": PEOPLE, "accepted": 50, "refused": 150}, 150)
    assert relay.report(source)["reasons"] == {"banned": 150}
    assert relay.listrak.script.calls.count("import_results") == PEOPLE // 10
    assert relay.listrak.script.calls.count("import_summary") > 3
    assert [key for key in relay.store.objects if "/results/" in key] == []


class DyingAt(Script):
    """The process is killed at the ``nth`` page."""

    def __init__(self, *nth: int) -> None:
        super().__init__()
        self._nth = set(nth)

    @contextmanager
    def step(self, method: str) -> Iterator[None]:
        page = self.calls.count("import_results") + 1
        if method == "import_results" and page in self._nth:
            self._nth.discard(page)
            self.fail(method, Killed())
        with super().step(method):
            yield


def test_a_process_killed_midway_reads_again_no_more_than_its_own_pages() -> None:
    relay = turned_away()
    invocation(relay)
    relay.listrak.script = DyingAt(3, 9, 17)
    source = relay.drop(subscribers(range(PEOPLE)))
    relay.run_to_end()

    assert told(relay, source) == ({"read": PEOPLE, "accepted": 50, "refused": 150}, 150)
    assert relay.listrak.script.calls.count("import_results") <= PEOPLE // 10 + 3 * 5


def test_a_page_that_cannot_be_read_for_a_while_is_read_later() -> None:
    relay = turned_away()
    invocation(relay)
    relay.listrak.script.fail("import_results", RetryableError("away"), times=3)
    source = relay.drop(subscribers(range(PEOPLE)))
    relay.run_to_end()

    assert told(relay, source) == ({"read": PEOPLE, "accepted": 50, "refused": 150}, 150)


def test_results_that_never_end_are_counted_without_lines_in_the_end_and_that_is_told() -> None:
    relay = turned_away(refused=150, page_size=1)
    invocation(relay, pages=0)
    source = relay.drop(subscribers(range(PEOPLE)))
    queue = relay.import_queue

    send = queue.send

    def slowly(messages: object, delay_seconds: int = 0) -> None:
        send(messages, delay_seconds or 900)  # type: ignore[arg-type]

    queue.send = slowly  # type: ignore[method-assign]
    relay.run_to_end(hours=60)

    counts, lines = told(relay, source)
    assert counts == {"read": PEOPLE, "accepted": 50, "refused": 150}
    assert 0 < lines < 150
    report = relay.report(source)
    assert report["reasons"]["not_listed_by_listrak"] == 150 - lines
    assert any(f"{150 - lines} people" in sentence for sentence in report["attention"])


@pytest.mark.parametrize("pages", [1, 2, 3, 7, 20])
def test_however_little_time_there_is_the_end_is_the_same(pages: int) -> None:
    relay = turned_away()
    invocation(relay, pages)
    source = relay.drop(subscribers(range(PEOPLE)))
    relay.run_to_end()

    assert told(relay, source) == ({"read": PEOPLE, "accepted": 50, "refused": 150}, 150)


def test_two_copies_of_the_message_read_the_results_together() -> None:
    relay = turned_away()
    invocation(relay)
    send = relay.import_queue.send

    def twice(messages: object, delay_seconds: int = 0) -> None:
        copies = 2 if len(relay.listrak.imports) == 1 and relay.listrak.script.calls.count("import_results") < 12 else 1
        for _ in range(copies):
            send(messages, delay_seconds)  # type: ignore[arg-type]

    relay.import_queue.send = twice  # type: ignore[method-assign]
    source = relay.drop(subscribers(range(PEOPLE)))
    relay.run_to_end()

    assert told(relay, source) == ({"read": PEOPLE, "accepted": 50, "refused": 150}, 150)
    assert [key for key in relay.store.objects if "/results/" in key] == []


def test_a_process_that_dies_before_it_hands_the_message_on_has_not_read_in_vain() -> None:
    relay = turned_away()
    invocation(relay)
    send, sent = relay.import_queue.send, 0

    def dying(messages: object, delay_seconds: int = 0) -> None:
        nonlocal sent
        sent += 1
        if sent == 3:
            raise Killed
        send(messages, delay_seconds)  # type: ignore[arg-type]

    relay.import_queue.send = dying  # type: ignore[method-assign]
    source = relay.drop(subscribers(range(PEOPLE)))
    relay.run_to_end()

    assert sent > 4
    assert told(relay, source) == ({"read": PEOPLE, "accepted": 50, "refused": 150}, 150)
    assert relay.listrak.script.calls.count("import_results") == PEOPLE // 10


def test_words_without_number_are_told_apart_up_to_a_limit() -> None:
    relay = turned_away(refused=0, page_size=1_000)
    relay.drop(subscribers(range(PEOPLE)))
    relay.run_to_end()
    [(import_id, done)] = relay.listrak.imports.items()
    done.results = [(email_of(n), f"word {chr(97 + n // 26)}{chr(97 + n % 26)}") for n in range(PEOPLE)]
    results = ImportResults(relay.store, relay.listrak, relay.list_id, Action.SUBSCRIBE)

    found = results.refusals(FollowImport("run", "001", import_id), Patience(True, True, relay.time_left))

    assert not isinstance(found, FollowImport)
    reasons = Counter(reason for reason, _ in found.values())
    assert len(reasons) == MOST_WORDS + 1
    assert reasons[OTHER_WORDS] == PEOPLE - MOST_WORDS
