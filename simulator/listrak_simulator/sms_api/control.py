"""``/control/sms``: the SMS account from the inside. A sender code goes by its id or its code, a list by id or name."""

from itertools import islice

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from listrak_simulator.answers import json_answer
from listrak_simulator.control import BadControlRequest, json_array
from listrak_simulator.simulator import simulator_of
from listrak_simulator.sms_api import inspection
from listrak_simulator.sms_api.account import PhoneList, SenderCode

_SENDER_CODE = "/control/sms/{sender_code}"


async def get_state(request: Request) -> Response:
    account = simulator_of(request).sms
    return json_answer(
        {
            "profile_fields": inspection.describe_fields(account),
            "sender_codes": [inspection.overview(found) for found in account.sender_codes.values()],
        }
    )


async def get_contacts(request: Request) -> Response:
    """Every contact in any state; ``offset`` and ``limit`` take a part."""
    account, found = simulator_of(request).sms, _sender_code(request)
    offset = int(request.query_params.get("offset", 0))
    limit = int(request.query_params.get("limit", len(found.contacts)))
    contacts = list(islice(found.contacts.values(), offset, offset + limit))
    described = inspection.describe_contacts(account, found, contacts)
    return StreamingResponse(json_array(described), media_type="application/json")


async def get_members(request: Request) -> Response:
    found = _sender_code(request)
    described = inspection.describe_members(found, _list(request, found))
    return StreamingResponse(json_array(described), media_type="application/json")


async def get_opt_outs(request: Request) -> Response:
    return json_answer(inspection.describe_opt_outs(_sender_code(request)))


async def get_imports(request: Request) -> Response:
    return json_answer(inspection.describe_imports(_sender_code(request)))


def _sender_code(request: Request) -> SenderCode:
    account, wanted = simulator_of(request).sms, request.path_params["sender_code"]
    found = account.sender_codes.get(int(wanted)) if wanted.isdigit() else None
    found = found or account.sender_code(wanted)
    if found is None:
        known = ", ".join(f"{each.sender_code_id} ({each.code})" for each in account.sender_codes.values())
        raise BadControlRequest(f"no sender code {wanted!r}; there are {known}", 404)
    return found


def _list(request: Request, sender_code: SenderCode) -> PhoneList:
    wanted = request.path_params["list"]
    found = sender_code.lists.get(int(wanted)) if wanted.isdigit() else sender_code.list_named(wanted)
    if found is None:
        known = ", ".join(f"{each.list_id} ({each.name})" for each in sender_code.lists.values())
        raise BadControlRequest(f"no phone list {wanted!r}; there are {known}", 404)
    return found


routes = [
    Route("/control/sms", get_state, methods=["GET"]),
    Route(f"{_SENDER_CODE}/contacts", get_contacts, methods=["GET"]),
    Route(f"{_SENDER_CODE}/lists/{{list}}/contacts", get_members, methods=["GET"]),
    Route(f"{_SENDER_CODE}/opt-outs", get_opt_outs, methods=["GET"]),
    Route(f"{_SENDER_CODE}/imports", get_imports, methods=["GET"]),
]
