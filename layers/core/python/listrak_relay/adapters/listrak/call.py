"""One call to Listrak, and what is known of it when it has no usable answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.adapters.listrak.token import given_up
from listrak_relay.errors import OutcomeUnknownError, RetryableError, UnusableAnswerError


@dataclass(frozen=True, slots=True, repr=False)
class Call:
    """One request. ``name`` is the route without its values, fit for logs and errors: paths may hold an address.

    ``repeatable``: sending it twice leaves the same state, so that a lost answer may be met by trying again.
    ``again_within``: seconds after the first try in which it may be tried again, None for as long as others are.
    """

    method: str
    path: str
    name: str
    repeatable: bool
    query: Mapping[str, str] | None = None
    json: object = None
    again_within: float | None = None


class TryAgainError(Exception):
    """The call had no effect, or a repeat does no harm."""

    def __init__(self, why: str, asked: float | None = None, *, throttled: bool = False) -> None:
        super().__init__(why)
        self.asked, self.throttled = asked, throttled

    def at_last(self) -> RetryableError:
        """When it is not tried any more."""
        return given_up(str(self), self.asked, throttled=self.throttled)


def lost(call: Call, why: str, asked: float | None = None) -> Exception:
    """To be raised of a call that may have taken effect. ``asked``: seconds that Listrak asked to wait."""
    said = f"{call.name}: {why}"
    return TryAgainError(said, asked) if call.repeatable else OutcomeUnknownError(said)


def unusable(call: Call, why: str) -> Exception:
    """To be raised of a call whose answer makes no sense. A question is asked again at once. A change is not: whatever
    answered in Listrak's stead has taken it as often as it was sent."""
    said = f"{call.name}: {why}"
    return UnusableAnswerError(said) if call.repeatable and call.method != "GET" else lost(call, why)
