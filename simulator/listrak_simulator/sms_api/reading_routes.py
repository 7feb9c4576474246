"""Reading contacts: those of a phone list, one, one's phone lists, and who opted out of the sender code."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from listrak_simulator import answers, clock, queries
from listrak_simulator.simulator import contact_horizon, opt_out_horizon, simulator_of
from listrak_simulator.sms_api import phone_numbers
from listrak_simulator.sms_api.account import SenderCode
from listrak_simulator.sms_api.contacts import Contact, OptOut, State, Subscription, system_fields
from listrak_simulator.sms_api.operation import SENDER_CODE, list_of, operation, seen_contact_of, sender_code_of

_LISTED = {
    "subscribed": (State.SUBSCRIBED,),
    "subscribed_and_pending": (State.SUBSCRIBED, State.PENDING),
    "all": tuple(State),
}

_Entry = TypeVar("_Entry")


async def get_list_contacts(request: Request) -> Response:
    """Those in a state that the settings list; asked for the opted out, whoever of those was ever on the list."""
    sender_code = sender_code_of(request)
    phone_list = list_of(request, sender_code)
    opted_out = queries.flag(request, "optedOut", default=False)
    asked = queries.PageRequest.of(request)
    in_range = _range_test(request, "startSubscribeDate", "endSubscribeDate")
    opt_outs = sender_code.opt_outs
    states = tuple(State) if opted_out else _LISTED[simulator_of(request).settings.sms_listed_states]
    contacts_until, opt_outs_until = contact_horizon(request), opt_out_horizon(request)

    def wanted(member: Subscription) -> bool:
        return (
            member.seen(contacts_until) in states
            and member.contact.created_at <= contacts_until
            and (opt_outs.seen(member.contact.person.number, opt_outs_until) is not None) == opted_out
            and (in_range is None or in_range(member.subscribed_at))
        )

    found, following = _page(phone_list.members, asked, wanted)
    describe = _describer(request, sender_code)
    data = [describe(member.contact) for member in found]
    return answers.page(data, queries.next_page_cursor(request, following))


async def get_contact(request: Request) -> Response:
    sender_code = sender_code_of(request)
    contact = seen_contact_of(request, sender_code)
    opt_out = sender_code.opt_outs.seen(contact.number, opt_out_horizon(request))
    return answers.resource(
        {
            "subscribeDate": clock.as_api_date(contact.created_at),
            "unsubscribeDate": clock.as_api_date(opt_out.opted_out_at) if opt_out else None,
            **_describer(request, sender_code)(contact),
        }
    )


async def get_lists_of_contact(request: Request) -> Response:
    sender_code = sender_code_of(request)
    contact = seen_contact_of(request, sender_code)
    asked = queries.PageRequest.of(request)
    subscriptions = sender_code.subscriptions(contact.number)
    words, horizon = simulator_of(request).settings.sms_state_words.split(","), contact_horizon(request)
    found, following = _page(subscriptions, asked, None)
    data = [
        {
            "phoneListId": phone_list.list_id,
            "subscriptionState": words[subscription.seen(horizon)],
            "subscribeDate": clock.as_api_date(subscription.subscribed_at),
            "unsubscribeDate": clock.as_api_date(subscription.unsubscribed_at),
            "pendingDate": clock.as_api_date(subscription.pending_at),
            "pendingDoubleOptIn": subscription.pending_double_opt_in,
            "pendingAgeGate": subscription.pending_age_gate,
        }
        for phone_list, subscription in found
    ]
    return answers.page(data, queries.next_page_cursor(request, following))


async def get_opt_outs(request: Request) -> Response:
    sender_code = sender_code_of(request)
    asked = queries.PageRequest.of(request)
    in_range = _range_test(request, "startDate", "endDate")

    settings, horizon = simulator_of(request).settings, opt_out_horizon(request)

    def wanted(entry: OptOut) -> bool:
        return entry.is_seen(horizon) and (in_range is None or in_range(entry.opted_out_at))

    found, following = _page(sender_code.opt_outs.entries, asked, wanted)
    data = [
        {
            "phoneNumber": phone_numbers.in_form(entry.number, settings.sms_number_form, sender_code.country),
            "optOutDate": clock.as_api_date(entry.opted_out_at),
            "optOutReason": entry.reason,
        }
        for entry in found
    ]
    if not settings.sms_opt_out_cursor:
        return answers.collection(data)
    return answers.page(data, queries.next_page_cursor(request, following))


def _page(
    entries: Sequence[_Entry], asked: queries.PageRequest, wanted: Callable[[_Entry], bool] | None
) -> tuple[list[_Entry], int | None]:
    """Up to a page of the wanted entries from the cursor's place on, and where the next page starts."""
    found: list[_Entry] = []
    for position in range(asked.start, len(entries)):
        entry = entries[position]
        if wanted is None or wanted(entry):
            if len(found) == asked.count:
                return found, position
            found.append(entry)
    return found, None


def _range_test(request: Request, start_name: str, end_name: str) -> Callable[[float | None], bool] | None:
    """None where the query names no dates. Moments count by their whole seconds, as answers show them."""
    start, end = queries.date_range(request, start_name, end_name)
    if start is None and end is None:
        return None
    first, last = int(start or 0), end if end is not None else float("inf")
    return lambda moment: moment is not None and first <= int(moment) <= last


def _describer(request: Request, sender_code: SenderCode) -> Callable[[Contact], dict[str, Any]]:
    """What makes the published SMSContact; profile fields without a value are left out."""
    form, country, opt_outs = simulator_of(request).settings.sms_number_form, sender_code.country, sender_code.opt_outs
    horizon = opt_out_horizon(request)

    def describe(contact: Contact) -> dict[str, Any]:
        person = contact.person
        return {
            "phoneNumber": phone_numbers.in_form(person.number, form, country),
            **system_fields(person),
            "optedOut": opt_outs.seen(person.number, horizon) is not None,
            "segmentationFieldValues": [
                {"segmentationFieldId": field_id, "value": value} for field_id, value in person.values.items()
            ],
        }

    return describe


routes = [
    operation("GET", f"{SENDER_CODE}/PhoneList/{{phoneListId}}/Contact", get_list_contacts),
    operation("GET", f"{SENDER_CODE}/Contact/{{phoneNumber}}", get_contact),
    operation("GET", f"{SENDER_CODE}/Contact/{{phoneNumber}}/PhoneList", get_lists_of_contact),
    operation("GET", f"{SENDER_CODE}/OptOut", get_opt_outs),
]
