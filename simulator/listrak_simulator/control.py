"""``/control``: how tests look inside and change things. Apart from the vendor's routes; no token, no journal."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from listrak_simulator import clock
from listrak_simulator.answers import json_answer
from listrak_simulator.credentials import Client
from listrak_simulator.email_api.account import EmailList
from listrak_simulator.email_api.inspection import describe_contacts, describe_fields, describe_imports, overview
from listrak_simulator.simulator import simulator_of
from listrak_simulator.sms_api.inspection import overview as sms_overview

_ROWS_PER_PIECE = 2000


class BadControlRequest(Exception):  # noqa: N818  read as the answer it becomes
    """The request cannot be done; the text says what is wrong with it."""

    def __init__(self, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.status = status


async def answer_bad_request(_: Request, error: Exception) -> Response:
    return json_answer({"problem": str(error)}, getattr(error, "status", 400))


async def get_state(request: Request) -> Response:
    simulator = simulator_of(request)
    return json_answer(
        {
            "lists": [overview(found) for found in simulator.email.lists.values()],
            "sender_codes": [sms_overview(found) for found in simulator.sms.sender_codes.values()],
            "calls": simulator.journal.calls(),
            "settings": vars(simulator.settings),
            "faults": simulator.faults.describe(),
        }
    )


async def reset(request: Request) -> Response:
    simulator_of(request).reset()
    return json_answer({})


async def plant_seed(request: Request) -> Response:
    document = await _object(request)
    try:
        simulator_of(request).plant(document)
    except (ValueError, TypeError, KeyError) as error:
        raise BadControlRequest(f"the seed cannot be used: {error}") from error
    return await get_state(request)


async def get_contacts(request: Request) -> Response:
    """Every contact of a list, whatever its state; ``offset`` and ``limit`` take a part."""
    found = _list(request)
    offset = int(request.query_params.get("offset", 0))
    limit = int(request.query_params.get("limit", len(found.contacts)))
    rows = range(offset, min(offset + limit, len(found.contacts)))
    return StreamingResponse(json_array(describe_contacts(found, rows)), media_type="application/json")


async def get_fields(request: Request) -> Response:
    return json_answer(describe_fields(_list(request)))


async def get_imports(request: Request) -> Response:
    return json_answer(describe_imports(_list(request)))


async def get_journal(request: Request) -> Response:
    query = request.query_params
    try:
        entries = simulator_of(request).journal.entries(query.get("method"), query.get("path"))
    except re.error as error:
        raise BadControlRequest(f"path is not a regular expression: {error}") from error
    return StreamingResponse(json_array(entry.describe() for entry in entries), media_type="application/json")


async def clear_journal(request: Request) -> Response:
    simulator_of(request).journal.clear()
    return json_answer({})


async def get_calls(request: Request) -> Response:
    return json_answer(simulator_of(request).journal.calls())


async def get_settings(request: Request) -> Response:
    return json_answer(vars(simulator_of(request).settings))


async def change_settings(request: Request) -> Response:
    simulator, changes = simulator_of(request), await _object(request)
    try:
        simulator.settings = simulator.settings.changed(changes)
    except ValueError as error:
        raise BadControlRequest(str(error)) from error
    return json_answer(vars(simulator.settings))


async def get_faults(request: Request) -> Response:
    return json_answer(simulator_of(request).faults.describe())


async def add_fault(request: Request) -> Response:
    document = await _object(request)
    try:
        rule = simulator_of(request).faults.add(document)
    except (ValueError, TypeError) as error:
        raise BadControlRequest(f"the fault rule cannot be used: {error}") from error
    return json_answer(rule.describe(), 201)


async def remove_faults(request: Request) -> Response:
    simulator_of(request).faults.clear()
    return json_answer({})


async def remove_fault(request: Request) -> Response:
    if not simulator_of(request).faults.remove(request.path_params["fault_id"]):
        raise BadControlRequest(f"no fault rule {request.path_params['fault_id']!r}", 404)
    return json_answer({})


async def get_clients(request: Request) -> Response:
    return json_answer(simulator_of(request).credentials.describe())


async def replace_clients(request: Request) -> Response:
    documents = await _json(request)
    if not isinstance(documents, list):
        raise BadControlRequest("the body must be an array of clients")
    try:
        simulator_of(request).credentials.replace_clients([Client.parse(document) for document in documents])
    except (ValueError, TypeError) as error:
        raise BadControlRequest(str(error)) from error
    return await get_clients(request)


async def get_clock(_: Request) -> Response:
    return json_answer({"now": clock.now(), "ahead_seconds": clock.ahead()})


async def set_clock(request: Request) -> Response:
    """``ahead_seconds`` of the machine's clock; time never goes back but by a reset."""
    ahead = (await _object(request)).get("ahead_seconds")
    if not isinstance(ahead, int | float) or isinstance(ahead, bool) or ahead < clock.ahead():
        raise BadControlRequest(f"ahead_seconds must be a number of at least {clock.ahead()}, not {ahead!r}")
    clock.set_ahead(ahead)
    return await get_clock(request)


async def expire_tokens(request: Request) -> Response:
    return json_answer({"expired": simulator_of(request).credentials.expire_all()})


def _list(request: Request) -> EmailList:
    """A list by its id or its name."""
    account, wanted = simulator_of(request).email, request.path_params["list"]
    found = account.lists.get(int(wanted)) if wanted.isdigit() else account.list_named(wanted)
    if found is None:
        known = ", ".join(f"{each.list_id} ({each.name})" for each in account.lists.values())
        raise BadControlRequest(f"no list {wanted!r}; there are {known}", 404)
    return found


async def _json(request: Request) -> Any:
    try:
        return orjson.loads(await request.body())
    except orjson.JSONDecodeError as error:
        raise BadControlRequest(f"the body is not JSON: {error}") from error


async def _object(request: Request) -> dict[str, Any]:
    document = await _json(request)
    if not isinstance(document, dict):
        raise BadControlRequest("the body must be a JSON object")
    return document


def json_array(items: Iterable[Any]) -> Iterator[bytes]:
    """A JSON array in pieces, so that a million members never stand in memory at once."""
    remaining, separator = iter(items), b"["
    while piece := list(islice(remaining, _ROWS_PER_PIECE)):
        yield separator + orjson.dumps(piece)[1:-1]
        separator = b","
    yield b"]" if separator == b"," else b"[]"


routes = [
    Route("/control/state", get_state, methods=["GET"]),
    Route("/control/reset", reset, methods=["POST"]),
    Route("/control/seed", plant_seed, methods=["POST"]),
    Route("/control/lists/{list}/contacts", get_contacts, methods=["GET"]),
    Route("/control/lists/{list}/fields", get_fields, methods=["GET"]),
    Route("/control/lists/{list}/imports", get_imports, methods=["GET"]),
    Route("/control/journal", get_journal, methods=["GET"]),
    Route("/control/journal", clear_journal, methods=["DELETE"]),
    Route("/control/calls", get_calls, methods=["GET"]),
    Route("/control/settings", get_settings, methods=["GET"]),
    Route("/control/settings", change_settings, methods=["PUT"]),
    Route("/control/faults", get_faults, methods=["GET"]),
    Route("/control/faults", add_fault, methods=["POST"]),
    Route("/control/faults", remove_faults, methods=["DELETE"]),
    Route("/control/faults/{fault_id}", remove_fault, methods=["DELETE"]),
    Route("/control/clients", get_clients, methods=["GET"]),
    Route("/control/clients", replace_clients, methods=["PUT"]),
    Route("/control/clock", get_clock, methods=["GET"]),
    Route("/control/clock", set_clock, methods=["PUT"]),
    Route("/control/tokens", expire_tokens, methods=["DELETE"]),
]
