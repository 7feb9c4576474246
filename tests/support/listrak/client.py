"""Our Listrak client as the functions have it, but for time, which is the test's, and a Listrak that says as told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO

from listrak_relay.adapters.listrak.email import ListrakEmail
from listrak_relay.adapters.listrak.http import ListrakHttp
from listrak_relay.adapters.listrak.token import ListrakToken
from listrak_relay.adapters.listrak.transport import ListrakTransport, Transport
from listrak_relay.domain.run.manifest import Action
from listrak_relay.ports.listrak_email import ImportOrder
from listrak_relay.ports.secrets import Credentials
from tests.support.fakes import FakeClock, FakeSecretStore
from tests.support.listrak.scripted_server import Reply, Request, ScriptedServer, scripted_server

AN_ORDER = ImportOrder("listrak-relay_run_001.csv", Action.SUBSCRIBE, ())
SECRET = "listrak/email"
PAIR = Credentials("made-up-client", "made-up-secret")
LIST_ID = 345
TIMEOUTS = (5.0, 5.0)
SHORT_TIMEOUTS = (5.0, 0.4)
"""For tests in which Listrak keeps silent."""


@dataclass
class Client:
    """``waits``: the seconds that the client wanted to sleep; no time passes."""

    email: ListrakEmail
    http: ListrakHttp
    secrets: FakeSecretStore
    clock: FakeClock
    waits: list[float]

    def start_import(
        self, content: bytes = b"ada@example.com\n", *, size: int | None = None, order: ImportOrder | None = None
    ) -> int:
        """``size``: what is said of the content's."""
        size = len(content) if size is None else size
        return self.email.start_import(LIST_ID, order or AN_ORDER, size, BytesIO(content))


def listrak_client(
    email_url: str, auth_url: str, *, pair: Credentials = PAIR, transport: Transport | None = None
) -> Client:
    secrets, clock = FakeSecretStore({SECRET: pair}), FakeClock()
    waits: list[float] = []
    transport = transport or ListrakTransport(TIMEOUTS)
    token = ListrakToken(transport, auth_url, lambda fresh: secrets.credentials(SECRET, fresh), clock, waits.append)
    http = ListrakHttp(email_url, transport, token, waits.append)
    return Client(ListrakEmail(http), http, secrets, clock, waits)


def token_reply(token: str = "token", expires_in: object = 3599) -> Reply:
    return Reply(200, {"access_token": token, "token_type": "bearer", "expires_in": expires_in})


def error_reply(status: int, code: str, **headers: str) -> Reply:
    body = {"status": status, "error": code, "message": "Made up."}
    return Reply(status, body, {name.replace("_", "-"): value for name, value in headers.items()})


def created(resource_id: object = "7") -> Reply:
    return Reply(201, {"status": 201, "resourceId": resource_id})


def data(value: object, **more: object) -> Reply:
    return Reply(200, {"status": 200, "data": value, **more})


@dataclass
class ScriptedListrak:
    """Replies by method and end of path, in order; the last one is given again and again. Tokens need no script.

    ``refused_tokens``: calls with these get 401.
    """

    server: ScriptedServer = field(init=False)
    refused_tokens: set[str] = field(default_factory=set)
    _replies: dict[tuple[str, str], list[Reply]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _tokens: int = 0

    @property
    def email_url(self) -> str:
        return f"{self.server.url}/email/v1"

    @property
    def auth_url(self) -> str:
        return f"{self.server.url}/OAuth2/Token"

    def on(self, method: str, path_end: str, *replies: Reply) -> None:
        self._replies[method, path_end] = list(replies)

    def on_token(self, *replies: Reply) -> None:
        self.on("POST", "/Token", *replies)

    def asked(self, method: str, path_end: str) -> list[Request]:
        return self.server.asked(method, path_end)

    @property
    def token_requests(self) -> list[Request]:
        return self.asked("POST", "/Token")

    def client(self, timeouts: tuple[float, float] = TIMEOUTS) -> Client:
        return listrak_client(self.email_url, self.auth_url, transport=ListrakTransport(timeouts))

    def __call__(self, request: Request) -> Reply:
        if request.headers.get("authorization", "").removeprefix("Bearer ") in self.refused_tokens:
            return error_reply(401, "ERROR_UNAUTHORIZED")
        with self._lock:
            return self._reply(request)

    def _reply(self, request: Request) -> Reply:
        for (method, path_end), replies in self._replies.items():
            if request.method == method and request.path.endswith(path_end):
                return replies.pop(0) if len(replies) > 1 else replies[0]
        if request.path.endswith("/Token"):
            self._tokens += 1
            return token_reply(f"token-{self._tokens}")
        return error_reply(404, "ERROR_UNKNOWN_ROUTE")


@contextmanager
def scripted_listrak() -> Iterator[ScriptedListrak]:
    listrak = ScriptedListrak()
    with scripted_server(listrak) as server:
        listrak.server = server
        yield listrak
