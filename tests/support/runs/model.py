"""Who is to be what in the end, by rules written down here once more. Imports nothing of the program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

YES, NO, UPDATE = "subscribe", "unsubscribe", "update"


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
