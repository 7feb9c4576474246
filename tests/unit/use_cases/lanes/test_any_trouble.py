"""Files of one list by destinations of every kind, in any order of events, with imports that end when they like, calls
that fail anywhere and operators who return what was set aside at any time, against a model that knows the drops only.

The model imports nothing of ours. What a person is in the end is what the last file says that speaks of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.destinations.choices import Mode
from listrak_relay.domain.destinations.destinations import EmailDestination, SmsDestination
from listrak_relay.domain.run.manifest import AUDIENCE_MARK, Action
from listrak_relay.domain.run.runs import RunStatus
from listrak_relay.errors import ConfigurationError, OutcomeUnknownError, RetryableError
from tests.support.examples import examples
from tests.support.fakes import FakeDestinationBook
from tests.support.runs.relay import Relay, Row, destination, email_of
from tests.support.runs.sms_relay import digits, sms_rows

PEOPLE = range(6)
YES, NO = "yes", "no"
CITIES = ("Lititz", "York", "Hershey")
PLAIN, MIRROR, AGAIN = "plain", "mirror", "again"
TROUBLE = {
    "none": ("", None, 0),
    "refused": ("lists", ConfigurationError("listrak_refused", "401"), 1),
    "not taken": ("start_import", RetryableError("500"), 10),
    "no answer": ("start_import", OutcomeUnknownError("no answer"), 1),
    "nobody can ask": ("import_status", RetryableError("503"), 12),
    "single calls fail": ("save_contact", RetryableError("500"), 5),
}


WHAT_HAPPENS = ["imports end", "a minute", "an hour", "30 hours", "returned"]


@dataclass(frozen=True)
class File:
    """``kind``: of its destination. ``says``: of each person in it. ``asks``: its yeses are the people's own.
    ``event``: when its event comes, among the others. ``trouble``: that begins with it. ``then``: what happens behind
    it: imports end, hours pass, an operator returns what was set aside."""

    kind: str
    says: dict[int, str]
    asks: bool
    city: str
    event: int
    trouble: str
    then: tuple[str, ...]
    audience: str = "vip"


a_file = st.builds(
    File,
    audience=st.sampled_from(["vip", "vip", "gold"]),
    kind=st.sampled_from([PLAIN, PLAIN, PLAIN, AGAIN, MIRROR]),
    says=st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from([YES, YES, YES, NO]), min_size=1),
    asks=st.booleans(),
    city=st.sampled_from(CITIES),
    event=st.integers(0, 5),
    trouble=st.sampled_from(["none", "none", "none", *TROUBLE]),
    then=st.lists(st.sampled_from(["imports end", "a minute", "an hour", "30 hours", "returned"]), max_size=3).map(
        tuple
    ),
)


def on_the_list(dropped: Sequence[File]) -> set[int]:
    subscribed: set[int] = set()
    said_no: set[int] = set()
    for file in dropped:
        yes = {person for person, word in file.says.items() if word == YES}
        no = file.says.keys() - yes
        subscribed |= yes if file.asks else yes - said_no
        subscribed -= no
        said_no |= no
    return subscribed


def last_no(dropped: Sequence[File]) -> set[int]:
    said = {person: word for file in dropped for person, word in file.says.items() if file.asks or word == NO}
    return {person for person, word in said.items() if word == NO}


def rows_of(file: File) -> Iterator[Row]:
    for row, (person, word) in enumerate(file.says.items(), start=2):
        if word == YES:
            yield Action.SUBSCRIBE, row, (email_of(person), file.city, AUDIENCE_MARK)
        else:
            yield Action.UNSUBSCRIBE, row, (email_of(person),)


def deliver(dropped: Sequence[File], rows: int, *, resubscribe: bool) -> Relay:
    relay = Relay(small_chunk_rows=rows)
    relay.book = FakeDestinationBook(
        _named(PLAIN, resubscribe=resubscribe),
        _named(AGAIN, resubscribe=True),
        _named(MIRROR, resubscribe=resubscribe, mode=Mode.MIRROR, mirror_guard_percent=100, audience_guard_percent=100),
    )
    relay.deploy_email()
    relay.listrak.finish_at_once = False
    sources = [relay.drops.drop(f"{file.kind}/{file.audience}/{n}.csv", b"email\n") for n, file in enumerate(dropped)]
    for number in sorted(range(len(dropped)), key=lambda n: (dropped[n].event, n)):
        file = dropped[number]
        relay.reader.rows, relay.reader.assumed = list(rows_of(file)), not file.asks
        relay.ingest(sources[number])
        method, error, times = TROUBLE[file.trouble]
        if error:
            relay.listrak.script.fail(method, error, times=times)
        relay.run_to_end(hours=0.01)
        for step in file.then:
            {
                "imports end": relay.listrak.finish_imports,
                "a minute": lambda: relay.run_to_end(hours=0.02),
                "an hour": lambda: relay.run_to_end(hours=1),
                "30 hours": lambda: relay.run_to_end(hours=30),
                "returned": relay.redrive,
            }[step]()
    for _ in range(20):
        relay.listrak.finish_imports()
        relay.run_to_end(hours=1)
        relay.sweep()
        relay.redrive()
    assert all(relay.ledger.get_run(source.run_id).status.final for source in sources)
    return relay


def _named(name: str, **values: Any) -> EmailDestination:
    return replace(destination(**values), name=name)


def cities(relay: Relay) -> dict[str, str]:
    """Of those on the list: address → the value that is no mark."""
    found: dict[str, str] = {}
    for who, contact in relay.listrak.contact_book[relay.list_id].items():
        if contact.subscribed:
            found[who] = next((value for value in contact.values.values() if value in CITIES), "")
    return found


cases = {"files": st.lists(a_file, min_size=2, max_size=5), "rows": st.sampled_from([2, 3, 50])}


@examples(8)
@given(**cases)
def test_each_person_ends_as_the_last_file_says(files: list[File], rows: int) -> None:
    relay = deliver(files, rows, resubscribe=True)

    assert relay.listrak.subscribers(relay.list_id) == sorted(map(email_of, on_the_list(files)))
    said_no = {person for file in files for person, word in file.says.items() if word == NO}
    last = {person: file.city for file in files for person, word in file.says.items() if word == YES}
    found = cities(relay)
    assert {p: found[email_of(p)] for p in last if p not in said_no} == {
        p: city for p, city in last.items() if p not in said_no
    }


@examples(8)
@given(**cases)
def test_nobody_whose_last_word_is_no_is_subscribed(files: list[File], rows: int) -> None:
    relay = deliver(files, rows, resubscribe=False)

    assert not set(relay.listrak.subscribers(relay.list_id)) & set(map(email_of, last_no(files)))


@examples(8)
@given(**cases)
def test_values_and_marks_are_those_of_the_last_file(files: list[File], rows: int) -> None:
    files = [replace(file, says=dict.fromkeys(file.says, YES)) for file in files]
    relay = deliver(files, rows, resubscribe=False)

    last = {person: file.city for file in files for person in file.says}
    assert cities(relay) == {email_of(person): city for person, city in last.items()}
    for audience in ("vip", "gold"):
        members: set[int] = set()
        for file in files:
            if file.audience == audience:
                members = set(file.says) | (set() if file.kind == MIRROR else members)
        assert relay.listrak.members(relay.list_id, audience) == sorted(map(email_of, members))


SMS_TROUBLE = {
    "none": ("", None, 0),
    "refused": ("sender_codes", ConfigurationError("listrak_refused", "401"), 1),
    "list away": ("list_page", RetryableError("503"), 2),
    "opt-outs away": ("opt_out_page", RetryableError("503"), 6),
    "calls fail": ("create", RetryableError("500"), 6),
    "unsubscribing fails": ("unsubscribe", RetryableError("500"), 6),
    "no answer": ("create", OutcomeUnknownError("no answer"), 1),
}


@dataclass(frozen=True)
class SmsFile(File):
    """``stops``: who texts STOP when its event comes."""

    stops: frozenset[int] = frozenset()


an_sms_file = st.builds(
    SmsFile,
    kind=st.sampled_from([PLAIN, PLAIN, MIRROR]),
    says=st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from([YES, YES, YES, NO]), min_size=1),
    asks=st.booleans(),
    city=st.just(""),
    event=st.integers(0, 5),
    trouble=st.sampled_from(["none", "none", "none", *SMS_TROUBLE]),
    then=st.lists(st.sampled_from(["a minute", "an hour", "30 hours", "returned"]), max_size=3).map(tuple),
    stops=st.frozensets(st.sampled_from(PEOPLE), max_size=1),
)
sms_cases = {
    "files": st.lists(an_sms_file, min_size=2, max_size=5),
    "before": st.sets(st.sampled_from(PEOPLE)),
    "shows_leavers": st.booleans(),
}


def deliver_sms(dropped: Sequence[SmsFile], before: set[int], *, shows_leavers: bool) -> tuple[Relay, list[RunStatus]]:
    """With the status of each file's run."""
    relay = Relay()
    relay.book = FakeDestinationBook(
        SmsDestination(PLAIN),
        SmsDestination(MIRROR, mode=Mode.MIRROR, mirror_guard_percent=100, audience_guard_percent=100),
    )
    relay.deploy_email()
    relay.reader.columns = ()
    relay.sms.lists_leavers = shows_leavers
    for person in before:
        relay.sms.add(digits(person))
    sources = [relay.drops.drop(f"{file.kind}/texts/{n}.csv", b"phone\n") for n, file in enumerate(dropped)]
    for number in sorted(range(len(dropped)), key=lambda n: (dropped[n].event, n)):
        file = dropped[number]
        yes = [person for person, word in file.says.items() if word == YES]
        no = [person for person, word in file.says.items() if word == NO]
        relay.reader.rows = [*sms_rows(yes), *sms_rows(no, Action.UNSUBSCRIBE)]
        relay.reader.assumed = not file.asks
        relay.ingest(sources[number])
        method, error, times = SMS_TROUBLE[file.trouble]
        if error:
            relay.sms.script.fail(method, error, times=times)
        relay.run_to_end(hours=0.01)
        for person in file.stops:
            relay.sms.opt_out(digits(person))
        for step in file.then:
            if step == "returned":
                relay.redrive()
            else:
                relay.run_to_end(hours={"a minute": 0.02, "an hour": 1, "30 hours": 30}[step])
    for _ in range(12):
        relay.run_to_end(hours=1)
        relay.sweep()
        relay.redrive()
    statuses = [relay.ledger.get_run(source.run_id).status for source in sources]
    assert all(status.final for status in statuses)
    return relay, statuses


@examples(8)
@given(**sms_cases)
def test_a_phone_list_ends_as_the_last_file_says_and_nobody_who_said_stop_is_on_it(
    files: list[SmsFile], before: set[int], shows_leavers: bool
) -> None:
    """A mirror run whose list could not be read stops as a whole: its file says nothing but the opt-outs that are
    remembered."""
    relay, statuses = deliver_sms(files, before, shows_leavers=shows_leavers)

    stopped = {person for file in files for person in file.stops}
    found = {person for person in PEOPLE if digits(person) in relay.sms.subscribed()}
    assert relay.sms.lifted == []
    assert not found & stopped
    expected, said_no = set(before), set[int]()
    for file, status in zip(files, statuses, strict=True):
        yes = {person for person, word in file.says.items() if word == YES}
        no = file.says.keys() - yes
        if status is RunStatus.REJECTED:
            said_no |= no
            continue
        if file.kind == MIRROR and yes:
            expected &= file.says.keys()
        expected |= yes if file.asks else yes - said_no
        expected -= no
        said_no |= no
    assert found == expected - stopped
