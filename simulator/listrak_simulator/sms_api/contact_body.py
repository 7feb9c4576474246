"""The published SMSContact as a caller sends it, checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from listrak_simulator import bodies, errors
from listrak_simulator.email_api import addresses
from listrak_simulator.sms_api.account import ProfileField, SenderCode
from listrak_simulator.sms_api.contacts import NO_VALUES, SYSTEM_FIELDS, Person
from listrak_simulator.sms_api.operation import parse_number
from listrak_simulator.sms_api.profile_values import require_fitting, require_usable

_NO_DATES = ("", "0001-01-01T00:00:00")  # what a null date looks like to those who have no null


@dataclass(frozen=True)
class ContactBody:
    number: str
    written: str
    """The number as the body has it."""

    system_values: dict[str, str | None]
    """By Person's own names, only what the body has."""

    values: dict[int, str]
    opted_out: bool

    @classmethod
    def parse(
        cls, document: dict[str, Any], sender_code: SenderCode, fields: Mapping[int, ProfileField]
    ) -> "ContactBody":
        """Raises ApiError with the published code for the first fault, the number's own before all others."""
        written = bodies.required_text(document, "phoneNumber")
        number = parse_number(written, sender_code)
        system_values = {
            own: _birthday(document) if own == "birthday" else bodies.text(document, published)
            for published, own in SYSTEM_FIELDS.items()
            if published in document
        }
        email = system_values.get("email")
        if email is not None and not addresses.is_valid(email):
            raise errors.refused("ERROR_INVALID_EMAIL_ADDRESS", "The email address supplied is invalid.")
        return cls(number, written, system_values, _values(document, fields), bodies.flag(document, "optedOut"))

    def write(self, person: Person, *, clears_omitted: bool = False) -> None:
        for own in SYSTEM_FIELDS.values():
            if own in self.system_values or clears_omitted:
                setattr(person, own, self.system_values.get(own) or None)
        if clears_omitted:
            person.values = NO_VALUES
        person.write_values(self.values)


def _birthday(document: dict[str, Any]) -> str | None:
    birthday = bodies.text(document, "birthday")
    if birthday is None:
        return None
    if birthday in _NO_DATES:
        raise errors.refused("ERROR_BIRTHDAY_FIELD_NULL", "A birthday that is not known must be null.")
    try:
        day = datetime.fromisoformat(birthday).date()
    except ValueError as error:
        raise errors.invalid_parameter("birthday") from error
    return f"{day.isoformat()}T00:00:00"


def _values(document: dict[str, Any], fields: Mapping[int, ProfileField]) -> dict[int, str]:
    if document.get("segmentationFieldValues") is None:
        return {}
    values: dict[int, str] = {}
    for given in bodies.required_objects(document, "segmentationFieldValues"):
        field = require_usable(fields.get(bodies.required_integer(given, "segmentationFieldId")))
        value = bodies.text(given, "value") or ""
        require_fitting(field, value)
        values[field.field_id] = value
    return values
