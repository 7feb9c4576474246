"""Signed-in calls to Listrak, tried again where that is safe.

Listrak documents no rate limit, no `Retry-After` and no idempotency key, so a call that changes something is never
repeated here once its bytes may have arrived: that is an unknown outcome, which the caller settles by asking.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import unquote

from listrak_relay.adapters.listrak.answer import Answer, confirms
from listrak_relay.adapters.listrak.base64_body import Base64JsonBody
from listrak_relay.adapters.listrak.breaker import Breaker
from listrak_relay.adapters.listrak.call import Call, TryAgainError, lost, unusable
from listrak_relay.adapters.listrak.call_meter import CallMeter
from listrak_relay.adapters.listrak.refusals import ListrakRefusalError
from listrak_relay.adapters.listrak.their_clock import TheirClock
from listrak_relay.adapters.listrak.token import ATTEMPTS, ListrakToken, pause, refused_credentials
from listrak_relay.adapters.listrak.transport import NoAnswerError, NotSentError, Request, Transport
from listrak_relay.errors import RetryableError

T = TypeVar("T")

TOO_LARGE_BYTES = 200_000_000
"""A body that may be too large for whoever is on the way to Listrak: it would be so at the next try, too."""

TOKENS_TRIED = 3
"""The cached token, a new one, and one for credentials read anew: then a 401 is final."""


class _TokenRefusedError(Exception):
    """Listrak answered 401; the text is its error code."""


class ListrakHttp:
    """Calls of one integration, by any number of threads."""

    def __init__(
        self,
        base_url: str,
        transport: Transport,
        token: ListrakToken,
        sleep: Callable[[float], None],
        meter: CallMeter | None = None,
        seconds: Callable[[], float] = time.monotonic,
        breaker: Breaker | None = None,
        their_clock: TheirClock | None = None,
    ) -> None:
        """``breaker``: None where every call is to be tried. ``their_clock``: None where Listrak's is taken for
        ours."""
        self._base_url, self._transport, self._token = base_url, transport, token
        self._sleep, self._seconds = sleep, seconds
        self._meter = meter or CallMeter()
        self._breaker, self._their_clock = breaker, their_clock

    def call(self, call: Call) -> dict[str, Any]:
        """Send and return the answer's JSON object.

        Raises:
            ListrakRefusalError: 4xx.
            ConfigurationError: the credentials are refused even when renewed.
            RetryableError: throttled, not reachable, or (repeatable calls) failing again and again; UnusableAnswerError
                of a change that was answered with neither yes nor no.
            OutcomeUnknownError: sent, and whether it took effect cannot be told from the answer.
            NotYetError: Listrak does not answer at all.
        """
        return self.ask(call, lambda value: value)

    def ask(self, call: Call, read: Callable[[dict[str, Any]], T]) -> T:
        """Send a question that changes nothing, and return what ``read`` finds in the answer. Where that raises
        RetryableError there was no answer, and the question is asked again. Raises as `call` does."""
        return self._unless_away(lambda: self._call(call, read))

    def by_our_clock(self, moment: float) -> float:
        """``moment``: as Listrak told it in an answer. Both in epoch seconds."""
        return self._their_clock.by_ours(moment) if self._their_clock else moment

    def _unless_away(self, work: Callable[[], T]) -> T:
        if self._breaker is None:
            return work()
        path = self._breaker.path
        return self._breaker.unless_away(work, lambda: self._answers(path))

    def _answers(self, path: str) -> bool:
        """Whether a question that changes nothing is answered, be it with a refusal: that for a token, if there is
        none, and then another one, which lists things. To say 200 and list nothing is no answer, whoever says it."""
        if not self._token.answers():
            return False
        token = self._token.kept
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            answer = self._transport.send(Request("GET", self._base_url + path, headers))
        except (NotSentError, NoAnswerError):
            return False
        return answer.is_refusal or answer.lists_things

    def _call(self, call: Call, read: Callable[[dict[str, Any]], T]) -> T:
        refusals, begun = 0, self._seconds()
        for attempt in range(1, ATTEMPTS + 1):
            token = self._token.current(fresh_secret=refusals > 1)
            try:
                return _read(self._once(call, token), read)
            except _TokenRefusedError as refused:
                refusals += 1
                self._token.forget(token)
                if refusals >= TOKENS_TRIED:
                    raise refused_credentials(str(refused)) from None
            except TryAgainError as again:
                if call.again_within is not None and self._seconds() - begun > call.again_within:
                    raise again.at_last() from None
                pause(self._sleep, attempt, again.asked, str(again), throttled=again.throttled)
        raise RetryableError(f"{call.name}: no usable answer after {ATTEMPTS} tries")

    def upload(self, path: str, name: str, body: Base64JsonBody) -> dict[str, Any]:
        """POST a body that can be read only once, hence one attempt. ``name``: as in `Call`.

        Raises:
            ListrakRefusalError, OutcomeUnknownError: as for `call`.
            RetryableError, NotYetError: nothing happened.
        """
        return self._unless_away(lambda: self._upload(path, name, body))

    def _upload(self, path: str, name: str, body: Base64JsonBody) -> dict[str, Any]:
        token = self._token.current()
        try:
            return self._once(Call("POST", path, name, repeatable=False), token, body)
        except _TokenRefusedError as refused:
            self._token.forget(token)
            raise RetryableError(f"{name}: Listrak refused the token ({refused})", retry_after=1) from None
        except TryAgainError as again:
            raise again.at_last() from None

    def _once(self, call: Call, token: str, body: Base64JsonBody | None = None) -> dict[str, Any]:
        try:
            answer = self._send(call, token, body)
        except NotSentError as error:
            self._meter.note(call.name, None)
            raise TryAgainError(f"{call.name}: {error}") from None
        except NoAnswerError as error:
            self._meter.note(call.name, None)
            raise lost(call, str(error)) from None
        if self._their_clock:
            self._their_clock.note(answer)
        self._meter.note(call.name, None if answer.failed or answer.not_taken else answer.seconds)
        if answer.status == HTTPStatus.UNAUTHORIZED:
            raise _TokenRefusedError(answer.error_code())
        if answer.not_taken:
            raise TryAgainError(f"{call.name}: throttled (HTTP {answer.status})", answer.retry_after(), throttled=True)
        if answer.failed:
            raise lost(call, f"Listrak answered {answer.status}", answer.retry_after())
        if answer.is_refusal or (answer.refused and body is not None and len(body) > TOO_LARGE_BYTES):
            words = answer.words((unquote(call.path.rpartition("/Contact")[2]), call.query, call.json))
            raise ListrakRefusalError(answer.status, answer.error_code(), words, answer.parameter())
        value = answer.json_object()
        if not answer.succeeded or value is None or (call.method != "GET" and not confirms(value)):
            raise unusable(call, f"the answer {answer.status} is not Listrak's JSON")
        return value

    def _send(self, call: Call, token: str, body: Base64JsonBody | None) -> Answer:
        headers = {"Authorization": f"Bearer {token}"}
        if call.method == "POST":
            # Listrak demands it of a POST without a body too.
            headers["Content-Type"] = "application/json"
        return self._transport.send(
            Request(call.method, self._base_url + call.path, headers, call.query, call.json, upload=body)
        )


def _read(value: dict[str, Any], read: Callable[[dict[str, Any]], T]) -> T:
    try:
        return read(value)
    except RetryableError as error:
        raise TryAgainError(str(error)) from None
