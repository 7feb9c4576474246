"""List: all, one, create."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from listrak_simulator import answers, bodies, errors
from listrak_simulator.email_api.account import LIST_DEFAULTS
from listrak_simulator.email_api.operation import list_of, not_simulated, operation
from listrak_simulator.operations import body_of
from listrak_simulator.simulator import simulator_of

_BOUNCE_HANDLING = ("None", "Standard", "Aggressive")


async def get_lists(request: Request) -> Response:
    return answers.collection([found.describe() for found in simulator_of(request).email.lists.values()])


async def get_list(request: Request) -> Response:
    return answers.resource(list_of(request).describe())


async def create_list(request: Request) -> Response:
    document: dict[str, Any] = await body_of(request)
    account = simulator_of(request).email
    name = bodies.required_text(document, "listName")
    attributes = {key: document[key] for key in LIST_DEFAULTS if document.get(key) is not None}
    attributes["bounceHandling"] = bodies.required_text(document, "bounceHandling", _BOUNCE_HANDLING)
    attributes["bounceUnsubscribeCount"] = bodies.required_integer(document, "bounceUnsubscribeCount")
    for key, value in attributes.items():
        _require_kind_of_default(key, value)
    if account.list_named(name) is not None:
        raise errors.invalid_parameter("listName")
    return answers.created(account.add_list(name, attributes).list_id)


def _require_kind_of_default(key: str, value: object) -> None:
    default = LIST_DEFAULTS[key]
    kind = str if default is None else type(default)
    if type(value) is not kind or (kind is list and not all(isinstance(item, str) for item in value)):
        raise errors.invalid_parameter(key)


routes = [
    operation("GET", "/v1/List", get_lists),
    operation("POST", "/v1/List", create_list),
    operation("GET", "/v1/List/{listId}", get_list),
    not_simulated("PUT", "/v1/List/{listId}"),
    not_simulated("DELETE", "/v1/List/{listId}"),
]
