"""``POST /OAuth2/Token``: client credentials in, a bearer token out."""

from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from listrak_simulator import bodies, errors, journal
from listrak_simulator.answers import json_answer
from listrak_simulator.simulator import simulator_of

_FORM = "application/x-www-form-urlencoded"
_LONGEST_FORM = 65_536  # bytes; far above any real one


async def issue_token(request: Request) -> Response:
    bodies.require_content_type(request, _FORM)
    form = parse_qs((await bodies.read(request, _LONGEST_FORM)).decode("utf-8", "replace"), keep_blank_values=True)
    grant_type, client_id, client_secret = (
        form.get(name, [""])[0] for name in ("grant_type", "client_id", "client_secret")
    )
    journal.note_body(request, {"grant_type": grant_type, "client_id": client_id})
    if grant_type != "client_credentials":
        raise errors.invalid_parameter("grant_type")
    simulator = simulator_of(request)
    lifetime = simulator.settings.token_lifetime_seconds
    token = simulator.credentials.issue(client_id, client_secret, lifetime)
    return json_answer({"access_token": token, "token_type": "bearer", "expires_in": lifetime})


routes = [Route("/OAuth2/Token", issue_token, methods=["POST"])]
