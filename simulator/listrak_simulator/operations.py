"""A published operation as a route: authorised, noted in the journal by its template, its body limit known."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from listrak_simulator import bodies, errors, journal
from listrak_simulator.simulator import simulator_of

Endpoint = Callable[[Request], Awaitable[Response]]

_LARGEST_INT32 = 2_147_483_647


@dataclass(frozen=True)
class Api:
    """One of the vendor's APIs; templates are written as its published document writes them."""

    base_path: str
    integration: str
    """The type of client whose tokens it takes."""

    def operation(self, method: str, template: str, endpoint: Endpoint, *, has_body: bool = True) -> Route:
        """``has_body`` false: a POST for which no body is published, whose content type a setting may leave free."""
        takes_json = method in {"POST", "PUT"}

        async def authorised(request: Request) -> Response:
            request.scope["simulator.route"] = self.base_path + template
            simulator_of(request).credentials.check(request.headers.get("authorization"), self.integration)
            demanded = has_body or simulator_of(request).settings.sms_bodyless_content_type == "demanded"
            if takes_json and demanded:
                bodies.require_content_type(request, bodies.JSON)
            return await endpoint(request)

        return Route(self.base_path + template, authorised, methods=[method])

    def not_simulated(self, method: str, template: str) -> Route:
        """An operation that Listrak publishes and the simulator leaves out, on a path that it has otherwise."""

        async def unknown(_: Request) -> Response:
            raise errors.unknown_route()

        return Route(self.base_path + template, unknown, methods=[method])


async def body_of(request: Request) -> dict[str, object]:
    """The request's JSON object, noted in the journal."""
    document = bodies.parse_object(await bodies.read(request, simulator_of(request).settings.body_limit_bytes))
    journal.note_body(request, document)
    return document


def path_id(request: Request, name: str) -> int:
    """Raises ApiError ERROR_INVALID_PARAMETER unless the path parameter is a whole number of 32 bits."""
    text = request.path_params[name]
    if not (text.isascii() and text.isdigit()) or int(text) > _LARGEST_INT32:
        raise errors.invalid_parameter(name)
    return int(text)
