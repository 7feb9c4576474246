"""Listrak is away for hours: nothing is given up, few questions are asked, and all is delivered on its return."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from listrak_relay.adapters.listrak.answer import Answer
from listrak_relay.adapters.listrak.transport import NoAnswerError, Request, Transport
from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.run.manifest import AUDIENCE_MARK, Action
from tests.support.listrak.simulator import RunningSimulator
from tests.support.runs.relay import Relay
from tests.support.runs.simulated import simulated_relay

PAGE = b"<html><body>We shall be back soon.</body></html>"
TURNED_AWAY = {
    "403 in HTML": Answer(403, {}, b"<html><body>The request was blocked.</body></html>"),
    "404 in HTML": Answer(404, {}, b"<html><body>Nobody is behind this gateway.</body></html>"),
}
ANSWERS = {
    "500": Answer(500, {}, b"{}"),
    "503, wait": Answer(503, {"Retry-After": "60"}, b"{}"),
    "200 in HTML": Answer(200, {}, PAGE),
    "302 in HTML": Answer(302, {"Location": "/maintenance"}, PAGE),
    "200 null": Answer(200, {}, b"null"),
    "200 {}": Answer(200, {}, b"{}"),
    "200 []": Answer(200, {}, b"[]"),
    "200, data null": Answer(200, {}, b'{"status": 200, "data": null}'),
    "200 of another shape": Answer(200, {}, b'{"status": "fine", "data": {"items": [{"id": "x"}]}}'),
}
TOKENS, ALL_ELSE = "those for a token", "all but those for a token"


@dataclass
class Outage:
    """``kind``: ``silence``, or one of `ANSWERS` or `TURNED_AWAY`. ``of``: to which requests, empty for every one.
    ``asked``: requests that met it."""

    kind: str
    of: str = ""
    on: bool = False
    asked: list[str] = field(default_factory=list)

    def over(self, transport: Transport) -> _Road:
        return _Road(transport, self)


@dataclass
class _Road:
    transport: Transport
    outage: Outage

    def send(self, request: Request) -> Answer:
        spared = self.outage.of == (ALL_ELSE if request.form is not None else TOKENS)
        if not self.outage.on or spared:
            return self.transport.send(request)
        self.outage.asked.append(request.url)
        if self.outage.kind == "silence":
            raise NoAnswerError("no answer in time")
        if request.upload is not None:
            # What reads a body only once has read it, whoever answers.
            request.upload.readall()
        return (ANSWERS | TURNED_AWAY)[self.outage.kind]


def relay_of(simulator: RunningSimulator, outage: Outage, channel: Channel, **values: Any) -> Relay:
    return simulated_relay(simulator, channel, road=outage.over, breaks=True, small_chunk_rows=100, **values)


@pytest.mark.parametrize("kind", ["silence", *ANSWERS])
@pytest.mark.parametrize("hours", [1, 5])
@pytest.mark.parametrize("channel", [Channel.SMS, Channel.EMAIL])
@pytest.mark.parametrize("of", ["", TOKENS, ALL_ELSE], ids=["all", "tokens alone", "all but tokens"])
def test_rows_wait_for_listrak_and_none_is_given_up(
    simulator: RunningSimulator, channel: Channel, hours: int, kind: str, of: str
) -> None:
    rows_wait(simulator, channel, hours, Outage(kind, of))


@pytest.mark.parametrize(("channel", "kind"), [(Channel.SMS, "403 in HTML"), (Channel.EMAIL, "404 in HTML")])
def test_rows_wait_for_whoever_stands_before_listrak_and_turns_them_away(
    simulator: RunningSimulator, channel: Channel, kind: str
) -> None:
    rows_wait(simulator, channel, 1, Outage(kind, ALL_ELSE))


def rows_wait(simulator: RunningSimulator, channel: Channel, hours: int, outage: Outage) -> None:
    relay = relay_of(simulator, outage, channel)
    if channel is Channel.SMS:
        relay.reader.columns = ()
        rows: list[Any] = [(Action.SUBSCRIBE, row, (f"+1717555{150 + row:04}",)) for row in range(2, 12)]
    else:
        rows = [(Action.SUBSCRIBE, row, (f"new{row}@example.com", "Lititz", AUDIENCE_MARK)) for row in range(2, 12)]
    outage.on = True
    source = relay.drop(rows, f"{channel.value}/people/file.csv")

    relay.run_to_end(hours=hours)
    given_up = list(relay.dead_letters)
    outage.on = False
    relay.run_to_end(hours=0.5)

    report = relay.report(source)
    assert given_up == []
    assert (report["status"], report["counts"]["accepted"]) == ("COMPLETED", 10)
    assert len(outage.asked) < hours * 125
