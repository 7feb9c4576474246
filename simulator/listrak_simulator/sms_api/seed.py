"""Puts described sender codes into an account: the default one, a seed file's or a test's."""

from collections.abc import Collection, Mapping
from typing import Any

from listrak_simulator import clock
from listrak_simulator.sms_api import phone_numbers
from listrak_simulator.sms_api.account import DATA_TYPES, PhoneList, ProfileField, SenderCode, SmsAccount
from listrak_simulator.sms_api.contacts import OPT_OUT_REASONS, STATE_NAMES, Contact, State
from listrak_simulator.sms_api.made_up_numbers import made_up_numbers

_KEYS = {"profile_fields", "sender_codes"}
_FIELD_KEYS = {"name", "data_type", "max_length", "enabled"}
_SENDER_CODE_KEYS = {
    *("sender_code_id", "code", "country", "merchant_name", "enabled", "phone_lists", "contacts"),
    *("generated_contacts", "opt_outs", "banned", "suspended", "blocked"),
}
_LIST_KEYS = {"phone_list_id", "name", "active", "double_opt_in", "age_gate"}
_PERSON_KEYS = {"email", "first_name", "last_name", "birthday", "postal_code"}
_CONTACT_KEYS = {"phone", "lists", "opted_out", "values", *_PERSON_KEYS}
_GENERATED_KEYS = {"list", "count", "skip", "state"}
_OPT_OUT_KEYS = {"phone", "reason", "date"}
_STATES = {name: state for state, name in STATE_NAMES.items()}


def plant(account: SmsAccount, document: Mapping[str, Any]) -> None:
    """Create what is described or add to the sender codes, lists, fields and contacts that are there.

    Raises:
        ValueError: an unknown key or a value that cannot be; the message says which.
    """
    _refuse_unknown(document, _KEYS, "`sms`")
    for field in document.get("profile_fields", []):
        _plant_field(account, field)
    for sender_code in document.get("sender_codes", []):
        _plant_sender_code(account, sender_code)


def _plant_field(account: SmsAccount, document: Mapping[str, Any]) -> None:
    _refuse_unknown(document, _FIELD_KEYS, "a profile field")
    name, data_type = _text(document, "name"), document.get("data_type")
    if data_type not in DATA_TYPES:
        raise ValueError(f"data_type {data_type!r} is not one of {', '.join(DATA_TYPES)}")
    account.add_field(name, data_type, document.get("max_length"), enabled=document.get("enabled", True))


def _plant_sender_code(account: SmsAccount, document: Mapping[str, Any]) -> None:
    _refuse_unknown(document, _SENDER_CODE_KEYS, "a sender code")
    code = _text(document, "code")
    target = account.sender_code(code) or account.add_sender_code(code, document.get("sender_code_id"))
    target.country = document.get("country", target.country)
    target.merchant_name = document.get("merchant_name", target.merchant_name)
    target.enabled = document.get("enabled", target.enabled)
    for phone_list in document.get("phone_lists", []):
        _plant_list(account, target, phone_list)
    for contact in document.get("contacts", []):
        _plant_contact(account, target, contact)
    _generate_contacts(account, target, document.get("generated_contacts", {}))
    opt_outs = document.get("opt_outs", [])
    for seconds_ago, opt_out in zip(reversed(range(len(opt_outs))), opt_outs, strict=True):
        _refuse_unknown(opt_out, _OPT_OUT_KEYS, "an opt-out")
        # People do not all leave in one second, and pages by date could not tell them apart.
        moment = clock.from_api_date(opt_out["date"]) if "date" in opt_out else clock.now() - seconds_ago
        target.opt_out(_number(target, opt_out), _reason(opt_out.get("reason", "Campaign")), moment)
    for name in ("banned", "suspended", "blocked"):
        getattr(target, name).update(_number(target, {"phone": phone}) for phone in document.get(name, []))


def _plant_list(account: SmsAccount, sender_code: SenderCode, document: Mapping[str, Any]) -> None:
    _refuse_unknown(document, _LIST_KEYS, "a phone list")
    name = _text(document, "name")
    target = sender_code.list_named(name) or account.add_list(sender_code, name, document.get("phone_list_id"))
    target.active = document.get("active", target.active)
    target.requires_double_opt_in = document.get("double_opt_in", target.requires_double_opt_in)
    target.requires_age_gate = document.get("age_gate", target.requires_age_gate)


def _plant_contact(account: SmsAccount, sender_code: SenderCode, document: Mapping[str, Any]) -> None:
    """``opted_out`` is a reason, or null to lift an opt-out; it ends subscriptions, so a person may be on no list."""
    _refuse_unknown(document, _CONTACT_KEYS, "a contact")
    number, moment = _number(sender_code, document), clock.now()
    contact = sender_code.contacts.get(number) or account.add_contact(sender_code, number, moment)
    for key in _PERSON_KEYS & set(document):
        setattr(contact.person, key, document[key])
    by_name = {field.name: field for field in account.fields.values()}
    contact.person.write_values({_field(by_name, name).field_id: value for name, value in _values(document).items()})
    for name, state in document.get("lists", {}).items():
        _place(_named_list(sender_code, name), contact, state, moment)
    if document.get("opted_out"):
        sender_code.opt_out(number, _reason(document["opted_out"]), moment)
    elif "opted_out" in document:
        sender_code.opt_outs.lift(number, moment, "seed")


def _generate_contacts(account: SmsAccount, sender_code: SenderCode, document: Mapping[str, Any]) -> None:
    """``{list, count, skip, state}``: the first ``count`` made-up numbers after ``skip`` become contacts on a list."""
    _refuse_unknown(document, _GENERATED_KEYS, "generated_contacts")
    if not document:
        return
    target, moment = _named_list(sender_code, document.get("list", "")), clock.now()
    for number in made_up_numbers(document.get("count", 0), document.get("skip", 0)):
        contact = sender_code.contacts.get(number) or account.add_contact(sender_code, number, moment)
        _place(target, contact, document.get("state", "Subscribed"), moment)


def _place(target: PhoneList, contact: Contact, state: str, moment: float) -> None:
    if state not in _STATES:
        raise ValueError(f"state {state!r} is not one of {', '.join(_STATES)}")
    subscription = target.member(contact)
    if _STATES[state] is State.PENDING:
        subscription.wait(
            moment,
            double_opt_in=target.requires_double_opt_in or not target.requires_age_gate,
            age_gate=target.requires_age_gate,
        )
        return
    subscription.subscribe(moment)
    if _STATES[state] is State.UNSUBSCRIBED:
        subscription.unsubscribe(moment)


def _named_list(sender_code: SenderCode, name: str) -> PhoneList:
    found = sender_code.list_named(name)
    if found is None:
        known = ", ".join(repr(each.name) for each in sender_code.lists.values())
        raise ValueError(f"sender code {sender_code.code} has no phone list {name!r}; there are {known}")
    return found


def _field(by_name: Mapping[str, ProfileField], name: str) -> ProfileField:
    if name not in by_name:
        raise ValueError(f"no profile field {name!r}; there are {', '.join(by_name)}")
    return by_name[name]


def _number(sender_code: SenderCode, document: Mapping[str, Any]) -> str:
    text = _text(document, "phone")
    number = phone_numbers.parse(text, sender_code.country)
    if number is None:
        raise ValueError(f"{text!r} is no number for a sender code of {sender_code.country}")
    return number


def _reason(reason: str) -> str:
    if reason not in OPT_OUT_REASONS:
        raise ValueError(f"opt-out reason {reason!r} is not one of {', '.join(OPT_OUT_REASONS)}")
    return reason


def _values(document: Mapping[str, Any]) -> Mapping[str, str]:
    values: Mapping[str, str] = document.get("values", {})
    return values


def _text(document: Mapping[str, Any], key: str) -> str:
    value = document.get(key)
    if not isinstance(value, str) or not value:
        raise ValueError(f"a text is needed for {key!r}, not {value!r}")
    return value


def _refuse_unknown(document: Mapping[str, Any], known: Collection[str], what: str) -> None:
    for key in sorted(set(document) - set(known)):
        raise ValueError(f"unknown key {key!r} in {what}; the known ones are {', '.join(sorted(known))}")
