"""Who may call: the integrations of one account and the tokens issued to them."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from listrak_simulator import clock, errors

INTEGRATION_TYPES = ("email", "sms", "data", "privacy")  # separate in Listrak, with separate ids, secrets and tokens


@dataclass(frozen=True)
class Client:
    client_id: str
    client_secret: str
    integration: str = "email"
    paused: bool = False
    """Every request of a paused integration is refused, token requests included."""

    @classmethod
    def parse(cls, document: Mapping[str, Any]) -> "Client":
        """Raises ValueError on a missing or unknown key or an unknown integration type."""
        try:
            client = cls(**document)
        except TypeError as error:
            raise ValueError(
                "a client has the keys client_id, client_secret, integration and paused; "
                f"this one has {', '.join(document)}"
            ) from error
        if client.integration not in INTEGRATION_TYPES:
            raise ValueError(f"integration {client.integration!r} is not one of {', '.join(INTEGRATION_TYPES)}")
        return client


DEFAULT_CLIENTS = (
    Client("simulated-email-client", "simulated-email-secret", "email"),
    Client("simulated-sms-client", "simulated-sms-secret", "sms"),
    Client("simulated-privacy-client", "simulated-privacy-secret", "privacy"),
)


class Credentials:
    """Issues tokens and checks them. A changed secret leaves tokens already issued alone."""

    def __init__(self, clients: Iterable[Client] = DEFAULT_CLIENTS) -> None:
        self._clients: dict[str, Client] = {}
        self._tokens: dict[str, tuple[str, float]] = {}
        self.replace_clients(clients)

    def replace_clients(self, clients: Iterable[Client]) -> None:
        self._clients = {client.client_id: client for client in clients}

    def describe(self) -> list[dict[str, Any]]:
        return [asdict(client) for client in self._clients.values()]

    def issue(self, client_id: str, client_secret: str, lifetime_seconds: int) -> str:
        """Raises ApiError ERROR_INVALID_CREDENTIALS: unknown id, wrong secret or paused, which cannot be told apart."""
        client = self._clients.get(client_id)
        if (
            client is None
            or client.paused
            or not secrets.compare_digest(client.client_secret.encode(), client_secret.encode())
        ):
            raise errors.invalid_credentials()
        now, token = clock.now(), secrets.token_urlsafe(48)
        self._tokens = {each: (owner, end) for each, (owner, end) in self._tokens.items() if end > now}
        self._tokens[token] = (client_id, now + lifetime_seconds)
        return token

    def check(self, authorization: str | None, integration: str) -> None:
        """Raises ApiError ERROR_UNAUTHORIZED unless the header holds a live token of such an integration."""
        scheme, _, token = (authorization or "").partition(" ")
        client_id, expires_at = self._tokens.get(token.strip(), ("", 0.0))
        client = self._clients.get(client_id)
        if (
            scheme.lower() != "bearer"
            or client is None
            or client.paused
            or client.integration != integration
            or clock.now() >= expires_at
        ):
            raise errors.unauthorized()

    def expire_all(self) -> int:
        """End every token at once; returns how many there were."""
        expired = len(self._tokens)
        self._tokens.clear()
        return expired
