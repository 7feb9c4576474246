"""Changing contacts: create, update, subscribe, unsubscribe."""

from starlette.requests import Request
from starlette.responses import Response

from listrak_simulator import answers
from listrak_simulator.operations import body_of
from listrak_simulator.simulator import simulator_of
from listrak_simulator.sms_api import subscription_rules
from listrak_simulator.sms_api.contact_body import ContactBody
from listrak_simulator.sms_api.operation import (
    SENDER_CODE,
    answered_number,
    contact_of,
    list_of,
    operation,
    sender_code_of,
)


async def create_contact(request: Request) -> Response:
    sender_code = sender_code_of(request)
    phone_list = list_of(request, sender_code)
    simulator = simulator_of(request)
    body = ContactBody.parse(await body_of(request), sender_code, simulator.sms.fields)
    subscription_rules.create(simulator.sms, sender_code, phone_list, body, simulator.settings)
    return answers.created(answered_number(request, sender_code, body.number))


async def update_contact(request: Request) -> Response:
    sender_code = sender_code_of(request)
    simulator = simulator_of(request)
    body = ContactBody.parse(await body_of(request), sender_code, simulator.sms.fields)
    subscription_rules.update(sender_code, body, simulator.settings)
    return answers.updated(answered_number(request, sender_code, body.number))


async def subscribe_contact(request: Request) -> Response:
    sender_code = sender_code_of(request)
    phone_list = list_of(request, sender_code)
    contact = contact_of(request, sender_code)
    subscription_rules.subscribe(sender_code, phone_list, contact, simulator_of(request).settings)
    return answers.created(answered_number(request, sender_code, contact.number))


async def unsubscribe_contact(request: Request) -> Response:
    sender_code = sender_code_of(request)
    phone_list = list_of(request, sender_code)
    subscription_rules.unsubscribe(phone_list, contact_of(request, sender_code))
    return answers.deleted()


routes = [
    operation("POST", f"{SENDER_CODE}/PhoneList/{{phoneListId}}/Contact", create_contact),
    operation("PUT", f"{SENDER_CODE}/Contact", update_contact),
    operation(
        "POST", f"{SENDER_CODE}/Contact/{{phoneNumber}}/PhoneList/{{phoneListId}}", subscribe_contact, has_body=False
    ),
    operation(
        "DELETE", f"{SENDER_CODE}/ContactUnsubscribe/{{phoneNumber}}/PhoneList/{{phoneListId}}", unsubscribe_contact
    ),
]
