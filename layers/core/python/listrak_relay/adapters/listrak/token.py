"""The token of one integration, kept until shortly before its end.

From Listrak's published text: a form-encoded client-credentials call; all requests of a paused integration are refused,
this one included; ``ERROR_INVALID_CREDENTIALS`` also stands for an address that is not allowed. The status of a refusal
is not published.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from http import HTTPStatus

from listrak_relay.adapters.listrak.answer import Answer
from listrak_relay.adapters.listrak.transport import NoAnswerError, NotSentError, Request, Transport
from listrak_relay.errors import CallFailedError, ConfigurationError, RetryableError
from listrak_relay.ports.secrets import Credentials
from listrak_relay.ports.time import Clock

ATTEMPTS = 4
LONGEST_WAIT_SECONDS = 20.0
"""A longer wait, asked for by Listrak or reached by doubling, is left to the queue."""

RENEW_BEFORE_SECONDS = 120.0
"""A token that ends sooner than this is renewed first."""

_REFUSALS = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


class ThrottledError(RetryableError):
    """Turned away for a while by a Listrak that is there."""


class ListrakToken:
    """Shared by threads. ``credentials`` is called with True when the cached pair has been refused."""

    def __init__(
        self,
        transport: Transport,
        auth_url: str,
        credentials: Callable[[bool], Credentials],
        clock: Clock,
        sleep: Callable[[float], None],
    ) -> None:
        self._transport, self._auth_url, self._credentials = transport, auth_url, credentials
        self._clock, self._sleep = clock, sleep
        self._lock = threading.Lock()
        self._token: str | None = None
        self._ends = 0.0
        self._failures = 0

    def current(self, fresh_secret: bool = False) -> str:
        """A token with at least two minutes to live, if Listrak gives any that long.

        Raises:
            ConfigurationError: the credentials are refused, also when read anew, or there is no such service.
            RetryableError: the service does not answer.
        """
        failures = self._failures
        with self._lock:
            if self._token is None or self._ended():
                if self._failures > failures:
                    # Another thread's tries were for all that waited for them.
                    raise RetryableError("token: no usable answer to another call's tries")
                try:
                    self._token, self._ends = self._fetch(fresh_secret)
                except RetryableError:
                    self._failures += 1
                    raise
            return self._token

    def answers(self) -> bool:
        """Whether there is a token, or the service gives one or says why not. It is asked once at most; to say that all
        is well and give none is no answer."""
        with self._lock:
            if self._token is not None and not self._ended():
                return True
            try:
                answer = self._ask(fresh_secret=False)
            except (NotSentError, NoAnswerError):
                return False
            if (found := self._of(answer)) is not None:
                self._token, self._ends = found
            return found is not None or answer.refused

    @property
    def kept(self) -> str | None:
        """The last one that was had, whether it has ended or not."""
        return self._token

    def forget(self, token: str) -> None:
        """Listrak has refused it."""
        with self._lock:
            if self._token == token:
                self._token = None

    def _ended(self) -> bool:
        return self._clock.now() > self._ends - RENEW_BEFORE_SECONDS

    def _ask(self, *, fresh_secret: bool) -> Answer:
        pair = self._credentials(fresh_secret)
        form = {
            "grant_type": "client_credentials",
            "client_id": pair.client_id,
            "client_secret": pair.client_secret,
        }
        return self._transport.send(Request("POST", self._auth_url, form=form))

    def _of(self, answer: Answer) -> tuple[str, float] | None:
        """The token of an answer, and its end."""
        value = (answer.json_object() if answer.succeeded else None) or {}
        token = value.get("access_token")
        return (str(token), self._clock.now() + _lifetime(value.get("expires_in"))) if _fits_a_header(token) else None

    def _fetch(self, fresh_secret: bool) -> tuple[str, float]:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                answer = self._ask(fresh_secret=fresh_secret)
            except (NotSentError, NoAnswerError) as error:
                pause(self._sleep, attempt, None, f"token: {error}")
                continue
            if answer.status in _REFUSALS:
                if fresh_secret:
                    raise refused_credentials(answer.error_code())
                # The pair may have been rotated since it was cached.
                fresh_secret = True
                continue
            if answer.refused and not answer.not_taken:
                raise ConfigurationError(
                    "listrak_refused", f"token: Listrak answered {answer.error_code()}; is LISTRAK_AUTH_URL right?"
                )
            if (found := self._of(answer)) is not None:
                return found
            why = f"token: no token in the answer {answer.status}"
            pause(self._sleep, attempt, answer.retry_after(), why, throttled=answer.not_taken)
        raise RetryableError(f"token: no usable answer after {ATTEMPTS} tries")


def pause(
    sleep: Callable[[float], None], attempt: int, asked: float | None, why: str, *, throttled: bool = False
) -> None:
    """Wait before the next attempt: 0.5 to 1 s, doubling, never less than asked for.

    Raises:
        CallFailedError: this was the last attempt, or the wait is so long that the queue should do it; `ThrottledError`
            if it was ``throttled``.
    """
    doubling = 0.5 * 2**attempt
    wait = max(random.uniform(doubling / 2, doubling), asked or 0.0)
    if attempt >= ATTEMPTS or wait > LONGEST_WAIT_SECONDS:
        raise given_up(why, asked, throttled=throttled)
    sleep(wait)


def given_up(why: str, asked: float | None, *, throttled: bool) -> RetryableError:
    """Of a call that is not tried any more. ``asked``: seconds that Listrak asked to wait."""
    return (ThrottledError if throttled else CallFailedError)(why, retry_after=asked)


def refused_credentials(code: str) -> ConfigurationError:
    return ConfigurationError(
        "credentials_refused",
        f"Listrak refuses the credentials ({code}): the client id or secret is wrong or that of another type of "
        "integration, or the integration is inactive or paused, lacks access (one of type Email needs Contact, List, "
        "Reporting and Segmentation), or does not allow this IP address",
    )


def _fits_a_header(token: object) -> bool:
    """Anything else would be refused by the HTTP client, with the token in its error's text."""
    return isinstance(token, str) and token.isascii() and token.isprintable() and bool(token.strip())


def _lifetime(expires_in: object) -> float:
    """Seconds. Listrak documents no value; an independent client saw 3599. Without one the token is for a minute."""
    try:
        return max(RENEW_BEFORE_SECONDS + 1, float(str(expires_in)))
    except ValueError:
        return RENEW_BEFORE_SECONDS + 60
