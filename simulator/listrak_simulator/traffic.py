"""What every request to the vendor's routes passes through: the journal, the latency and the faults."""

import asyncio
from collections import Counter

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from listrak_simulator import answers, clock, connections, errors
from listrak_simulator.faults import Effect
from listrak_simulator.journal import Entry
from listrak_simulator.simulator import Simulator

TOKEN_PREFIX = "/OAuth2/"  # noqa: S105  a route, no secret
VENDOR_PREFIXES = (TOKEN_PREFIX, "/email/", "/sms/", "/privacy/")


class Traffic:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, simulator: Simulator) -> None:
        self._app = app
        self._simulator = simulator
        self._limit = RateLimit()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(VENDOR_PREFIXES):
            await self._app(scope, receive, send)
            return
        entry = self._simulator.journal.open(Request(scope))
        settings = self._simulator.settings
        latency = settings.latency_ms / 1000
        if self._limit.exceeded(scope["path"], settings.rate_limit_per_second):
            entry.fault, entry.handled = "rate limit", False
            await _drain(receive)
            await _too_many(settings.rate_limit_retry_after)(scope, receive, _noting_status(entry, send))
            self._simulator.journal.close(entry, None)
            return
        rule = self._simulator.faults.striking(scope["method"], scope["path"])
        try:
            if rule is None:
                await self._app(scope, receive, _noting_status(entry, _held_back(latency, send)))
            else:
                await asyncio.sleep(latency)
                entry.fault, entry.handled = rule.rule_id, rule.effect.handle
                await self._go_wrong(rule.effect, entry, scope, receive, send)
        finally:
            self._simulator.journal.close(entry, scope.get("simulator.route"))

    async def _go_wrong(self, effect: Effect, entry: Entry, scope: Scope, receive: Receive, send: Send) -> None:
        answer: list[Message] = []
        if effect.handle:
            await self._app(scope, receive, _keeping(answer))
        if effect.kind == "answer":
            await _send_instead(effect, entry, scope, receive, send)
            return
        if effect.kind == "stall":
            await asyncio.sleep(effect.seconds)
        if effect.kind == "truncate":
            await _send_half(answer, send)
        elif effect.kind == "stall" and effect.handle:
            for message in answer:
                await _noting_status(entry, send)(message)
            return
        await connections.drop(scope, receive)


class RateLimit:
    """Counts the calls of each second by the API that they go to; tokens are free."""

    def __init__(self) -> None:
        self._second = 0
        self._calls: Counter[str] = Counter()

    def exceeded(self, path: str, per_second: int) -> bool:
        if not per_second or path.startswith(TOKEN_PREFIX):
            return False
        second = int(clock.now())
        if second != self._second:
            self._second = second
            self._calls.clear()
        api = path.split("/")[1]
        self._calls[api] += 1
        return self._calls[api] > per_second


def _too_many(retry_after: int) -> Response:
    return answers.error(errors.too_many_calls(), {"Retry-After": str(retry_after)} if retry_after else {})


async def _send_instead(effect: Effect, entry: Entry, scope: Scope, receive: Receive, send: Send) -> None:
    if not effect.handle:
        await _drain(receive)
    if effect.text is not None:
        response = Response(effect.text, effect.status, effect.headers, media_type=effect.content_type)
    else:
        body = {"status": effect.status, "error": effect.error, "message": effect.message}
        response = answers.json_answer(body, effect.status, effect.headers)
    await response(scope, receive, _noting_status(entry, send))


async def _drain(receive: Receive) -> None:
    """Take the whole request in first, as a server behind a proxy does."""
    while (message := await receive())["type"] == "http.request" and message.get("more_body"):
        pass


async def _send_half(answer: list[Message], send: Send) -> None:
    await send(answer[0])
    body = b"".join(message.get("body", b"") for message in answer[1:])
    await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})


def _held_back(seconds: float, send: Send) -> Send:
    """Answers no earlier than ``seconds`` from now. The work is done meanwhile, not after it: calls that arrive
    together would otherwise end together and then wait for each other's work on top."""
    if not seconds:
        return send
    due = asyncio.get_running_loop().time() + seconds

    async def hold_back(message: Message) -> None:
        if message["type"] == "http.response.start":
            await asyncio.sleep(due - asyncio.get_running_loop().time())
        await send(message)

    return hold_back


def _noting_status(entry: Entry, send: Send) -> Send:
    async def note(message: Message) -> None:
        if message["type"] == "http.response.start":
            entry.status = message["status"]
        await send(message)

    return note


def _keeping(answer: list[Message]) -> Send:
    async def keep(message: Message) -> None:
        answer.append(message)

    return keep
