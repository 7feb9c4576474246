"""One published operation as a route: authorised, with its path parameters read, its body limit known."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local.listrak_simulator import bodies, errors, journal
from local.listrak_simulator.email_api.account import EmailList, ProfileField, ProfileFieldGroup
from local.listrak_simulator.email_api.imports import ListImport
from local.listrak_simulator.simulator import simulator_of

Endpoint = Callable[[Request], Awaitable[Response]]

BASE_PATH = "/email"
_LARGEST_INT32 = 2_147_483_647


def operation(method: str, template: str, endpoint: Endpoint) -> Route:
    """A route for ``template``, written as the published document writes it."""

    async def authorised(request: Request) -> Response:
        request.scope["simulator.route"] = BASE_PATH + template
        simulator_of(request).credentials.check(request.headers.get("authorization"), "email")
        if method in {"POST", "PUT"}:
            bodies.require_content_type(request, bodies.JSON)
        return await endpoint(request)

    return Route(BASE_PATH + template, authorised, methods=[method])


def not_simulated(method: str, template: str) -> Route:
    """An operation that Listrak publishes and the simulator leaves out, on a path that it has otherwise."""

    async def unknown(_: Request) -> Response:
        raise errors.unknown_route()

    return Route(BASE_PATH + template, unknown, methods=[method])


async def body_of(request: Request) -> dict[str, object]:
    """The request's JSON object, noted in the journal."""
    document = bodies.parse_object(await bodies.read(request, simulator_of(request).settings.body_limit_bytes))
    journal.note_body(request, document)
    return document


def list_of(request: Request) -> EmailList:
    found = simulator_of(request).email.lists.get(_path_id(request, "listId"))
    if found is None:
        raise errors.not_located("listId")
    return found


def group_of(request: Request, target: EmailList) -> ProfileFieldGroup:
    found = target.groups.get(_path_id(request, "segmentationFieldGroupId"))
    if found is None:
        raise errors.not_located("listId", "segmentationFieldGroupId")
    return found


def field_of(request: Request, group: ProfileFieldGroup) -> ProfileField:
    found = group.fields.get(_path_id(request, "segmentationFieldId"))
    if found is None:
        raise errors.not_located("listId", "segmentationFieldGroupId", "segmentationFieldId")
    return found


def import_of(request: Request) -> ListImport:
    found = list_of(request).imports.get(_path_id(request, "importFileId"))
    if found is None:
        raise errors.not_located("listId", "importFileId")
    return found


def _path_id(request: Request, name: str) -> int:
    text = request.path_params[name]
    if not (text.isascii() and text.isdigit()) or int(text) > _LARGEST_INT32:
        raise errors.invalid_parameter(name)
    return int(text)
