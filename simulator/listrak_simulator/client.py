"""What a test says to a running simulator behind Listrak's back: see README.md, Control. The standard library alone."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import ProxyHandler, Request, build_opener

_SECONDS = 120


class ControlError(Exception):
    """The simulator cannot do it; the text has its own words."""


class SimulatorControl:
    """A simulator by its URL."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._open = build_opener(ProxyHandler({})).open  # on this machine, whatever HTTP_PROXY says

    @property
    def auth_url(self) -> str:
        return f"{self.url}/OAuth2/Token"

    @property
    def email_url(self) -> str:
        return f"{self.url}/email/v1"

    @property
    def sms_url(self) -> str:
        return f"{self.url}/sms/v1"

    def credentials(self, integration: str) -> dict[str, str]:
        """``client_id`` and ``client_secret`` of ``email`` or ``sms``."""
        client = next(client for client in self.call("GET", "clients") if client["integration"] == integration)
        return {name: client[name] for name in ("client_id", "client_secret")}

    def contacts(self, list_name: str) -> list[dict[str, Any]]:
        contacts: list[dict[str, Any]] = self.call("GET", f"lists/{quote(list_name)}/contacts")
        return contacts

    def fields(self, list_name: str) -> list[dict[str, Any]]:
        fields: list[dict[str, Any]] = self.call("GET", f"lists/{quote(list_name)}/fields")
        return fields

    def imports(self, list_name: str) -> list[dict[str, Any]]:
        imports: list[dict[str, Any]] = self.call("GET", f"lists/{quote(list_name)}/imports")
        return imports

    def journal(self, method: str | None = None, path: str | None = None) -> list[dict[str, Any]]:
        """Requests so far; ``path`` is a regular expression."""
        entries: list[dict[str, Any]] = self.call("GET", "journal", params={"method": method, "path": path})
        return entries

    def seed(self, document: Mapping[str, Any]) -> None:
        self.call("POST", "seed", json=document)

    def reset(self) -> None:
        self.call("POST", "reset")

    def settings(self, **changes: Any) -> None:
        self.call("PUT", "settings", json=changes)

    def fault(self, effect: Mapping[str, Any], **rule: Any) -> str:
        """Returns the id of the new rule."""
        return str(self.call("POST", "faults", json={**rule, "effect": effect})["id"])

    def faults(self) -> list[dict[str, Any]]:
        rules: list[dict[str, Any]] = self.call("GET", "faults")
        return rules

    def clear_faults(self) -> None:
        self.call("DELETE", "faults")

    def call(
        self, method: str, path: str, *, json: object = None, params: Mapping[str, str | None] | None = None
    ) -> Any:
        """``path`` as the README lists it, or what follows ``/control/`` in it; returns the answer's document. Raises
        ControlError."""
        query = urlencode({name: value for name, value in (params or {}).items() if value is not None})
        address = f"{self.url}/control/{path.removeprefix('/control/')}" + (f"?{query}" if query else "")
        headers = {"Content-Type": "application/json"}
        return self._send(Request(address, _body(json), headers, method=method))  # noqa: S310  our own URL

    def _send(self, request: Request) -> Any:
        try:
            with self._open(request, timeout=_SECONDS) as answer:
                return json.load(answer)
        except HTTPError as error:
            with error:
                said = error.read().decode("utf-8", "replace")
            raise ControlError(f"{request.method} {request.selector}: {error.code} {said}") from None


def _body(document: object) -> bytes | None:
    return None if document is None else json.dumps(document).encode()
