"""What each import type does to a contact, by the contact's state. No import ever resubscribes anyone.

Sources: the published ImportFile and ListImportSummary texts, and Listrak's help pages on import types; README.md
names the cells of these tables that Listrak leaves open.
"""

from dataclasses import dataclass
from typing import TypeAlias

from listrak_simulator.email_api.contacts import State
from listrak_simulator.email_api.import_request import ImportRequest
from listrak_simulator.email_api.imports import RowResult


@dataclass(frozen=True, slots=True)
class Outcome:
    result: RowResult
    writes_profile: bool = False
    adds: bool = False
    removes: bool = False


Rules: TypeAlias = dict[int, Outcome]

_SKIPPED = Outcome(RowResult.SKIPPED)
_UNKNOWN = Outcome(RowResult.UNKNOWN)
_PREVIOUSLY_UNSUBSCRIBED = Outcome(RowResult.PREVIOUSLY_UNSUBSCRIBED)


def rules_for(request: ImportRequest) -> Rules:
    """The outcome for each State a contact can be in when its row is met."""
    if request.import_type == "RemoveSubscribers":
        return {
            State.ABSENT: _UNKNOWN,
            State.SUBSCRIBED: Outcome(RowResult.UNSUBSCRIBED, removes=True),
            State.UNSUBSCRIBED: Outcome(RowResult.ALREADY_UNSUBSCRIBED),
            State.PENDING: _SKIPPED,
        }
    if request.import_type == "UpdateSubscribers":
        return {
            State.ABSENT: _UNKNOWN,
            State.SUBSCRIBED: Outcome(RowResult.ALREADY_SUBSCRIBED, writes_profile=True),
            State.UNSUBSCRIBED: Outcome(RowResult.PREVIOUSLY_UNSUBSCRIBED, request.include_unsubscribed),
            State.PENDING: _SKIPPED,
        }
    with_profile = request.import_type == "AddSubscribersAndSegmentationData"
    return {
        State.ABSENT: Outcome(RowResult.SUBSCRIBED, with_profile, adds=True),
        State.SUBSCRIBED: Outcome(RowResult.ALREADY_SUBSCRIBED, with_profile),
        State.UNSUBSCRIBED: _PREVIOUSLY_UNSUBSCRIBED,
        State.PENDING: _SKIPPED,
    }
