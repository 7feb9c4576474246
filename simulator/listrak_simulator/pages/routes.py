"""The pages: all lists, one list, one import."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from listrak_simulator.email_api.account import EmailList, ProfileField
from listrak_simulator.email_api.contacts import STATE_WORDS
from listrak_simulator.email_api.imports import RESULT_WORDS, ListImport, RowResult
from listrak_simulator.email_api.inspection import (
    describe_contacts,
    describe_fields,
    describe_imports,
    field_names,
    overview,
)
from listrak_simulator.simulator import simulator_of
from listrak_simulator.sms_api.inspection import overview as sms_overview

_PER_PAGE = 50
_MARK = "on"
_RECENT_CALLS = 15
_RECENT_IMPORTS = 12
_RESULT_LABELS = {
    RowResult.SUBSCRIBED: "subscribed",
    RowResult.ALREADY_SUBSCRIBED: "already subscribed",
    RowResult.UNSUBSCRIBED: "unsubscribed",
    RowResult.ALREADY_UNSUBSCRIBED: "already unsubscribed",
    RowResult.PREVIOUSLY_UNSUBSCRIBED: "had left before",
    RowResult.SUPPRESSED: "suppressed",
    RowResult.BANNED: "banned",
    RowResult.INVALID: "invalid address",
    RowResult.SKIPPED: "skipped",
}


def _of_every_page(request: Request) -> dict[str, Any]:
    """``folders``: names of those that the simulator was told of."""
    return {"folders": list(simulator_of(request).folders)}


templates = Jinja2Templates(Path(__file__).parent / "templates", context_processors=[_of_every_page])
templates.env.filters["thousands"] = "{:,}".format


async def show_lists(request: Request) -> Response:
    simulator = simulator_of(request)
    context = {
        "lists": [overview(found) for found in simulator.email.lists.values()],
        "sender_codes": [sms_overview(found) for found in simulator.sms.sender_codes.values()],
        "calls": simulator.journal.calls(),
        "recent": simulator.journal.latest(_RECENT_CALLS),
        "faults": simulator.faults.describe(),
    }
    return templates.TemplateResponse(request, "lists.html", context)


async def show_list(request: Request) -> Response:
    target = _list(request)
    search, state = request.query_params.get("search", "").strip(), request.query_params.get("state", "")
    field = _field(request, target)
    rows = _matching_rows(target, search, state, field)
    page = Pages.of(request, len(rows))
    names = field_names(target)
    context = {
        "list": overview(target),
        "imports": describe_imports(target)[-_RECENT_IMPORTS:][::-1],
        "fields": describe_fields(target),
        "field_names": list(names.values()),
        "contacts": list(describe_contacts(target, rows[page.first : page.last])),
        "page": page,
        "search": search,
        "state": state,
        "field": field.field_id if field else "",
        "states": list(STATE_WORDS.values()),
    }
    return templates.TemplateResponse(request, "list.html", context)


async def show_import(request: Request) -> Response:
    target = _list(request)
    job = _import(request, target)
    chosen = request.query_params.get("result", "")
    result = next((each for each, word in RESULT_WORDS.items() if word == chosen), None)
    positions = job.positions(result)
    page = Pages.of(request, len(positions))
    tiles = [{"result": "", "count": len(job.results), "label": "rows"}]
    tiles += [
        {"result": RESULT_WORDS[each], "count": job.results.count(each), "label": label}
        for each, label in _RESULT_LABELS.items()
    ]
    context = {
        "list": overview(target),
        "import": next(each for each in describe_imports(target) if each["import_id"] == job.import_id),
        "tiles": tiles,
        "chosen": RESULT_WORDS[result] if result else "",
        "rows": [
            {"number": at + 1, "address": job.addresses[at], "result": RESULT_WORDS[RowResult(job.results[at])]}
            for at in positions[page.first : page.last]
        ],
        "page": page,
    }
    return templates.TemplateResponse(request, "import.html", context)


class Pages:
    """Where a reader is in a long table."""

    def __init__(self, number: int, total: int) -> None:
        self.total = total
        self.count = max(1, -(-total // _PER_PAGE))
        self.number = min(max(1, number), self.count)
        self.first = (self.number - 1) * _PER_PAGE
        self.last = min(self.first + _PER_PAGE, total)

    @classmethod
    def of(cls, request: Request, total: int) -> "Pages":
        asked = request.query_params.get("page", "1")
        return cls(int(asked) if asked.isascii() and asked.isdigit() else 1, total)


def _field(request: Request, target: EmailList) -> ProfileField | None:
    wanted = request.query_params.get("field", "")
    return target.fields().get(int(wanted)) if wanted.isascii() and wanted.isdigit() else None


def _matching_rows(target: EmailList, search: str, state: str, field: ProfileField | None) -> Sequence[int]:
    """``field``: an audience's, whose members have it on; for other types whoever has a value."""
    contacts = target.contacts
    rows: Sequence[int] = contacts.search(search) if search else range(len(contacts))
    if field is not None:
        marked = field.data_type == "CheckBox"
        values = ((row, contacts.value(row, field.field_id)) for row in rows)
        rows = [row for row, value in values if (value == _MARK if marked else value)]
    wanted = next((each for each, word in STATE_WORDS.items() if word == state), None)
    if wanted is None or contacts.count(wanted) == len(contacts):
        return rows
    return [row for row in rows if contacts.states[row] == wanted]


def _list(request: Request) -> EmailList:
    found = simulator_of(request).email.lists.get(request.path_params["list_id"])
    if found is None:
        raise HTTPException(404)
    return found


def _import(request: Request, target: EmailList) -> ListImport:
    found = target.imports.get(request.path_params["import_id"])
    if found is None:
        raise HTTPException(404)
    return found


routes: list[Any] = [
    Route("/", show_lists, methods=["GET"]),
    Route("/lists/{list_id:int}", show_list, methods=["GET"]),
    Route("/lists/{list_id:int}/imports/{import_id:int}", show_import, methods=["GET"]),
]
