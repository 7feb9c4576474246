"""A queue that keeps what it was given, and announcements that are remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from listrak_relay.messages import Message, from_json, to_json
from listrak_relay.ports.messaging import MAX_DELAY_SECONDS, MAX_POSTPONEMENT_SECONDS
from tests.support.fakes.script import Script


@dataclass(frozen=True, slots=True)
class Sent:
    message: Message
    delay_seconds: int


class FakeQueue:
    """`ports.messaging.MessageQueue`. ``sent``: all not yet taken, in order; ``postponed``: (receipt, seconds)."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.postponed: list[tuple[str, int]] = []
        self.script = Script()

    @property
    def messages(self) -> list[Message]:
        return [sent.message for sent in self.sent]

    def send(self, messages: Sequence[Message], delay_seconds: int = 0) -> None:
        with self.script.step("send"):
            if not 0 <= delay_seconds <= MAX_DELAY_SECONDS:
                raise ValueError(f"a delay of {delay_seconds} s is not between 0 and {MAX_DELAY_SECONDS}")
            self.sent += [Sent(from_json(to_json(message)), delay_seconds) for message in messages]

    def postpone(self, receipt: str, seconds: int) -> None:
        with self.script.step("postpone"):
            if not 0 <= seconds <= MAX_POSTPONEMENT_SECONDS:
                raise ValueError(f"a postponement of {seconds} s is not between 0 and {MAX_POSTPONEMENT_SECONDS}")
            self.postponed.append((receipt, seconds))

    def take(self) -> list[Sent]:
        """All messages, which are then gone from the queue."""
        taken, self.sent = self.sent, []
        return taken


class FakeAnnouncer:
    """`ports.messaging.Announcer`."""

    def __init__(self) -> None:
        self.reports: list[Mapping[str, Any]] = []
        self.script = Script()

    def announce(self, report: Mapping[str, Any]) -> None:
        with self.script.step("announce"):
            self.reports.append(report)
