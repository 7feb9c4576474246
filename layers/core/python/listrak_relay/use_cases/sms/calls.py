"""The calls for one number. Nothing here may put a person who said STOP back on a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.domain.delivery import sms_results as ends
from listrak_relay.domain.delivery.sms_numbers import sent_form
from listrak_relay.domain.delivery.sms_plan import SmsPlan
from listrak_relay.domain.delivery.sms_results import End, Removal, RowEnd
from listrak_relay.domain.delivery.sms_steps import Step
from listrak_relay.domain.destinations.destinations import SmsDestination
from listrak_relay.errors import ContactRefusedError
from listrak_relay.ports.listrak_sms import NewContact, SmsAnswer, SmsGateway

NOT_LOCATED = "ERROR_UNABLE_TO_LOCATE_RESOURCE"


@dataclass(frozen=True, slots=True, repr=False)
class NumberCalls:
    """``ask_first``: opt-outs are not known, so that each person is asked about before anything is done for them."""

    gateway: SmsGateway
    plan: SmsPlan
    destination: SmsDestination
    ask_first: bool

    def take(self, step: Step, number: str, values: Mapping[str, str]) -> RowEnd:
        """Do what the step says for a number in E.164; ``values``: facts that go with a new contact.

        Raises:
            RetryableError, ConfigurationError: as `ports.listrak_sms.SmsGateway`.
        """
        sent = sent_form(number, self.destination.phone_format)
        try:
            if step is Step.SUBSCRIBE:
                return self._subscribe(NewContact(sent, values))
            if step is Step.UNSUBSCRIBE:
                return self._unsubscribe(sent)
            return self._look(sent)
        except ContactRefusedError as error:
            return RowEnd(End.REFUSED, error.code)

    def remove(self, number: str) -> Removal:
        """``number``: digits with country code."""
        sent = sent_form(number, self.destination.phone_format)
        try:
            answer = self.gateway.unsubscribe(self.plan.sender_code_id, self.plan.list_id, sent)
        except ContactRefusedError:
            return Removal.REFUSED
        return Removal.REMOVED if answer is SmsAnswer.DONE else Removal.ALREADY_GONE

    def _subscribe(self, contact: NewContact) -> RowEnd:
        if self.ask_first and not self.destination.resubscribe:
            opted_out = self.gateway.opted_out(self.plan.sender_code_id, contact.number)
            if opted_out is not None:
                return ends.OPTED_OUT if opted_out else self._join(contact.number)
        answer = self.gateway.create(self.plan.sender_code_id, self.plan.list_id, contact)
        if answer is not SmsAnswer.KNOWN:
            return self._accepted(answer, ends.CREATED)
        # Listrak does not say whether subscribing lifts an opt-out, and the person may have opted out since the plan
        # was made, so they are looked at right before.
        if not self.destination.resubscribe and self.gateway.opted_out(self.plan.sender_code_id, contact.number):
            return ends.OPTED_OUT
        return self._join(contact.number)

    def _join(self, number: str) -> RowEnd:
        answer = self.gateway.subscribe(self.plan.sender_code_id, self.plan.list_id, number)
        if answer is SmsAnswer.UNKNOWN:
            return RowEnd(End.REFUSED, NOT_LOCATED)
        return self._accepted(answer, ends.SUBSCRIBED)

    def _accepted(self, answer: SmsAnswer, done: RowEnd) -> RowEnd:
        if answer is SmsAnswer.PENDING or (answer is SmsAnswer.DONE and self.plan.confirms):
            return ends.PENDING
        return done if answer is SmsAnswer.DONE else ends.ALREADY_RIGHT

    def _unsubscribe(self, number: str) -> RowEnd:
        answer = self.gateway.unsubscribe(self.plan.sender_code_id, self.plan.list_id, number)
        return ends.UNSUBSCRIBED if answer is SmsAnswer.DONE else ends.ALREADY_RIGHT

    def _look(self, number: str) -> RowEnd:
        opted_out = self.gateway.opted_out(self.plan.sender_code_id, number)
        if opted_out is None:
            return ends.NOT_ON_LIST
        return ends.OPTED_OUT if opted_out else ends.ALREADY_RIGHT
