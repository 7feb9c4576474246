"""Random files of one list, delayed, set aside and returned in any order, against a model that knows their drops only.

The model imports nothing of ours. Of each person it says what the last file says that speaks of them:

- yes of their own: subscribed;
- no of their own: not subscribed;
- yes by the destination's rule, in a file that asks nobody: subscribed, unless an earlier file brought a no.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.domain.destinations.choices import Mode
from listrak_relay.domain.run.manifest import Action
from listrak_relay.errors import ConfigurationError
from tests.support.examples import examples
from tests.support.runs.relay import Relay, destination, email_of, subscribers
from tests.support.runs.sms_relay import digits, sms_relay, sms_rows

PEOPLE = range(6)
YES, NO = "yes", "no"


@dataclass(frozen=True)
class File:
    """``says``: of each person in it. ``event``: when its event comes, among the others. ``fails``: its first delivery
    is set aside, and returned at the end. ``asks``: its yeses are the people's own."""

    says: dict[int, str]
    event: int
    fails: bool
    asks: bool = True


files = st.lists(
    st.builds(
        File,
        says=st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from([YES, YES, NO]), min_size=1),
        event=st.integers(0, 5),
        fails=st.booleans(),
    ),
    min_size=2,
    max_size=4,
)
some_ask_nobody = st.lists(
    st.builds(
        File,
        says=st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from([YES, YES, NO]), min_size=1),
        event=st.integers(0, 5),
        fails=st.booleans(),
        asks=st.booleans(),
    ),
    min_size=2,
    max_size=4,
)
cases = {"files": files, "slow": st.booleans(), "rows": st.sampled_from([2, 50])}
few = examples(5)


def last_word(dropped: Sequence[File], person: int) -> str | None:
    said = [file.says[person] for file in dropped if person in file.says]
    return said[-1] if said else None


def subscribed_by_model(dropped: Sequence[File], *, mirror: bool = False) -> set[int]:
    """``mirror``: as SMS has it, who is not in a file is taken off the list, if the file keeps anybody."""
    on_list: set[int] = set()
    said_no: set[int] = set()
    for file in dropped:
        if mirror and YES in file.says.values():
            on_list &= file.says.keys()
        yes = {person for person, word in file.says.items() if word == YES}
        no = file.says.keys() - yes
        on_list |= yes if file.asks else yes - said_no
        on_list -= no
        said_no |= no
    return on_list


def members_by_model(dropped: Sequence[File]) -> set[int]:
    """Of a mirrored audience: the yeses of the last file that has any."""
    keeping = [file.says for file in dropped if YES in file.says.values()]
    return {person for person, word in keeping[-1].items() if word == YES} if keeping else set()


def deliver(relay: Relay, dropped: Sequence[File], channel: str, rows: Any, slow: bool, breaks: Any) -> None:
    """Drop them all, then let their events come, some fail, and return what was set aside in the end."""
    relay.listrak.finish_at_once = not slow
    sources = [relay.drops.drop(f"{channel}/vip/file{n}.csv", b"email\n") for n in range(len(dropped))]
    for number in sorted(range(len(dropped)), key=lambda n: (dropped[n].event, n)):
        says = dropped[number].says
        yes = rows([p for p, word in says.items() if word == YES])
        relay.reader.rows = [*yes, *rows([p for p, word in says.items() if word == NO], Action.UNSUBSCRIBE)]
        relay.reader.assumed = not dropped[number].asks
        relay.ingest(sources[number])
        if dropped[number].fails:
            breaks()
        relay.run_to_end(hours=0.02 if slow else 1)
    for _ in range(12):
        relay.listrak.finish_imports()
        relay.run_to_end(hours=1)
        relay.redrive()
    assert all(relay.ledger.get_run(source.run_id).status.final for source in sources)


def email_relay(rows: int, **values: Any) -> Relay:
    return Relay(destination(mirror_guard_percent=100, audience_guard_percent=100, **values), small_chunk_rows=rows)


def break_email(relay: Relay) -> Any:
    return lambda: relay.listrak.script.fail("lists", ConfigurationError("listrak_refused", "401"))


@few
@given(**cases)
def test_email_ends_as_the_last_file_says(files: list[File], slow: bool, rows: int) -> None:
    relay = email_relay(rows, resubscribe=True)
    deliver(relay, files, "email", subscribers, slow, break_email(relay))

    on_list = relay.listrak.subscribers(relay.list_id)
    assert on_list == sorted(map(email_of, subscribed_by_model(files)))


@few
@given(files=some_ask_nobody, slow=st.booleans(), rows=st.sampled_from([2, 50]))
def test_a_no_holds_against_files_that_ask_nobody(files: list[File], slow: bool, rows: int) -> None:
    relay = email_relay(rows, resubscribe=True)
    deliver(relay, files, "email", subscribers, slow, break_email(relay))

    on_list = relay.listrak.subscribers(relay.list_id)
    assert on_list == sorted(map(email_of, subscribed_by_model(files)))


@few
@given(files=some_ask_nobody)
def test_a_no_by_sms_holds_against_files_that_ask_nobody(files: list[File]) -> None:
    relay = sms_relay(resubscribe=True)
    breaks = lambda: relay.sms.script.fail("sender_codes", ConfigurationError("listrak_refused", "401"))  # noqa: E731
    deliver(relay, files, "sms", sms_rows, False, breaks)

    assert relay.sms.subscribed() == sorted(map(digits, subscribed_by_model(files)))


@few
@given(**cases)
def test_email_without_resubscribe_never_undoes_a_no(files: list[File], slow: bool, rows: int) -> None:
    relay = email_relay(rows)
    deliver(relay, files, "email", subscribers, slow, break_email(relay))

    on_list = set(relay.listrak.subscribers(relay.list_id))
    assert not on_list & {email_of(person) for person in PEOPLE if last_word(files, person) == NO}


@few
@given(**cases)
def test_a_mirrored_audience_ends_as_the_last_file_says(files: list[File], slow: bool, rows: int) -> None:
    relay = email_relay(rows, mode=Mode.MIRROR, resubscribe=True)
    deliver(relay, files, "email", subscribers, slow, break_email(relay))

    members = set(relay.listrak.members(relay.list_id, "vip"))
    on_list = set(relay.listrak.subscribers(relay.list_id))
    assert members & on_list == {email_of(p) for p in members_by_model(files) if last_word(files, p) == YES}
    assert not on_list & {email_of(person) for person in PEOPLE if last_word(files, person) == NO}


@few
@given(files=files)
def test_sms_ends_as_the_last_file_says(files: list[File]) -> None:
    relay = sms_relay(resubscribe=True)
    breaks = lambda: relay.sms.script.fail("sender_codes", ConfigurationError("listrak_refused", "401"))  # noqa: E731
    deliver(relay, files, "sms", sms_rows, False, breaks)

    assert relay.sms.subscribed() == sorted(map(digits, subscribed_by_model(files)))


@few
@given(files=files)
def test_a_mirrored_phone_list_ends_as_the_last_file_says(files: list[File]) -> None:
    relay = sms_relay(mode=Mode.MIRROR, mirror_guard_percent=100, audience_guard_percent=100, resubscribe=True)
    breaks = lambda: relay.sms.script.fail("sender_codes", ConfigurationError("listrak_refused", "401"))  # noqa: E731
    deliver(relay, files, "sms", sms_rows, False, breaks)

    assert relay.sms.subscribed() == sorted(map(digits, subscribed_by_model(files, mirror=True)))
