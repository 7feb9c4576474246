"""What becomes of a queue message when the work on it raises: one policy for every consumer."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TypeVar

from listrak_relay.errors import (
    AwayError,
    BoundedWaitError,
    ConfigurationError,
    NotYetError,
    OutcomeUnknownError,
    RetryableError,
    UnfinishedError,
    describe,
)
from listrak_relay.messages import CloseRun, DeliverChunk, FollowImport, Message, from_json
from listrak_relay.ports.messaging import MAX_DELAY_SECONDS, MAX_POSTPONEMENT_SECONDS, MessageQueue
from listrak_relay.ports.time import Clock
from listrak_relay.use_cases.runs.settling import Settling
from listrak_relay.use_cases.runs.waiting import WAIT_LIMIT_SECONDS, seconds_to_look, spread

M = TypeVar("M", bound=Message)

LOOK_AGAIN_SECONDS = 5
"""After a lost answer: time for Listrak to list the import that we may have started."""

SET_ASIDE = "set aside"
"""How the word for the log begins when only an operator can help."""

GIVEN_UP = RetryableError.code
WAITED_TOO_LONG = "waited_too_long"

FIRST_BACKOFF_SECONDS = 15
LONGEST_BACKOFF_SECONDS = 900

TROUBLED_RECEIVES = 4
"""From then on, one to two minutes after the first failure, the run tells what keeps it: not a moment's matter."""

TOLD_AFTER_SECONDS = 60.0
"""The same of a wait for somebody who answers nobody."""


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
    ``leaves_things``: what was given up may have left something on the other side, which a copy of the message sees to.
    """

    queue: MessageQueue
    dead_letters: MessageQueue
    settling: Settling
    clock: Clock
    max_receives: int
    leaves_things: bool = False

    def consume(self, delivery: ReceivedMessage, expected: type[M], work: Callable[[M], None]) -> str:
        """Do the work; returns a word for the log: ``done``, ``waiting``, ``outcome unknown`` or `SET_ASIDE`.

        ``expected``: the kind of message that belongs on this queue.

        Raises:
            DeliverAgainError: the message stays on the queue, hidden for a while.
        """
        try:
            message = from_json(delivery.body)
        except ConfigurationError as error:
            raise self._again(delivery, str(error), None) from None
        try:
            work(_as_expected(message, expected))
        except NotYetError as error:
            return self._wait(delivery, message, error)
        except OutcomeUnknownError as error:
            return self._hand_on(delivery, message, LOOK_AGAIN_SECONDS, f"outcome unknown: {error}")
        except ConfigurationError as error:
            if isinstance(message, CloseRun):
                raise self._again(delivery, str(error), None) from None
            return self._set_aside(delivery, message, error.code, str(error))
        except RetryableError as error:
            if self._is_last(delivery) and not isinstance(message, CloseRun):
                return self._set_aside(delivery, message, error.code, str(error))
            raise self._left(delivery, message, error) from None
        except Exception as error:
            if self._is_last(delivery) and not isinstance(message, CloseRun):
                why = f"unexpected {type(error).__name__}; see the log"
                return f"{self._set_aside(delivery, message, GIVEN_UP, why)}: {describe(error)}"
            self.queue.postpone(delivery.receipt, backoff_seconds(delivery.receives, None))
            raise
        return "done"

    def _left(self, delivery: ReceivedMessage, message: Message, error: RetryableError) -> DeliverAgainError:
        if delivery.receives >= TROUBLED_RECEIVES:
            self._tell(message, str(error))
        return self._again(delivery, str(error), error.retry_after)

    def _tell(self, message: Message, why: str) -> None:
        if isinstance(message, CloseRun):
            return
        # Where this fails, too, the next try tells; of a run that nobody knows there is nothing to tell.
        with suppress(RetryableError, KeyError):
            self.settling.ledger.note_trouble(message.run_id, why, self.clock.now())

    def _wait(self, delivery: ReceivedMessage, message: Message, error: NotYetError) -> str:
        """Another copy instead of a longer hiding: waiting must not use up the receives that are for failures."""
        if isinstance(message, FollowImport):
            return self._hand_on(delivery, message, error.wait, f"waiting: {error}")
        if isinstance(error, BoundedWaitError):
            # What it waits for afterwards has its own time.
            return self._hand_on(delivery, replace(message, waiting_since=None), error.wait, f"waiting: {error}")
        now = self.clock.now()
        since = now if message.waiting_since is None else message.waiting_since
        if now - since > WAIT_LIMIT_SECONDS:
            if isinstance(message, CloseRun):
                raise self._again(delivery, str(error), None)
            why = f"It waited {WAIT_LIMIT_SECONDS / 3600:g} hours in all, at last because {error}."
            return self._set_aside(delivery, message, WAITED_TOO_LONG, why)
        if isinstance(error, AwayError) and now - since >= TOLD_AFTER_SECONDS:
            self._tell(message, str(error))
        on_its_way = isinstance(error, UnfinishedError)
        wait = error.wait if on_its_way else seconds_to_look(error.wait, now - since)
        return self._hand_on(delivery, replace(message, waiting_since=since), wait, f"waiting: {error}")

    def _hand_on(self, delivery: ReceivedMessage, message: Message, wait: float, word: str) -> str:
        # That it came from a dead-letter queue is in the ledger by now; a copy that is left over must not say so again.
        onward = message if isinstance(message, CloseRun) else replace(message, parked=False)
        # Up, or what has a moment left to wait would go round at once, again and again.
        delay = math.ceil(min(MAX_DELAY_SECONDS, spread(max(0.0, wait))))
        self._send(delivery, self.queue, onward, delay)
        return word

    def _set_aside(self, delivery: ReceivedMessage, message: DeliverChunk | FollowImport, code: str, why: str) -> str:
        """The message first: should the process die in between, the chunk goes on until it ends in one way or the
        other."""
        parked = replace(message, parked=True)
        if isinstance(parked, DeliverChunk):
            parked = replace(parked, waiting_since=None)
        self._send(delivery, self.dead_letters, parked, 0)
        if message.given_up:
            return f"{SET_ASIDE}: {why}"
        if isinstance(message, FollowImport) or self.leaves_things:
            # Its rows are given up, the import itself may yet end; and a file may have been sent by half.
            onward = replace(parked, given_up=True, parked=False)
            self._send(delivery, self.queue, onward, MAX_DELAY_SECONDS)
        with self._again_if_it_fails(delivery):
            self.settling.give_up(message.run_id, message.chunk_id, code, why)
        return f"{SET_ASIDE}: {why}"

    def _send(self, delivery: ReceivedMessage, queue: MessageQueue, message: Message, delay: int) -> None:
        with self._again_if_it_fails(delivery):
            queue.send([message], delay_seconds=delay)

    def _is_last(self, delivery: ReceivedMessage) -> bool:
        return delivery.receives >= self.max_receives

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
