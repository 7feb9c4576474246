"""A sender code from the inside, for the control routes and the pages: what the vendor's routes do not show."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from listrak_simulator import clock
from listrak_simulator.sms_api.account import PhoneList, SenderCode, SmsAccount
from listrak_simulator.sms_api.contacts import STATE_NAMES, Contact, Subscription


def overview(sender_code: SenderCode) -> dict[str, Any]:
    return {
        "sender_code_id": sender_code.sender_code_id,
        "code": sender_code.code,
        "country": sender_code.country,
        "merchant_name": sender_code.merchant_name,
        "enabled": sender_code.enabled,
        "contacts": len(sender_code.contacts),
        "opted_out": len(sender_code.opt_outs),
        "opt_outs_lifted": len(sender_code.opt_outs.lifted()),
        "banned": len(sender_code.banned),
        "suspended": len(sender_code.suspended),
        "blocked": len(sender_code.blocked),
        "imports": dict(Counter(job.status for job in sender_code.imports.values())),
        "phone_lists": [_list_overview(phone_list) for phone_list in sender_code.lists.values()],
    }


def _list_overview(phone_list: PhoneList) -> dict[str, Any]:
    states = Counter(member.state for member in phone_list.members)
    return {
        "phone_list_id": phone_list.list_id,
        "name": phone_list.name,
        "active": phone_list.active,
        "double_opt_in": phone_list.requires_double_opt_in,
        "age_gate": phone_list.requires_age_gate,
        **{name.lower(): states[state] for state, name in STATE_NAMES.items()},
    }


def describe_contacts(
    account: SmsAccount, sender_code: SenderCode, contacts: Iterable[Contact]
) -> Iterator[dict[str, Any]]:
    """Each contact with its profile by field name and its subscriptions by list name."""
    names = {field.field_id: field.name for field in account.fields.values()}
    for contact in contacts:
        person, opt_out = contact.person, sender_code.opt_outs.get(contact.number)
        yield {
            "phone": person.number,
            "email": person.email,
            "first_name": person.first_name,
            "last_name": person.last_name,
            "birthday": person.birthday,
            "postal_code": person.postal_code,
            "values": {names[field_id]: value for field_id, value in person.values.items()},
            "opted_out": opt_out.reason if opt_out else None,
            "opted_out_at": clock.as_api_date(opt_out.opted_out_at) if opt_out else None,
            "created_at": clock.as_api_date(contact.created_at),
            "lists": {
                phone_list.name: _describe_subscription(subscription)
                for phone_list, subscription in sender_code.subscriptions(person.number)
            },
        }


def _describe_subscription(subscription: Subscription) -> dict[str, Any]:
    return {
        "state": STATE_NAMES[subscription.state],
        "subscribed_at": clock.as_api_date(subscription.subscribed_at),
        "unsubscribed_at": clock.as_api_date(subscription.unsubscribed_at),
        "pending_at": clock.as_api_date(subscription.pending_at),
    }


def describe_members(sender_code: SenderCode, phone_list: PhoneList) -> Iterator[dict[str, Any]]:
    """Everyone who ever was on the list, in one line each."""
    for member in phone_list.members:
        number = member.contact.number
        yield {"phone": number, "state": STATE_NAMES[member.state], "opted_out": number in sender_code.opt_outs}


def describe_opt_outs(sender_code: SenderCode) -> list[dict[str, Any]]:
    """Oldest first, lifted ones too: ``lifted_by`` is the call that did it."""
    return [
        {
            "phone": entry.number,
            "reason": entry.reason,
            "opted_out_at": clock.as_api_date(entry.opted_out_at),
            "lifted_at": clock.as_api_date(entry.lifted_at),
            "lifted_by": entry.lifted_by,
        }
        for entry in sender_code.opt_outs.entries
    ]


def describe_fields(account: SmsAccount) -> list[dict[str, Any]]:
    return [
        {
            "field_id": field.field_id,
            "name": field.name,
            "data_type": field.data_type,
            "max_length": field.max_length,
            "enabled": field.enabled,
        }
        for field in account.fields.values()
    ]


def describe_imports(sender_code: SenderCode) -> list[dict[str, Any]]:
    """Oldest first, with the counts that Listrak does not tell."""
    return [
        {
            "import_id": job.import_id,
            "file_name": job.file_name,
            "created_at": clock.as_api_date(job.created_at),
            "started_at": clock.as_api_date(job.started_at),
            "ended_at": clock.as_api_date(job.ended_at),
            "seconds": round((job.ended_at or clock.now()) - job.created_at, 2),
            "status": job.status,
            "rows": job.rows,
            "updated": job.updated,
            "unknown": job.unknown,
            "refused": job.refused,
        }
        for job in sender_code.imports.values()
    ]
