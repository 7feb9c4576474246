"""Puts described lists into an account: the default ones, a seed file's or a test's."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from listrak_simulator import clock
from listrak_simulator.email_api.account import EmailAccount, EmailList
from listrak_simulator.email_api.contacts import STATE_WORDS, State
from listrak_simulator.email_api.profile_values import DATA_TYPES, stored_form

_METHOD = "Seed"
_LIST_KEYS = {"list_id", "list_name", "groups", "contacts", "generated_contacts", "banned", "suppressed", "event_ids"}
_GROUP_KEYS = {"name", "fields"}
_FIELD_KEYS = {"name", "data_type", "max_length"}
_CONTACT_KEYS = {"email", "state", "values", "external_id"}
_GENERATED_KEYS = {"count", "unsubscribed", "prefix"}
_STATES = {word: state for state, word in STATE_WORDS.items()}

DEFAULT_LISTS: list[dict[str, Any]] = [
    {
        "list_id": 345,
        "list_name": "Master List",
        "groups": [
            {
                "name": "Contact Information",
                "fields": [
                    {"name": "First Name", "data_type": "Text", "max_length": 50},
                    {"name": "Last Name", "data_type": "Text", "max_length": 50},
                ],
            }
        ],
        "contacts": [
            {"email": "ada@example.com", "values": {"First Name": "Ada", "Last Name": "Moss"}},
            {"email": "ben@example.com", "values": {"First Name": "Ben", "Last Name": "Hale"}},
            {"email": "cleo@example.com", "values": {"First Name": "Cleo"}},
            {"email": "left.last.year@example.com", "state": "Unsubscribed", "values": {"First Name": "Dana"}},
            {"email": "opted.out@example.com", "state": "Unsubscribed"},
        ],
        "banned": ["banned@example.com"],
        "suppressed": ["suppressed@example.com"],
        "event_ids": [71],
    },
    {
        "list_id": 346,
        "list_name": "Newsletter",
        "contacts": [{"email": "ada@example.com"}, {"email": "eli@example.com"}],
    },
]


def plant_list(account: EmailAccount, document: Mapping[str, Any]) -> EmailList:
    """Create the list or add to the one of that name.

    ``generated_contacts`` ({count, unsubscribed, prefix}) makes ``<prefix>-0000001@example.com`` and so on; the
    first ``unsubscribed`` of them have left.

    Raises:
        ValueError: an unknown key, or a value that the list's fields do not take; the message says where.
    """
    _refuse_unknown(document, _LIST_KEYS, "a list")
    name = document.get("list_name")
    if not isinstance(name, str) or not name:
        raise ValueError("a list needs a `list_name`")
    target = account.list_named(name) or account.add_list(name, {}, document.get("list_id"))
    for group in document.get("groups", []):
        _plant_group(account, target, group)
    target.banned.update(map(str.lower, document.get("banned", [])))
    target.suppressed.update(map(str.lower, document.get("suppressed", [])))
    target.event_ids.update(document.get("event_ids", []))
    with target.lock:
        for contact in document.get("contacts", []):
            _plant_contact(target, contact)
        _generate_contacts(target, document.get("generated_contacts", {}))
    return target


def _plant_group(account: EmailAccount, target: EmailList, document: Mapping[str, Any]) -> None:
    _refuse_unknown(document, _GROUP_KEYS, "a group")
    group = next((found for found in target.groups.values() if found.name == document["name"]), None)
    group = group or account.add_group(target, document["name"], len(target.groups) + 1)
    for field in document.get("fields", []):
        _refuse_unknown(field, _FIELD_KEYS, "a field")
        if field["data_type"] not in DATA_TYPES:
            raise ValueError(f"data_type {field['data_type']!r} is not one of {', '.join(DATA_TYPES)}")
        length = field.get("max_length", 100)
        account.add_field(group, field["name"], field["data_type"], length, len(group.fields) + 1)


def _plant_contact(target: EmailList, document: Mapping[str, Any]) -> None:
    _refuse_unknown(document, _CONTACT_KEYS, "a contact")
    state = _STATES.get(document.get("state", "Subscribed"))
    if state is None:
        raise ValueError(f"contact state {document.get('state')!r} is not one of {', '.join(_STATES)}")
    row = target.contacts.find(document["email"])
    if row is None:
        row = target.contacts.add(document["email"], _METHOD, clock.now())
    if state is State.UNSUBSCRIBED:
        target.contacts.unsubscribe(row, _METHOD, clock.now())
    else:
        target.contacts.states[row] = state
    if "external_id" in document:
        target.contacts.external_ids[row] = document["external_id"]
    by_name = {field.name: field for field in target.fields().values()}
    for name, value in document.get("values", {}).items():
        stored = stored_form(by_name[name], value) if name in by_name else None
        if stored is None:
            raise ValueError(f"profile field {name!r} is unknown or does not take {value!r}")
        target.contacts.column(by_name[name].field_id)[row] = stored


def _generate_contacts(target: EmailList, document: Mapping[str, Any]) -> None:
    _refuse_unknown(document, _GENERATED_KEYS, "generated_contacts")
    moment, prefix = clock.now(), document.get("prefix", "person")
    for number in range(1, document.get("count", 0) + 1):
        address = f"{prefix}-{number:07}@example.com"
        row = target.contacts.find(address)
        if row is None:
            row = target.contacts.add(address, _METHOD, moment)
        if number <= document.get("unsubscribed", 0):
            target.contacts.unsubscribe(row, _METHOD, moment)


def _refuse_unknown(document: Mapping[str, Any], known: Collection[str], what: str) -> None:
    unknown: Iterable[str] = sorted(set(document) - set(known))
    for key in unknown:
        raise ValueError(f"unknown key {key!r} in {what}; the known ones are {', '.join(sorted(known))}")
