"""What creating, subscribing, unsubscribing and updating do to a number, by its state under the sender code.

Sources: the published routes and error codes; which step answers which code, and what an opt-out means to a
subscription, is README.md's choice where those are silent.
"""

from listrak_simulator import clock, errors
from listrak_simulator.sms_api.account import PhoneList, SenderCode, SmsAccount
from listrak_simulator.sms_api.contact_body import ContactBody
from listrak_simulator.sms_api.contacts import Contact, State, Subscription
from listrak_simulator.sms_api.settings import SmsSettings


def create(
    account: SmsAccount, sender_code: SenderCode, phone_list: PhoneList, body: ContactBody, settings: SmsSettings
) -> None:
    """Raises ApiError; nothing is changed then."""
    if body.opted_out:
        raise errors.invalid_parameter("optedOut")
    _require_welcome(sender_code, body.number, settings)
    if body.number in sender_code.contacts:
        if settings.sms_create_existing == "by_state":
            _require_not_on_list(phone_list.subscription(body.number))
        raise errors.refused("ERROR_PHONE_NUMBER_FOUND", "The phone number already exists on the sender code.")
    contact = account.add_contact(sender_code, body.number, clock.now())
    body.write(contact.person)
    _join(sender_code, phone_list, contact, settings, "create")


def subscribe(sender_code: SenderCode, phone_list: PhoneList, contact: Contact, settings: SmsSettings) -> None:
    """Raises ApiError; nothing is changed then."""
    _require_welcome(sender_code, contact.number, settings)
    _require_not_on_list(phone_list.subscription(contact.number))
    _join(sender_code, phone_list, contact, settings, "subscribe")


def unsubscribe(phone_list: PhoneList, contact: Contact) -> None:
    """Raises ApiError ERROR_PHONE_NUMBER_NOT_SUBSCRIBED. A pending subscription ends as a full one does."""
    subscription = phone_list.subscription(contact.number)
    if subscription is None or subscription.state is State.UNSUBSCRIBED:
        raise errors.refused("ERROR_PHONE_NUMBER_NOT_SUBSCRIBED", "The phone number is not subscribed to the list.")
    subscription.unsubscribe(clock.now())


def update(sender_code: SenderCode, body: ContactBody, settings: SmsSettings) -> None:
    """Never opts anyone in. Raises ApiError; nothing is changed then."""
    if body.number in sender_code.banned:
        raise _banned()
    contact = sender_code.located(body.written, body.number, settings.sms_located_form)
    if contact is None:
        raise errors.number_not_found()
    body.write(contact.person, clears_omitted=settings.sms_update_clears_omitted)
    if body.opted_out:
        sender_code.opt_out(body.number, "API", clock.now())


def _require_welcome(sender_code: SenderCode, number: str, settings: SmsSettings) -> None:
    if number in sender_code.banned:
        raise _banned()
    if number in sender_code.suspended:
        raise errors.refused("ERROR_PHONE_NUMBER_SUSPENDED", "The service of the phone number is suspended.")
    if number in sender_code.blocked:
        raise errors.refused("ERROR_PHONE_NUMBER_BLOCKED", "The phone number is blocked.")
    if settings.sms_opted_out_subscribe == "refused" and number in sender_code.opt_outs:
        raise errors.refused("ERROR_PHONE_NUMBER_OPTED_OUT", "The phone number has opted out of the sender code.")


def _require_not_on_list(subscription: Subscription | None) -> None:
    if subscription is None or subscription.state is State.UNSUBSCRIBED:
        return
    if subscription.state is State.PENDING:
        raise errors.refused("ERROR_PENDING_PHONE_NUMBER", "The phone number is pending on the list.")
    raise errors.refused("ERROR_SUBSCRIBED_PHONE_NUMBER", "The phone number is already subscribed to the list.")


def _banned() -> errors.ApiError:
    return errors.refused("ERROR_BANNED_PHONE_NUMBER", "The phone number has been banned.")


def _join(sender_code: SenderCode, phone_list: PhoneList, contact: Contact, settings: SmsSettings, call: str) -> None:
    moment = clock.now()
    if settings.sms_opted_out_subscribe == "lifts":
        sender_code.opt_outs.lift(contact.number, moment, call)
    subscription = phone_list.member(contact)
    if phone_list.requires_double_opt_in or phone_list.requires_age_gate:
        subscription.wait(
            moment, double_opt_in=phone_list.requires_double_opt_in, age_gate=phone_list.requires_age_gate
        )
    else:
        subscription.subscribe(moment)
