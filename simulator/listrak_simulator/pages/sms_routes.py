"""The page of a sender code: its phone lists, imports, opt-outs and contacts."""

from collections.abc import Container
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from listrak_simulator.pages.routes import Pages, templates
from listrak_simulator.simulator import simulator_of
from listrak_simulator.sms_api import inspection
from listrak_simulator.sms_api.account import PhoneList, SenderCode
from listrak_simulator.sms_api.contacts import STATE_NAMES, Contact

_RECENT = 12


async def show_sender_code(request: Request) -> Response:
    account = simulator_of(request).sms
    found = account.sender_codes.get(request.path_params["sender_code_id"])
    if found is None:
        raise HTTPException(404)
    query = request.query_params
    search, state = query.get("search", "").strip(), query.get("state", "")
    phone_list = _chosen_list(found, query.get("list", ""))
    contacts = _matching_contacts(found, phone_list, search, state)
    page = Pages.of(request, len(contacts))
    context = {
        "sender": inspection.overview(found),
        "fields": inspection.describe_fields(account),
        "imports": inspection.describe_imports(found)[-_RECENT:][::-1],
        "opt_outs": inspection.describe_opt_outs(found)[-_RECENT:][::-1],
        "contacts": list(inspection.describe_contacts(account, found, contacts[page.first : page.last])),
        "page": page,
        "search": search,
        "state": state,
        "states": [*STATE_NAMES.values(), "Opted out", "Banned", "Suspended", "Blocked"],
        "list": phone_list.list_id if phone_list else "",
        "banned": found.banned,
        "suspended": found.suspended,
        "blocked": found.blocked,
    }
    return templates.TemplateResponse(request, "sender_code.html", context)


def _chosen_list(sender_code: SenderCode, list_id: str) -> PhoneList | None:
    return sender_code.lists.get(int(list_id)) if list_id.isascii() and list_id.isdigit() else None


def _matching_contacts(sender_code: SenderCode, phone_list: PhoneList | None, search: str, state: str) -> list[Contact]:
    """``state`` is one of the page's words: of the chosen list's subscriptions, of any list's, or of the number."""
    contacts = list(sender_code.contacts.values())
    if phone_list is not None:
        contacts = [member.contact for member in phone_list.members]
    if search:
        digits = "".join(filter(str.isdigit, search)) or search
        contacts = [contact for contact in contacts if digits in contact.person.number]
    of_number: dict[str, Container[str]] = {
        "Opted out": sender_code.opt_outs,
        "Banned": sender_code.banned,
        "Suspended": sender_code.suspended,
        "Blocked": sender_code.blocked,
    }
    if state in of_number:
        return [contact for contact in contacts if contact.number in of_number[state]]
    wanted = next((each for each, name in STATE_NAMES.items() if name == state), None)
    if wanted is None:
        return contacts
    lists = sender_code.lists.values() if phone_list is None else (phone_list,)
    in_state = {member.contact.number for each in lists for member in each.members if member.state is wanted}
    return [contact for contact in contacts if contact.person.number in in_state]


routes: list[Any] = [Route("/sender-codes/{sender_code_id:int}", show_sender_code, methods=["GET"])]
