"""What becomes of a queue message when the work on it raises: one policy for every consumer."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from listrak_relay.errors import ConfigurationError, NotYetError, OutcomeUnknownError, RetryableError
from listrak_relay.messages import DeliverChunk, FollowImport, Message, from_json
from listrak_relay.ports.messaging import MAX_DELAY_SECONDS, MAX_POSTPONEMENT_SECONDS, MessageQueue
from listrak_relay.use_cases.runs.settling import Settling

M = TypeVar("M", bound=Message)

LOOK_AGAIN_SECONDS = 5
"""After a lost answer: time for Listrak to list the import that we may have started."""

FIRST_BACKOFF_SECONDS = 15
LONGEST_BACKOFF_SECONDS = 900


class DeliverAgainError(Exception):
    """Tells the doorway that the message stays on the queue; the text is fit for a log."""


@dataclass(frozen=True, slots=True)
class ReceivedMessage:
    """One receipt of a message. ``receives``: how often the queue has handed it out, this time included."""

    body: str
    receipt: str
    receives: int


@dataclass(frozen=True, slots=True)
class Consuming:
    """``queue``: where the message came from. ``dead_letters``: where it goes when only an operator can help.

    ``max_receives``: after so many deliveries the queue itself moves a failed message to its dead-letter queue.
    """

    queue: MessageQueue
    dead_letters: MessageQueue
    settling: Settling
    max_receives: int

    def consume(self, delivery: ReceivedMessage, expected: type[M], work: Callable[[M], None]) -> str:
        """Do the work; returns a word for the log: ``done``, ``waiting``, ``outcome unknown`` or ``set aside``.

        ``expected``: the kind of message that belongs on this queue.

        Raises:
            DeliverAgainError: the message stays on the queue, hidden for a while.
        """
        message = self._read(delivery)
        try:
            work(_as_expected(message, expected))
        except NotYetError as error:
            # A new copy instead of a longer hiding: waiting must not use up the receives that are for failures.
            with self._again_if_it_fails(delivery):
                self.queue.send([message], delay_seconds=max(0, min(MAX_DELAY_SECONDS, round(error.wait))))
            return f"waiting: {error}"
        except OutcomeUnknownError as error:
            with self._again_if_it_fails(delivery):
                self.queue.send([message], delay_seconds=LOOK_AGAIN_SECONDS)
            return f"outcome unknown: {error}"
        except ConfigurationError as error:
            if not isinstance(message, DeliverChunk | FollowImport):
                raise self._again(delivery, str(error), None) from None
            with self._again_if_it_fails(delivery):
                self.settling.give_up(message.run_id, message.chunk_id, error.code, str(error))
                self.dead_letters.send([message])
            return f"set aside: {error}"
        except RetryableError as error:
            self._give_up_at_last(delivery, message, str(error))
            raise self._again(delivery, str(error), error.retry_after) from None
        except Exception as error:
            # Not handled, only accounted for.
            self._give_up_at_last(delivery, message, f"unexpected {type(error).__name__}; see the log")
            self.queue.postpone(delivery.receipt, backoff_seconds(delivery.receives, None))
            raise
        return "done"

    def _read(self, delivery: ReceivedMessage) -> Message:
        try:
            return from_json(delivery.body)
        except ConfigurationError as error:
            raise self._again(delivery, str(error), None) from None

    def _give_up_at_last(self, delivery: ReceivedMessage, message: Message, problem: str) -> None:
        if delivery.receives >= self.max_receives and isinstance(message, DeliverChunk | FollowImport):
            self.settling.give_up(message.run_id, message.chunk_id, "given_up", problem)

    @contextmanager
    def _again_if_it_fails(self, delivery: ReceivedMessage) -> Iterator[None]:
        """What is done about an error may fail too; without a wait of ours the message would be hidden for as long as
        that of a function that was killed."""
        try:
            yield
        except RetryableError as error:
            raise self._again(delivery, str(error), error.retry_after) from None

    def _again(self, delivery: ReceivedMessage, why: str, asked: float | None) -> DeliverAgainError:
        seconds = backoff_seconds(delivery.receives, asked)
        self.queue.postpone(delivery.receipt, seconds)
        return DeliverAgainError(f"{why}; again in {seconds} s")


def _as_expected(message: Message, kind: type[M]) -> M:
    if not isinstance(message, kind):
        raise ConfigurationError("message_foreign", f"a {type(message).__name__} message is on the wrong queue")
    return message


def backoff_seconds(receives: int, asked: float | None) -> int:
    """Doubling from 15 s to 15 min with jitter, and never less than the other side asked for, as far as SQS allows."""
    most = min(LONGEST_BACKOFF_SECONDS, FIRST_BACKOFF_SECONDS * 2 ** min(10, receives - 1))
    return int(min(MAX_POSTPONEMENT_SECONDS, max(random.uniform(most / 2, most), asked or 0)))
