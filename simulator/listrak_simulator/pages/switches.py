"""The page of switches: faults that strike chosen calls, and the settings."""

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import fields
from itertools import pairwise
from typing import Any, Literal, get_args, get_origin, get_type_hints
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from listrak_simulator.pages.routes import templates
from listrak_simulator.settings import Settings
from listrak_simulator.simulator import simulator_of

_PAGE = "<!DOCTYPE html><html><body><h1>Bad Gateway</h1></body></html>"
_EMPTY_MADE = {"status": 201}

CALLS: dict[str, dict[str, Any]] = {
    "every call": {},
    "every read": {"method": "GET"},
    "every POST": {"method": "POST", "path": "^/(email|sms)/"},
    "tokens": {"path": "^/OAuth2/Token$"},
    "email: start an import": {"method": "POST", "path": "/ListImport/?$"},
    "email: read imports": {"method": "GET", "path": "/ListImport"},
    "email: save a contact": {"method": "POST", "path": "^/email/.*/Contact/?$"},
    "email: read contacts": {"method": "GET", "path": "^/email/.*/List/[^/]+/Contact"},
    "email: profile fields": {"path": "^/email/.*/SegmentationField"},
    "sms: create or subscribe": {"method": "POST", "path": "^/sms/.*/Contact(/|$)"},
    "sms: unsubscribe": {"method": "DELETE", "path": "/ContactUnsubscribe/"},
    "sms: read contacts": {"method": "GET", "path": "^/sms/.*/Contact(/|$)"},
    "sms: read opt-outs": {"method": "GET", "path": "/OptOut"},
    "sms: imports": {"path": "/ContactImport"},
}
EFFECTS: dict[str, dict[str, Any]] = {
    "500": {"kind": "answer", "status": 500},
    "503": {"kind": "answer", "status": 503},
    "429 without Retry-After": {"kind": "answer", "status": 429, "error": "ERROR_TOO_MANY_REQUESTS"},
    "429, Retry-After 5": {
        "kind": "answer",
        "status": 429,
        "error": "ERROR_TOO_MANY_REQUESTS",
        "headers": {"Retry-After": "5"},
    },
    "401": {"kind": "answer", "status": 401, "error": "ERROR_UNAUTHORIZED"},
    "404": {"kind": "answer", "status": 404, "error": "ERROR_UNABLE_TO_LOCATE_RESOURCE"},
    "502 with an HTML page": {"kind": "answer", "status": 502, "text": _PAGE},
    "200 with an HTML page": {"kind": "answer", "status": 200, "text": _PAGE},
    "200 with {}": {"kind": "answer", "status": 200, "body": {}},
    "200 with []": {"kind": "answer", "status": 200, "body": []},
    '200 with {"data": null}': {"kind": "answer", "status": 200, "body": {"status": 200, "data": None}},
    "no answer, not taken": {"kind": "drop"},
    "no answer, but taken": {"kind": "drop", "handle": True},
    "half an answer": {"kind": "truncate"},
    "30 seconds of silence": {"kind": "stall", "seconds": 30},
    "500, but taken": {"kind": "answer", "handle": True, "status": 500},
    "201 without an id, but taken": {"kind": "answer", "handle": True, "status": 201, "body": _EMPTY_MADE},
}
TIMES: dict[str, dict[str, int]] = {"once": {"count": 1}, "ten times": {"count": 10}, "until switched off": {}}


async def show_switches(request: Request) -> Response:
    return _page(request)


async def add_fault(request: Request) -> Response:
    form = await _form(request)
    chosen = [table.get(form.get(name, "")) for name, table in (("call", CALLS), ("effect", EFFECTS), ("times", TIMES))]
    call, effect, times = chosen
    if call is None or effect is None or times is None:
        return _page(request, "Choose a call, an effect and how often it strikes.", 400)
    simulator_of(request).faults.add({**call, **times, "effect": effect})
    return _back()


async def remove_faults(request: Request) -> Response:
    wanted, faults = (await _form(request)).get("fault"), simulator_of(request).faults
    if wanted:
        faults.remove(wanted)
    else:
        faults.clear()
    return _back()


async def change_settings(request: Request) -> Response:
    simulator, form = simulator_of(request), await _form(request)
    kinds = get_type_hints(Settings)
    try:
        changes = {name: _read(text, kinds[name]) for name, text in form.items() if name in kinds}
        simulator.settings = simulator.settings.changed(changes)
    except ValueError as error:
        return _page(request, str(error), 400)
    return _back()


def _page(request: Request, problem: str = "", status: int = 200) -> Response:
    simulator = simulator_of(request)
    context = {
        "calls": list(CALLS),
        "effects": list(EFFECTS),
        "times": list(TIMES),
        "faults": [{**rule, "label": _label(rule)} for rule in simulator.faults.describe()],
        "settings": list(_settings(simulator.settings)),
        "problem": problem,
    }
    return templates.TemplateResponse(request, "switches.html", context, status)


def _label(rule: Mapping[str, Any]) -> str:
    """The switch that made the rule, or what the rule says."""
    call = next((name for name, each in CALLS.items() if _same(each, rule)), None)
    return call or f"{rule['method'] or 'any method'} {rule['path'] or 'any path'}"


def _same(call: Mapping[str, Any], rule: Mapping[str, Any]) -> bool:
    return (call.get("method"), call.get("path", "")) == (rule["method"], rule["path"])


def _settings(settings: Settings) -> Iterator[dict[str, Any]]:
    texts, kinds, defaults = descriptions(), get_type_hints(Settings), Settings()
    for each in sorted(fields(Settings), key=lambda field: field.name):
        kind, value = kinds[each.name], getattr(settings, each.name)
        choices = list(get_args(kind)) if get_origin(kind) is Literal else ["true", "false"] if kind is bool else []
        yield {
            "name": each.name,
            "text": texts[each.name],
            "value": _write(value),
            "choices": choices,
            "changed": value != getattr(defaults, each.name),
            "number": kind in {int, float},
        }


def descriptions() -> dict[str, str]:
    """What the docstrings of `Settings`, and of what it is made of, say of each."""
    found: dict[str, str] = {}
    for part in reversed(Settings.__mro__[:-1]):
        [node] = ast.parse(textwrap.dedent(inspect.getsource(part))).body
        body = node.body if isinstance(node, ast.ClassDef) else []
        for line, following in pairwise(body):
            if isinstance(line, ast.AnnAssign) and isinstance(following, ast.Expr):
                found[ast.unparse(line.target)] = " ".join(ast.literal_eval(following.value).split()).replace("``", "")
    return found


def _read(text: str, kind: Any) -> object:
    if kind is bool:
        return {"true": True, "false": False}.get(text, text)
    if kind in {int, float}:
        return int(text) if text.isascii() and text.isdigit() else float(text)
    return text


def _write(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


async def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True))


def _back() -> Response:
    return RedirectResponse("/switches", 303)


routes: list[Any] = [
    Route("/switches", show_switches, methods=["GET"]),
    Route("/switches/faults", add_fault, methods=["POST"]),
    Route("/switches/faults/remove", remove_faults, methods=["POST"]),
    Route("/switches/settings", change_settings, methods=["POST"]),
]
