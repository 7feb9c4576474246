"""What is to be done for each number of a run, decided by comparing the file with what Listrak already has."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from enum import StrEnum

from listrak_relay.domain.run.manifest import Action


class Step(StrEnum):
    """One character a row: that is how the steps of a chunk are stored, in the order of its rows.

    LOOK: whether Listrak knows the number has to be asked. RETURN, STAY: the list shows the number, but shows those too
    who have left it, so that has to be asked; who has left is subscribed, or left alone. The last two are left alone.
    """

    NOTHING = "="
    SUBSCRIBE = "+"
    UNSUBSCRIBE = "-"
    LOOK = "?"
    RETURN = "r"
    STAY = "s"
    OPTED_OUT = "o"
    NOT_ON_LIST = "n"


@dataclass(frozen=True, slots=True)
class Standing:
    """Who stands where in Listrak, by `sms_numbers.comparable`.

    ``subscribed``: whom the list shows, None if that could not be read. ``opted_out``: of the sender code, as far as
    known. ``with_leavers``: the list shows those too who have left it. ``some_unreadable``: it shows people whose
    numbers cannot be read, so that whoever is not among the ``subscribed`` may be one of them.
    """

    subscribed: Set[str] | None
    opted_out: Set[str]
    with_leavers: bool = False
    some_unreadable: bool = False


def step_for(action: Action, number: str, standing: Standing, *, resubscribe: bool) -> Step:
    """An opt-out goes before everything, unless the row unsubscribes or opt-outs are to be lifted on purpose."""
    on_list = None if standing.subscribed is None else number in standing.subscribed
    if standing.some_unreadable:
        on_list = on_list or None
    if action is Action.UNSUBSCRIBE:
        return Step.NOTHING if on_list is False else Step.UNSUBSCRIBE
    if number in standing.opted_out:
        return Step.SUBSCRIBE if resubscribe and action is Action.SUBSCRIBE else Step.OPTED_OUT
    if on_list and standing.with_leavers:
        return Step.RETURN if action is Action.SUBSCRIBE else Step.STAY
    if on_list:
        return Step.NOTHING
    if action is Action.SUBSCRIBE:
        return Step.SUBSCRIBE
    return Step.LOOK if on_list is None else Step.NOT_ON_LIST
