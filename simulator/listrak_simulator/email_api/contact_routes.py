"""Contact: a page of them, one, create or update."""

from collections.abc import Callable, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from listrak_simulator import answers, errors, queries
from listrak_simulator.email_api.account import EmailList
from listrak_simulator.email_api.contact_update import ContactUpdate
from listrak_simulator.email_api.contacts import ContactTable, State
from listrak_simulator.email_api.operation import list_of, not_simulated, operation
from listrak_simulator.operations import body_of
from listrak_simulator.simulator import contact_horizon, simulator_of

_CONTACTS = "/v1/List/{listId}/Contact"
_MOST_FIELDS = 30  # published for segmentationFieldIds
_STATES = {"Subscribed": State.SUBSCRIBED, "Unsubscribed": State.UNSUBSCRIBED}


async def get_contacts(request: Request) -> Response:
    target = list_of(request)
    state = _STATES[queries.choice(request, "subscriptionState", tuple(_STATES), "Subscribed")]
    fields = _fields_asked_for(request, target)
    asked = queries.PageRequest.of(request)
    seen = target.unseen.as_seen(contact_horizon(request))
    rows, following = seen.page(state, asked.start, asked.count, _filter(request, target.contacts, state))
    return answers.page(seen.describe(rows, fields), queries.next_page_cursor(request, following))


async def get_contact(request: Request) -> Response:
    target = list_of(request)
    fields = _fields_asked_for(request, target)
    seen = target.unseen.as_seen(contact_horizon(request))
    row = seen.find(request.path_params["contactIdentifier"])
    if row is None:
        raise errors.not_located("listId", "contactIdentifier")
    return answers.resource(seen.describe([row], fields)[0])


async def create_or_update_contact(request: Request) -> Response:
    target = list_of(request)
    document: dict[str, Any] = await body_of(request)
    update = ContactUpdate.parse(document, request, target)
    with target.lock:
        row = update.apply(target, simulator_of(request).settings)
    return answers.created(target.contacts.email_key(row))


def _fields_asked_for(request: Request, target: EmailList) -> Sequence[tuple[int, int]]:
    """Pairs of group id and field id."""
    ids = queries.identifiers(request, "segmentationFieldIds")
    if len(ids) > _MOST_FIELDS:
        raise errors.refused(
            "ERROR_TOO_MANY_SEGMENTATION_FIELDS", f"At most {_MOST_FIELDS} profile fields may be requested."
        )
    known = target.fields()
    if not all(field_id in known for field_id in ids):
        raise errors.invalid_parameter("segmentationFieldIds")
    return [(known[field_id].group_id, field_id) for field_id in ids]


def _filter(request: Request, contacts: ContactTable, state: State) -> Callable[[int], bool] | None:
    """The test that ``externalContactId`` and the dates ask for, None where they ask for nothing."""
    external_id = request.query_params.get("externalContactId")
    start, end = queries.date_range(request)
    by_original_date = queries.flag(request, "useOriginalSubscribeDate", default=True)
    if external_id is None and start is None and end is None:
        return None

    def moment(row: int) -> float:
        if state == State.UNSUBSCRIBED:
            return contacts.unsubscribed_at(row) or 0.0
        latest = None if by_original_date else contacts.resubscribed_at(row)
        return latest or contacts.subscribed_at(row)

    def wanted(row: int) -> bool:
        if external_id is not None and contacts.external_ids.get(row) != external_id:
            return False
        at = int(moment(row))
        if start is not None and at < int(start):
            return False
        return end is None or at < end or (by_original_date and at == int(end))

    return wanted


routes = [
    operation("GET", _CONTACTS, get_contacts),
    operation("POST", _CONTACTS, create_or_update_contact),
    not_simulated("POST", f"{_CONTACTS}/SegmentationField"),
    operation("GET", f"{_CONTACTS}/{{contactIdentifier}}", get_contact),
]
