"""Puts the routes, the error answers and the traffic middleware together."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import formatdate

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from listrak_simulator import answers, clock, control, errors, oauth
from listrak_simulator.email_api.routes import routes as email_routes
from listrak_simulator.import_runner import ImportRunner
from listrak_simulator.pages import folders, people, switches
from listrak_simulator.pages import routes as page_routes
from listrak_simulator.pages import sms_routes as sms_page_routes
from listrak_simulator.privacy_api.routes import routes as privacy_routes
from listrak_simulator.simulator import Simulator
from listrak_simulator.sms_api import control as sms_control
from listrak_simulator.sms_api.routes import routes as sms_routes
from listrak_simulator.traffic import VENDOR_PREFIXES, Traffic

_UNSAFE = re.compile(r"[&<>*%:\\?]")  # what ASP.NET, which Listrak runs on, refuses in a decoded path by default


def build_app(simulator: Simulator) -> Starlette:
    runner = ImportRunner()

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        runner.close()

    app = Starlette(
        routes=[
            *oauth.routes,
            *email_routes,
            *sms_routes,
            *privacy_routes,
            *control.routes,
            *sms_control.routes,
            *page_routes.routes,
            *sms_page_routes.routes,
            *people.routes,
            *switches.routes,
            *folders.routes,
        ],
        middleware=[Middleware(Traffic, simulator=simulator), Middleware(VendorPaths, simulator=simulator)],
        exception_handlers={
            errors.ApiError: _answer_api_error,
            HTTPException: _answer_routing_error,
            control.BadControlRequest: control.answer_bad_request,
            Exception: _answer_unhandled,
        },
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.simulator = simulator
    app.state.import_runner = runner
    return app


class VendorPaths:
    """ASGI middleware for the vendor's paths: refuses characters that Listrak calls unsafe, and takes a slash at their
    end as ASP.NET does. Every answer bears the simulator's time."""

    def __init__(self, app: ASGIApp, simulator: Simulator) -> None:
        self._app = app
        self._simulator = simulator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                # The server's own would be by the machine's clock.
                MutableHeaders(scope=message)["Date"] = formatdate(clock.now(), usegmt=True)
            await send(message)

        await self._pass_on(scope, receive, dated)

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(VENDOR_PREFIXES):
            if _UNSAFE.search(scope["path"]):
                await answers.error(errors.unsafe_route())(scope, receive, send)
                return
            if self._simulator.settings.trailing_slash == "taken":
                scope["path"] = scope["path"].removesuffix("/")
        await self._app(scope, receive, send)


async def _answer_api_error(_: Request, error: Exception) -> Response:
    if not isinstance(error, errors.ApiError):
        raise error
    return answers.error(error)


async def _answer_routing_error(_: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException) and error.status_code == errors.unsupported_method().status:
        return answers.error(errors.unsupported_method())
    return answers.error(errors.unknown_route())


async def _answer_unhandled(_: Request, __: Exception) -> Response:
    return answers.error(errors.unhandled())
