"""What Listrak, or something on the way to it, may say instead of the true answer. Imports nothing of the program."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Said:
    """``refuses``: it says that nothing was done, so it never comes after a call that took effect."""

    status: int
    content: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    refuses: bool = False


def _json(status: int, body: object) -> Said:
    return Said(status, json.dumps(body).encode())


def _error(status: int, code: str, *, refuses: bool = True, **headers: str) -> Said:
    body = json.dumps({"status": status, "error": code, "message": "Made up."}).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Said(status, body, headers=named, refuses=refuses)


def _html(status: int) -> Said:
    return Said(status, b"<html><body><h1>Gateway</h1></body></html>", "text/html")


ANSWERS: Mapping[str, Said] = {
    "401": _error(401, "ERROR_UNAUTHORIZED"),
    "403": _error(403, "ERROR_FORBIDDEN"),
    "404": _error(404, "ERROR_UNABLE_TO_LOCATE_RESOURCE"),
    "409": _error(409, "ERROR_OF_NEXT_YEAR"),
    "429": _error(429, "ERROR_TOO_MANY"),
    "429, wait 1 s": _error(429, "ERROR_TOO_MANY", Retry_After="1"),
    "429, wait an hour": _error(429, "ERROR_TOO_MANY", Retry_After="3600"),
    "500": _error(500, "ERROR_UNHANDLED_EXCEPTION", refuses=False),
    "502 in HTML": _html(502),
    "200 in HTML": _html(200),
    "{}": _json(200, {}),
    "[]": _json(200, []),
    "data null": _json(200, {"data": None}),
    "a thousand deep": Said(200, b"[" * 1_000 + b"]" * 1_000),
    "another shape": _json(200, {"data": {"items": [{"id": "x"}]}, "status": "fine"}),
}
