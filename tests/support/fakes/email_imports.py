"""What an import of the fake Listrak does with one row."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from listrak_relay.domain.run.manifest import Action
from listrak_relay.ports.listrak_email import Contact, ImportOrder, ProfileField

SUMMARY_COUNTS = {
    "Subscribed": "subscribed",
    "AlreadySubscribed": "already_subscribed",
    "UnSubscribed": "unsubscribed",
    "AlreadyUnSubscribed": "already_unsubscribed",
    "PreviouslyUnsubscribed": "previously_unsubscribed",
    "Banned": "banned",
    "Invalid": "invalid",
    "Suppressed": "suppressed",
    "Skipped": "skipped",
}
"""Result word of one contact → the count of the summary that it is in."""

_VALUE_FORMS: Mapping[str, re.Pattern[str]] = {
    "Numeric": re.compile(r"-?\d+(\.\d{1,2})?"),
    "Date": re.compile(r"(0[1-9]|1[0-2])/(0[1-9]|[12]\d|3[01])/\d{4}"),
    "CheckBox": re.compile(r"on|off|true|false|1|0"),
}


@dataclass(slots=True)
class FakeContact:
    """``subscribed``: None where Listrak gives it no state that is published. ``left_at``: when it was unsubscribed,
    epoch seconds, None where Listrak does not tell."""

    subscribed: bool | None
    values: dict[int, str] = field(default_factory=dict)
    left_at: float | None = None

    def seen_as(self, email: str, field_ids: Collection[int]) -> Contact:
        return Contact(email, self.subscribed, {i: self.values[i] for i in field_ids if i in self.values})


def value_fits(profile_field: ProfileField, value: str) -> bool:
    form = _VALUE_FORMS.get(profile_field.data_type)
    short_enough = not profile_field.max_length or len(value) <= profile_field.max_length
    return not value or (short_enough and (form is None or form.fullmatch(value) is not None))


def apply_row(
    book: dict[str, FakeContact],
    order: ImportOrder,
    row: Sequence[str],
    fields: Sequence[ProfileField],
    banned: Collection[str],
    suppressed: Collection[str],
) -> str:
    """Change the book as the row says; gives Listrak's result word. An empty cell leaves the value as it was."""
    email, action = row[0], order.action
    contact = book.get(email)
    if action is Action.UNSUBSCRIBE:
        return _unsubscribe(contact)
    barred = _barred(email, banned, suppressed)
    values = dict(zip((known.field_id for known in fields), row[1:], strict=True))
    if barred:
        return barred
    if contact is None and action is Action.UPDATE:
        return "Skipped"
    if contact is not None and not contact.subscribed and not order.include_unsubscribed:
        return "Skipped" if action is Action.UPDATE else "PreviouslyUnsubscribed"
    if not all(value_fits(known, values[known.field_id]) for known in fields):
        return "Skipped"
    saved = book.setdefault(email, FakeContact(subscribed=True))
    saved.values.update({field_id: value for field_id, value in values.items() if value})
    return "Subscribed" if contact is None else "AlreadySubscribed"


def _barred(email: str, banned: Collection[str], suppressed: Collection[str]) -> str | None:
    if email in banned:
        return "Banned"
    if email in suppressed:
        return "Suppressed"
    return None if re.fullmatch(r"[^@\s]+@[^@\s]+", email) else "Invalid"


def _unsubscribe(contact: FakeContact | None) -> str:
    if contact is None:
        return "Skipped"
    if not contact.subscribed:
        return "AlreadyUnSubscribed"
    contact.subscribed = False
    return "UnSubscribed"
