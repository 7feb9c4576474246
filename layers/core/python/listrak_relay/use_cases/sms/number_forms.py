"""Whether Listrak finds numbers in the form in which they go. It documents none, and drops what it does not find."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from listrak_relay.domain.delivery.sms_numbers import sent_form
from listrak_relay.domain.destinations.choices import PhoneFormat
from listrak_relay.errors import CallFailedError, ContactRefusedError
from listrak_relay.ports.listrak_sms import SmsGateway

CODE = "numbers_not_located"

_SAMPLE = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NumberForms:
    """``form``: in which the destination sends numbers."""

    gateway: SmsGateway
    sender_code_id: int
    form: PhoneFormat

    def why_none_is_located(self, listed: Collection[str]) -> str | None:
        """A sentence for the operator, None if all is well. ``listed``: numbers that Listrak shows, by `comparable`."""
        sample = heapq.nsmallest(_SAMPLE, listed)
        if not sample or any(_answers(sample, lambda number: self._locates(number, self.form))):
            return None
        found = (self.other_form(number) for number in sample)
        return _sentence(self.form, next((form for form in found if form), None))

    def why_not_located(self, number: str) -> str | None:
        """The same for one number that Listrak was expected to know; None also where it finds it in no form."""
        other = self.other_form(number)
        return _sentence(self.form, other) if other else None

    def why_values_would_be_lost(self, numbers: Iterable[str]) -> str | None:
        """The same for the first of these numbers, which were created or subscribed, that can be asked about."""
        return next(_answers(islice(numbers, _SAMPLE), self._why_lost), None)

    def _why_lost(self, number: str) -> str | None:
        return None if self._locates(number, self.form) else self.why_not_located(number)

    def other_form(self, number: str) -> PhoneFormat | None:
        """The one in which Listrak finds the number."""
        sent = sent_form(number, self.form)
        others = (form for form in PhoneFormat if sent_form(number, form) != sent)
        return next((form for form in others if self._locates(number, form)), None)

    def _locates(self, number: str, form: PhoneFormat) -> bool:
        try:
            return self.gateway.opted_out(self.sender_code_id, sent_form(number, form)) is not None
        except ContactRefusedError:
            return False


def _answers(numbers: Iterable[str], ask: Callable[[str], T]) -> Iterator[T]:
    """Of those whose calls do not fail, which may be that number's matter; raises behind the others what it failed
    by."""
    failed: CallFailedError | None = None
    for number in numbers:
        try:
            answer = ask(number)
        except CallFailedError as error:
            failed = error
        else:
            yield answer
    if failed:
        raise failed


def _sentence(form: PhoneFormat, found: PhoneFormat | None) -> str:
    remedy = (
        f"finds them as phone_format: {found.value}; set that for this destination"
        if found
        else "finds them in no form that phone_format has; ask Listrak how numbers are to be written"
    )
    return (
        f"Listrak does not find the numbers that its own list shows when they are sent as phone_format: {form.value}, "
        f"but {remedy} and drop the file again."
    )
