"""One answer of Listrak's, and what can be read from it whatever the call was."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from listrak_relay.adapters.listrak.plain_words import plain_words
from listrak_relay.adapters.listrak.values import page_items_of
from listrak_relay.errors import RetryableError
from listrak_relay.ports.messaging import MAX_POSTPONEMENT_SECONDS

_ERROR_CODE = re.compile(r"[A-Za-z0-9]{1,40}(_[A-Za-z0-9]{1,40}){1,20}")
"""Words joined by underscores. Beside them only `plain_words` of an answer get into an error: it may repeat what was
sent."""

_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]|\xed[\xa0-\xbf]")
"""As JSON writes signs of two halves, or only one of them."""

_PARAMETERS = re.compile(r"\b(eventIds|overrideUnsubscribe|subscribedByContact|sendDoubleOptIn|updateType)\b")
"""Parameters of ours that are the same for every contact of a run, as Listrak's messages name them."""

_SUCCESS = re.compile(r"2[0-9]{2}")
_REFUSAL = re.compile(r"[345][0-9]{2}")

_FINAL = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.METHOD_NOT_ALLOWED,
        HTTPStatus.LENGTH_REQUIRED,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.REQUEST_URI_TOO_LONG,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    }
)
"""Refusals of a request as it is, whoever says so."""

_NOTHING_DONE = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


@dataclass(frozen=True, slots=True, repr=False)
class Answer:
    """``headers`` are looked up without regard to case. ``seconds`` from sending until the answer began."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    seconds: float = 0.0

    @property
    def not_taken(self) -> bool:
        """Turned away before anything was done with it, and worth another try."""
        return self.status in _NOTHING_DONE

    @property
    def failed(self) -> bool:
        """A fault on Listrak's side; what became of the request is not known."""
        return self.status >= HTTPStatus.INTERNAL_SERVER_ERROR

    @property
    def succeeded(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def refused(self) -> bool:
        return HTTPStatus.BAD_REQUEST <= self.status < HTTPStatus.INTERNAL_SERVER_ERROR

    @property
    def is_refusal(self) -> bool:
        """Refused by Listrak, whose refusals are JSON objects, or for something that is the same at each try. Anything
        else on the way, such as a firewall or a load balancer with nobody behind it, speaks HTML or says nothing."""
        return self.refused and (self.status in _FINAL or self.json_object() is not None)

    def json_object(self) -> dict[str, Any] | None:
        """None if the answer holds anything else."""
        try:
            content = _in_utf_8(self.content)
            value = json.loads(content)
            if _SURROGATE.search(content):
                # Half of a sign that was cut in two. No file, table or message of ours could hold it.
                value = json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
        except (ValueError, RecursionError):
            return None
        return value if isinstance(value, dict) else None

    @property
    def lists_things(self) -> bool:
        """Whether it is a collection, as Listrak publishes it for its lists and sender codes, be it of nothing."""
        try:
            page_items_of(self.json_object() or {}, "")
        except RetryableError:
            return False
        return self.succeeded

    def error_code(self) -> str:
        """Listrak's, from its envelope ``{"status", "error", "message"}``, else the HTTP status in words."""
        code = (self.json_object() or {}).get("error")
        if isinstance(code, str) and _ERROR_CODE.fullmatch(code):
            return code
        return f"HTTP {self.status}"

    def parameter(self) -> str:
        """The parameter of the whole run that Listrak's message blames, empty if it blames none."""
        message = (self.json_object() or {}).get("message")
        found = _PARAMETERS.search(message) if isinstance(message, str) else None
        return found[1] if found else ""

    def words(self, sent: object) -> str:
        """What Listrak says besides the code, as far as it is fit to be kept; see `plain_words`."""
        message = (self.json_object() or {}).get("message")
        return plain_words(message, sent) if isinstance(message, str) else ""

    def retry_after(self) -> float | None:
        """Seconds. Listrak documents no such header; where one comes, in seconds or as a date, it is heeded."""
        text = self.headers.get("Retry-After", "").strip()
        if text.isascii() and text.isdigit():
            return min(float(text), MAX_POSTPONEMENT_SECONDS)
        try:
            # Both dates are of the other side's clock.
            wait = parsedate_to_datetime(text) - parsedate_to_datetime(self.headers.get("Date", ""))
        except (TypeError, ValueError, OverflowError):
            return None
        return min(max(0.0, wait.total_seconds()), MAX_POSTPONEMENT_SECONDS)


def _in_utf_8(content: bytes) -> bytes:
    """JSON that came as UTF-16 or UTF-32, as `json.loads` reads it too. Raises ValueError: it is neither."""
    encoding = json.detect_encoding(content)
    if encoding.startswith("utf-8"):
        return content
    return content.decode(encoding, "surrogatepass").encode("utf-8", "surrogatepass")


def confirms(value: Mapping[str, Any]) -> bool:
    """Whether it is Listrak that says that something was done, and not something else on the way: every published
    answer to a change has a ``status`` and a ``resourceId``. A refusal that came with another status of HTTP's says so
    in the body. ``value``: an answer's JSON object."""
    status, error = str(value.get("status")), value.get("error")
    if _REFUSAL.fullmatch(status) or (isinstance(error, str) and _ERROR_CODE.fullmatch(error)):
        return False
    return bool(_SUCCESS.fullmatch(status)) or value.get("resourceId") is not None
