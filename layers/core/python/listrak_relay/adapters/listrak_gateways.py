"""A signed-in gateway for each secret, kept as long as the execution environment, with its token and connections."""

from __future__ import annotations

import threading
import time

from listrak_relay.adapters.listrak_email import ListrakEmail
from listrak_relay.adapters.listrak_http import ListrakHttp
from listrak_relay.adapters.listrak_token import ListrakToken
from listrak_relay.adapters.listrak_transport import ListrakTransport
from listrak_relay.ports import Clock, Credentials, EmailGateway, SecretStore


class ListrakGateways:
    """`ports.EmailGateways`."""

    def __init__(
        self,
        secrets: SecretStore,
        own_secret: str,
        email_url: str,
        auth_url: str,
        timeouts: tuple[float, float],
        clock: Clock,
    ) -> None:
        self._secrets, self._own_secret = secrets, own_secret
        self._email_url, self._auth_url, self._timeouts, self._clock = email_url, auth_url, timeouts, clock
        self._gateways: dict[str, EmailGateway] = {}
        self._lock = threading.Lock()

    def for_secret(self, secret: str | None) -> EmailGateway:
        name = secret or self._own_secret
        with self._lock:
            if name not in self._gateways:
                self._gateways[name] = self._connect(name)
            return self._gateways[name]

    def _connect(self, name: str) -> EmailGateway:
        def credentials(fresh: bool) -> Credentials:
            return self._secrets.credentials(name, fresh)

        transport = ListrakTransport(self._timeouts)
        token = ListrakToken(transport, self._auth_url, credentials, self._clock, time.sleep)
        return ListrakEmail(ListrakHttp(self._email_url, transport, token, time.sleep))
