"""Create or update one contact: the rules of ``POST /List/{listId}/Contact``."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from listrak_simulator import bodies, clock, errors, queries
from listrak_simulator.email_api import addresses
from listrak_simulator.email_api.account import EmailList
from listrak_simulator.email_api.contacts import State
from listrak_simulator.email_api.import_request import UPDATE_TYPES
from listrak_simulator.email_api.import_work import write_column
from listrak_simulator.email_api.profile_values import stored_form
from listrak_simulator.settings import Settings

_METHOD = "API"
_SUBSCRIPTION_STATES = ("Subscribed", "Unsubscribed")


@dataclass(frozen=True)
class ContactUpdate:
    address: str
    subscribes: bool
    """The body says ``Subscribed``, as opposed to nothing."""

    unsubscribes: bool
    external_id: str | None
    values: dict[int, str]
    """Stored form by profile field id."""

    event_ids: list[int]
    override_unsubscribe: bool
    double_opt_in: bool
    update_type: str

    @classmethod
    def parse(cls, document: dict[str, Any], request: Request, target: EmailList) -> "ContactUpdate":
        """Raises ApiError ERROR_INVALID_PARAMETER naming the property or parameter."""
        address = bodies.required_text(document, "emailAddress").strip()
        if not addresses.is_valid(address):
            raise errors.invalid_parameter("emailAddress")
        if "newEmailAddress" in request.query_params:  # a change of address is not simulated
            raise errors.invalid_parameter("newEmailAddress")
        event_ids = queries.identifiers(request, "eventIds")
        if not target.event_ids.issuperset(event_ids):
            raise errors.invalid_parameter("eventIds")
        queries.flag(request, "subscribedByContact", default=False)
        state = bodies.text(document, "subscriptionState", _SUBSCRIPTION_STATES)
        return cls(
            address=address,
            subscribes=state == "Subscribed",
            unsubscribes=state == "Unsubscribed",
            external_id=bodies.text(document, "externalContactID"),
            values=_parse_values(document, target),
            event_ids=event_ids,
            override_unsubscribe=queries.flag(request, "overrideUnsubscribe", default=False),
            double_opt_in=queries.flag(request, "sendDoubleOptIn", default=False),
            update_type=queries.choice(request, "updateType", UPDATE_TYPES, "Update"),
        )

    def apply(self, target: EmailList, settings: Settings) -> int:
        """Returns the contact's row. The caller holds the list's lock.

        Raises:
            ApiError: the contact's state does not allow it.
        """
        row = target.contacts.find(self.address)
        if settings.contact_lag_seconds:
            target.unseen.note_addresses([self.address])
        if self.unsubscribes:
            return self._unsubscribe(target, row, settings)
        self._require_deliverable(target)
        state = State.ABSENT if row is None else State(target.contacts.states[row])
        if state is State.PENDING:
            raise errors.refused("ERROR_PENDING_EMAIL_ADDRESS", "The contact is pending subscription.")
        if state is State.SUBSCRIBED and self.subscribes and settings.subscribed_again == "refused":
            raise errors.refused("ERROR_SUBSCRIBED_EMAIL_ADDRESS", "The contact is already subscribed to the list.")
        stays_unsubscribed = state is State.UNSUBSCRIBED and not self.override_unsubscribe
        if stays_unsubscribed and self.event_ids:
            raise errors.refused(
                "ERROR_UPDATE_UNSUBSCRIBE_WITH_EVENTS", "An unsubscribed contact cannot be updated with events."
            )
        if row is None:
            new_state = State.PENDING if self.double_opt_in else State.SUBSCRIBED
            row = target.contacts.add(self.address, _METHOD, clock.now(), new_state)
        elif state is State.UNSUBSCRIBED and self.override_unsubscribe:
            target.contacts.resubscribe(row, _METHOD, clock.now())
        self._write_profile(target, row)
        return row

    def _unsubscribe(self, target: EmailList, row: int | None, settings: Settings) -> int:
        if self.values:
            raise errors.refused(
                "ERROR_UNSUBSCRIBE_WITH_SEGMENTATION_DATA", "A contact cannot be unsubscribed with profile data."
            )
        if self.event_ids:
            raise errors.refused("ERROR_UNSUBSCRIBE_WITH_EVENTS", "A contact cannot be unsubscribed with events.")
        if row is None and settings.unknown_unsubscribed == "recorded":
            row = target.contacts.add(self.address, _METHOD, clock.now())
        if row is None or target.contacts.states[row] == State.PENDING:
            raise errors.refused("ERROR_NOT_SUBSCRIBED_EMAIL_ADDRESS", "The contact is not a subscriber of the list.")
        if target.contacts.states[row] == State.UNSUBSCRIBED:
            raise errors.refused(
                "ERROR_UNSUBSCRIBED_EMAIL_ADDRESS", "The contact has already been unsubscribed from the list."
            )
        target.contacts.unsubscribe(row, _METHOD, clock.now())
        return row

    def _require_deliverable(self, target: EmailList) -> None:
        key = self.address.lower()
        if key in target.banned:
            raise errors.refused("ERROR_BANNED_EMAIL_ADDRESS", "The contact has been banned.")
        if key in target.suppressed:
            raise errors.refused("ERROR_SUPPRESSED_EMAIL", "The email address has been suppressed.")

    def _write_profile(self, target: EmailList, row: int) -> None:
        for field_id, value in self.values.items():
            write_column(target.contacts.column(field_id), [row], [value], self.update_type)
        if self.external_id:
            target.contacts.external_ids[row] = self.external_id
        target.raised_events.extend((target.contacts.addresses[row], event_id) for event_id in self.event_ids)


def _parse_values(document: dict[str, Any], target: EmailList) -> dict[int, str]:
    known = target.fields()
    values: dict[int, str] = {}
    for item in bodies.required_objects(document, "segmentationFieldValues"):
        field = known.get(bodies.required_integer(item, "segmentationFieldId"))
        if field is None or field.field_id in values:
            raise errors.invalid_parameter("segmentationFieldId")
        value = bodies.text(item, "value")
        stored = None if value is None else stored_form(field, value)
        if stored is None:
            raise errors.invalid_parameter("value")
        values[field.field_id] = stored
    return values
