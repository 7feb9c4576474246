"""The calls for one number. Nothing here may put a person who said STOP back on a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.domain.delivery import sms_results as ends
from listrak_relay.domain.delivery.sms_numbers import sent_form
from listrak_relay.domain.delivery.sms_plan import SmsPlan
from listrak_relay.domain.delivery.sms_results import Removal
from listrak_relay.domain.delivery.sms_steps import Step
from listrak_relay.domain.destinations.destinations import SmsDestination
from listrak_relay.domain.run.row_ends import End, RowEnd
from listrak_relay.errors import ConfigurationError, ContactRefusedError
from listrak_relay.ports.listrak_sms import NewContact, SmsAnswer, SmsGateway
from listrak_relay.use_cases.sms.number_forms import CODE, NumberForms
from listrak_relay.use_cases.sms.opt_outs import OptOutWatch

NOT_LOCATED = "ERROR_UNABLE_TO_LOCATE_RESOURCE"


@dataclass(frozen=True, slots=True, repr=False)
class NumberCalls:
    """``opt_outs``: since the plan. ``forms``: asked when Listrak does not find a number that it must have."""

    gateway: SmsGateway
    plan: SmsPlan
    destination: SmsDestination
    opt_outs: OptOutWatch
    forms: NumberForms

    def take(self, step: Step, number: str, values: Mapping[str, str]) -> RowEnd:
        """Do what the step says for a number in E.164; ``values``: facts that go with a new contact.

        Raises:
            RetryableError, ConfigurationError: as `ports.listrak_sms.SmsGateway`.
        """
        sent = sent_form(number, self.destination.phone_format)
        try:
            if step is Step.SUBSCRIBE:
                return self._subscribe(number, NewContact(sent, values))
            if step is Step.UNSUBSCRIBE:
                return self._unsubscribe(number, sent)
            if step is Step.LOOK:
                return self._look(number, sent)
            if self.gateway.left_list_at(self.plan.sender_code_id, self.plan.list_id, sent) is None:
                return ends.ALREADY_RIGHT
            return self._subscribe(number, NewContact(sent, values)) if step is Step.RETURN else ends.NOT_ON_LIST
        except ContactRefusedError as error:
            return RowEnd(End.REFUSED, error.code, error.words)

    def remove(self, number: str) -> Removal:
        """``number``: digits with country code, of the list."""
        sent = sent_form(number, self.destination.phone_format)
        try:
            answer = self.gateway.unsubscribe(self.plan.sender_code_id, self.plan.list_id, sent)
        except ContactRefusedError:
            return Removal.REFUSED
        if answer is SmsAnswer.UNKNOWN:
            self._check_form(number)
            return Removal.REFUSED
        return Removal.REMOVED if answer is SmsAnswer.DONE else Removal.ALREADY_GONE

    def _subscribe(self, number: str, contact: NewContact) -> RowEnd:
        if not self.destination.resubscribe and self.opt_outs.has(number):
            return ends.OPTED_OUT
        answer = self.gateway.create(self.plan.sender_code_id, self.plan.list_id, contact)
        if answer is not SmsAnswer.KNOWN:
            return self._accepted(answer, ends.CREATED)
        # Listrak does not say whether subscribing lifts an opt-out, and the person may have opted out just now, so
        # they are looked at right before.
        opted_out = self.gateway.opted_out(self.plan.sender_code_id, contact.number)
        if opted_out is None:
            return self._not_located(number)
        if opted_out and not self.destination.resubscribe:
            return ends.OPTED_OUT
        left_at = self.gateway.left_list_at(self.plan.sender_code_id, self.plan.list_id, contact.number)
        if left_at is not None and left_at > self.plan.read_at:
            return ends.LEFT_SINCE
        answer = self.gateway.subscribe(self.plan.sender_code_id, self.plan.list_id, contact.number)
        return self._not_located(number) if answer is SmsAnswer.UNKNOWN else self._accepted(answer, ends.SUBSCRIBED)

    def _accepted(self, answer: SmsAnswer, done: RowEnd) -> RowEnd:
        if answer is SmsAnswer.PENDING or (answer is SmsAnswer.DONE and self.plan.confirms):
            return ends.PENDING
        return done if answer is SmsAnswer.DONE else ends.ALREADY_RIGHT

    def _unsubscribe(self, number: str, sent: str) -> RowEnd:
        try:
            answer = self.gateway.unsubscribe(self.plan.sender_code_id, self.plan.list_id, sent)
        except ContactRefusedError:
            return ends.STILL_ON_LIST
        if answer is SmsAnswer.UNKNOWN:
            self._check_form(number)
            # By a list that was read the person is on it; by none, a number unknown to Listrak is on no list.
            return ends.STILL_ON_LIST if self.plan.list_read else ends.ALREADY_RIGHT
        return ends.UNSUBSCRIBED if answer is SmsAnswer.DONE else ends.ALREADY_RIGHT

    def _look(self, number: str, sent: str) -> RowEnd:
        opted_out = self.gateway.opted_out(self.plan.sender_code_id, sent)
        if opted_out is None:
            self._check_form(number)
            return ends.NOT_ON_LIST
        return ends.OPTED_OUT if opted_out else ends.ALREADY_RIGHT

    def _not_located(self, number: str) -> RowEnd:
        self._check_form(number)
        return RowEnd(End.REFUSED, NOT_LOCATED)

    def _check_form(self, number: str) -> None:
        if why := self.forms.why_not_located(number):
            raise ConfigurationError(CODE, why)
