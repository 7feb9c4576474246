"""Signed-in calls to Listrak, tried again where that is safe.

Listrak documents no rate limit, no `Retry-After` and no idempotency key, so a call that changes something is never
repeated here once its bytes may have arrived: that is an unknown outcome, which the caller settles by asking.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Protocol

from listrak_relay.adapters.listrak_token import ATTEMPTS, ListrakToken, pause, refused_credentials
from listrak_relay.adapters.listrak_transport import (
    ListrakTransport,
    NoAnswerError,
    NotSentError,
    error_code_of,
    json_of,
    retry_after,
)
from listrak_relay.errors import OutcomeUnknownError, RetryableError

TOKENS_TRIED = 3
"""The cached token, a new one, and one for credentials read anew: then a 401 is final."""


class Body(Protocol):
    """A request body of known length, read once."""

    def __len__(self) -> int: ...

    def read(self, size: int = -1) -> bytes | None: ...


class ListrakRefusalError(Exception):
    """Listrak answered 400 or 404: the call had no effect. ``code`` is its error code. Stays inside the adapters."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"Listrak answered {status} {code}")
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class Call:
    """One request. ``name`` is the route without its values, fit for logs and errors: paths may hold an address.

    ``repeatable``: sending it twice leaves the same state, so that a lost answer may be met by trying again.
    """

    method: str
    path: str
    name: str
    repeatable: bool
    query: Mapping[str, str] | None = None
    json: Any = None
    body: Body | None = None


class _TokenRefusedError(Exception):
    """Listrak answered 401; the text is its error code."""


class _TryAgainError(Exception):
    """The call had no effect, or a repeat does no harm."""

    def __init__(self, why: str, asked: float | None = None) -> None:
        super().__init__(why)
        self.asked = asked


class ListrakHttp:
    """Calls of one integration, by any number of threads."""

    def __init__(
        self, base_url: str, transport: ListrakTransport, token: ListrakToken, sleep: Callable[[float], None]
    ) -> None:
        self._base_url, self._transport, self._token, self._sleep = base_url, transport, token, sleep

    def call(self, call: Call) -> dict[str, Any]:
        """Send and return the answer's JSON object.

        Raises:
            ListrakRefusalError: 400 or 404.
            ConfigurationError: the credentials are refused even when renewed.
            RetryableError: throttled, not reachable, or (repeatable calls) failing again and again.
            OutcomeUnknownError: sent, and whether it took effect cannot be told from the answer.
        """
        refusals = 0
        for attempt in range(1, ATTEMPTS + 1):
            token = self._token.current(fresh_secret=refusals > 1)
            try:
                return self._once(call, token)
            except _TokenRefusedError as refused:
                refusals += 1
                self._token.forget(token)
                if refusals >= TOKENS_TRIED:
                    raise refused_credentials(str(refused)) from None
                if call.body is not None:  # it can be read only once
                    raise RetryableError(f"{call.name}: the token was refused", retry_after=1) from None
            except _TryAgainError as again:
                if call.body is not None:
                    raise RetryableError(str(again), retry_after=again.asked) from None
                pause(self._sleep, attempt, again.asked, str(again))
        raise RetryableError(f"{call.name}: no usable answer after {ATTEMPTS} tries")

    def _once(self, call: Call, token: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"}
        if call.body is not None:
            headers["Content-Type"] = "application/json"
        try:
            answer = self._transport.request(
                call.method,
                self._base_url + call.path,
                params=call.query,
                json=call.json,
                data=call.body,
                headers=headers,
            )
        except NotSentError as error:
            raise _TryAgainError(f"{call.name}: {error}") from None
        except NoAnswerError as error:
            raise _lost(call, str(error)) from None
        status = answer.status_code
        if status == HTTPStatus.UNAUTHORIZED:
            raise _TokenRefusedError(error_code_of(answer))
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise _TryAgainError(f"{call.name}: throttled", retry_after(answer))
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise _lost(call, f"Listrak answered {status}", retry_after(answer))
        if status >= HTTPStatus.BAD_REQUEST:
            raise ListrakRefusalError(status, error_code_of(answer))
        value = json_of(answer)
        if status >= HTTPStatus.MULTIPLE_CHOICES or value is None:
            raise _lost(call, f"the answer {status} is not Listrak's JSON")
        return value


def _lost(call: Call, why: str, asked: float | None = None) -> Exception:
    said = f"{call.name}: {why}"
    return _TryAgainError(said, asked) if call.repeatable else OutcomeUnknownError(said)
