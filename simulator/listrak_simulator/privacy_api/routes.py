"""Every operation of the Privacy API."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from listrak_simulator import answers, errors
from listrak_simulator.operations import Api, body_of
from listrak_simulator.simulator import simulator_of

_API = Api("/privacy", "privacy")
_IDENTIFIERS = ("emailAddress", "phoneNumber")


async def submit(request: Request) -> Response:
    body = await body_of(request)
    given = {name: value for name in _IDENTIFIERS if isinstance(value := body.get(name), str) and value.strip()}
    if not given:
        raise errors.invalid_parameter(_IDENTIFIERS[0])
    simulator = simulator_of(request)
    made = simulator.privacy.submit(given, simulator.settings.forget_seconds)
    return answers.created(made.request_id)


async def status(request: Request) -> Response:
    found = simulator_of(request).privacy.requests.get(request.path_params["requestId"])
    if found is None:
        raise errors.not_located("requestId")
    return answers.resource(found.describe())


routes: list[Route] = [
    _API.operation("POST", "/v1/Forget", submit),
    _API.operation("GET", "/v1/Forget/{requestId}", status),
]
