"""A list from the inside, for the control routes and the pages: what the vendor's routes do not show."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from listrak_simulator import clock
from listrak_simulator.email_api.account import EmailList
from listrak_simulator.email_api.contacts import STATE_WORDS


def overview(target: EmailList) -> dict[str, Any]:
    states = {word.lower(): target.contacts.count(state) for state, word in STATE_WORDS.items()}
    return {
        "list_id": target.list_id,
        "list_name": target.name,
        "contacts": len(target.contacts),
        **states,
        "profile_fields": len(target.fields()),
        "imports": dict(Counter(job.status for job in target.imports.values())),
        "banned": len(target.banned),
        "suppressed": len(target.suppressed),
        "raised_events": len(target.raised_events),
    }


def describe_contacts(target: EmailList, rows: Iterable[int]) -> Iterator[dict[str, Any]]:
    """Each contact with its profile by field name; a name that two groups use stands as ``group/name``."""
    names = field_names(target)
    contacts = target.contacts
    for row in rows:
        values = {name: contacts.value(row, field_id) for field_id, name in names.items()}
        yield {
            "email": contacts.addresses[row],
            "state": STATE_WORDS[contacts.states[row]],
            "values": {name: value for name, value in values.items() if value},
            "external_id": contacts.external_ids.get(row),
            "subscribed_at": clock.as_api_date(contacts.subscribed_at(row)),
            "resubscribed_at": clock.as_api_date(contacts.resubscribed_at(row)),
            "unsubscribed_at": clock.as_api_date(contacts.unsubscribed_at(row)),
        }


def field_names(target: EmailList) -> dict[int, str]:
    fields = target.fields().values()
    uses = Counter(field.name for field in fields)
    return {
        field.field_id: field.name if uses[field.name] == 1 else f"{target.groups[field.group_id].name}/{field.name}"
        for field in fields
    }


def describe_fields(target: EmailList) -> list[dict[str, Any]]:
    """The fields with their groups' names and how many contacts have a value."""
    return [
        {
            "field_id": field.field_id,
            "group_id": group.group_id,
            "group": group.name,
            "name": field.name,
            "data_type": field.data_type,
            "max_length": field.max_length,
            "filled": target.contacts.filled(field.field_id),
        }
        for group in target.groups.values()
        for field in group.fields.values()
    ]


def describe_imports(target: EmailList) -> list[dict[str, Any]]:
    """Oldest first; ``summary`` has the published count names."""
    return [
        {
            "import_id": job.import_id,
            "file_name": job.file_name,
            "kind": job.kind,
            "created_at": clock.as_api_date(job.created_at),
            "started_at": clock.as_api_date(job.started_at),
            "ended_at": clock.as_api_date(job.ended_at),
            "seconds": round((job.ended_at or clock.now()) - job.created_at, 2),
            "status": job.status,
            "summary": job.summary(),
        }
        for job in target.imports.values()
    ]
