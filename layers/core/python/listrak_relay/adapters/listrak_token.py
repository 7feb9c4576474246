"""The token of one integration, kept until shortly before its end.

From Listrak's published text: a form-encoded client-credentials call; all requests of a paused integration are refused,
this one included; ``ERROR_INVALID_CREDENTIALS`` also stands for an address that is not allowed.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from http import HTTPStatus

from listrak_relay.adapters.listrak_transport import (
    ListrakTransport,
    NoAnswerError,
    NotSentError,
    error_code_of,
    is_passing,
    json_of,
    retry_after,
)
from listrak_relay.errors import ConfigurationError, RetryableError
from listrak_relay.ports import Clock, Credentials

ATTEMPTS = 4
LONGEST_WAIT_SECONDS = 20.0
"""A longer wait, asked for by Listrak or reached by doubling, is left to the queue."""

RENEW_BEFORE_SECONDS = 120.0
"""A token that ends sooner than this is renewed first."""


class ListrakToken:
    """Shared by threads. ``credentials`` is called with True when the cached pair has been refused."""

    def __init__(
        self,
        transport: ListrakTransport,
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

    def current(self, fresh_secret: bool = False) -> str:
        """A token with at least two minutes to live.

        Raises:
            ConfigurationError: the credentials are refused, also when read anew.
            RetryableError: the service does not answer.
        """
        with self._lock:
            if self._token is None or self._clock.now() > self._ends - RENEW_BEFORE_SECONDS:
                self._token, self._ends = self._fetch(fresh_secret)
            return self._token

    def forget(self, token: str) -> None:
        """Listrak has refused it."""
        with self._lock:
            if self._token == token:
                self._token = None

    def _fetch(self, fresh_secret: bool) -> tuple[str, float]:
        for attempt in range(1, ATTEMPTS + 1):
            pair = self._credentials(fresh_secret)
            form = {
                "grant_type": "client_credentials",
                "client_id": pair.client_id,
                "client_secret": pair.client_secret,
            }
            try:
                answer = self._transport.request("POST", self._auth_url, data=form)
            except (NotSentError, NoAnswerError) as error:
                pause(self._sleep, attempt, None, f"token: {error}")
                continue
            if is_passing(answer.status_code):
                pause(self._sleep, attempt, retry_after(answer), f"token: Listrak answered {answer.status_code}")
                continue
            value = json_of(answer) or {}
            token = value.get("access_token")
            if answer.status_code == HTTPStatus.OK and isinstance(token, str) and token:
                return token, self._clock.now() + _lifetime(value.get("expires_in"))
            if fresh_secret:
                raise refused_credentials(error_code_of(answer))
            # The pair may have been rotated since it was cached.
            fresh_secret = True
        raise RetryableError(f"token: no usable answer after {ATTEMPTS} tries")


def pause(sleep: Callable[[float], None], attempt: int, asked: float | None, why: str) -> None:
    """Wait before the next attempt: 0.5 to 1 s, doubling, never less than asked for.

    Raises:
        RetryableError: this was the last attempt, or the wait is so long that the queue should do it.
    """
    doubling = 0.5 * 2**attempt
    wait = max(random.uniform(doubling / 2, doubling), asked or 0.0)
    if attempt >= ATTEMPTS or wait > LONGEST_WAIT_SECONDS:
        raise RetryableError(why, retry_after=asked)
    sleep(wait)


def refused_credentials(code: str) -> ConfigurationError:
    return ConfigurationError(
        "credentials_refused",
        f"Listrak refuses the credentials ({code}): the client id or secret in Secrets Manager is wrong, the "
        "integration is inactive or paused, lacks access to Contact, List, Reporting or Segmentation, or does not "
        "allow this IP address",
    )


def _lifetime(expires_in: object) -> float:
    """Seconds. Listrak documents no value; an independent client saw 3599. Without one the token is for a minute."""
    try:
        return max(RENEW_BEFORE_SECONDS + 1, float(str(expires_in)))
    except ValueError:
        return RENEW_BEFORE_SECONDS + 60
