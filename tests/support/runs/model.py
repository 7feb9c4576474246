"""Who is to be what in the end, by rules written down here once more. Imports nothing of the program."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

YES, NO, UPDATE = "subscribe", "unsubscribe", "update"
NOBODY = "nobody"
"""Of a row that names nobody."""


@dataclass(frozen=True)
class Person:
    """``subscribed``: None for somebody whom Listrak does not know. ``marked``: has the audience's mark."""

    subscribed: bool | None = None
    marked: bool = False


@dataclass(frozen=True)
class Rules:
    mirror: bool = False
    resubscribe: bool = False


def afterwards(
    before: Mapping[str, Person], rows: Iterable[tuple[str, str]], rules: Rules, never: frozenset[str] = frozenset()
) -> dict[str, Person]:
    """Of an email list and one audience. ``rows``: what is asked for (YES, NO, UPDATE) and for whom, the last one of a
    person counts. ``never``: whom Listrak takes in no case."""
    asked = {who: what for what, who in rows}
    people = dict(before)
    if rules.mirror:
        for who, person in before.items():
            if person.marked and asked.get(who) not in (YES, UPDATE):
                people[who] = Person(person.subscribed, marked=False)
    for who, what in asked.items():
        if who in never:
            continue
        there = people.get(who, Person())
        if what == NO:
            if there.subscribed is not None:
                people[who] = Person(False, there.marked)
        elif there.subscribed is True or (what == YES and (there.subscribed is None or rules.resubscribe)):
            people[who] = Person(True, marked=True)
    return people


def phone_list_afterwards(
    on_list: Iterable[str], opted_out: Iterable[str], rows: Iterable[tuple[str, str]], *, mirror: bool
) -> set[str]:
    """The numbers that are on the phone list in the end."""
    asked = {who: what for what, who in rows}
    out = set(opted_out)
    people = set(on_list)
    if mirror:
        people &= {who for who, what in asked.items() if what in (YES, UPDATE)}
    for who, what in asked.items():
        if what == NO:
            people.discard(who)
        elif what == YES and who not in out:
            people.add(who)
    return people


def counts_of_email(
    before: Mapping[str, Person], rows: Iterable[tuple[str, str]], rules: Rules, never: frozenset[str] = frozenset()
) -> dict[str, int]:
    """What a report counts of a file with these rows, of which `NOBODY` stands for one that cannot be read."""
    rows = list(rows)
    asked = {who: what for what, who in rows if what != NOBODY}
    ends = Counter(_end_of_email(what, before.get(who, Person()), who in never, rules) for who, what in asked.items())
    return _counts(rows, ends)


def counts_of_phones(opted_out: Iterable[str], rows: Iterable[tuple[str, str]]) -> dict[str, int]:
    """The same of numbers. A no is heeded whether the number was on the list or not."""
    rows, out = list(rows), set(opted_out)
    asked = {who: what for what, who in rows if what != NOBODY}
    return _counts(
        rows, Counter("skipped" if what == YES and who in out else "accepted" for who, what in asked.items())
    )


def feed_as_sent(header: Sequence[str], rows: Iterable[Sequence[str]]) -> tuple[str, dict[str, int]]:
    """The file on the SFTP server, and its counts. A row counts as broken whose last value is no time."""
    rows = list(rows)
    sound = [row for row in rows if row[-1].startswith("20")]
    text = "".join(f"{','.join(row)}\n" for row in (header, *sound))
    return text, {
        **_counts([], Counter()),
        "read": len(rows),
        "accepted": len(sound),
        "rejected": len(rows) - len(sound),
    }


def _end_of_email(what: str, person: Person, never: bool, rules: Rules) -> str:
    if what == NO:
        return "skipped" if person.subscribed is None else "accepted"
    if never:
        return "refused"
    left = person.subscribed is False and not rules.resubscribe
    return "skipped" if left or (what == UPDATE and person.subscribed is None) else "accepted"


def _counts(rows: Sequence[tuple[str, str]], ends: Counter[str]) -> dict[str, int]:
    rejected = sum(what == NOBODY for what, _ in rows)
    people = len(rows) - rejected
    counted = {name: ends[name] for name in ("accepted", "refused", "skipped")}
    return {
        **counted,
        "read": len(rows),
        "rejected": rejected,
        "duplicates": people - sum(ends.values()),
        "dead_lettered": 0,
    }
