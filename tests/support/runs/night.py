"""Many runs at once in simulated time: an invocation lasts, and only so many of a function run side by side."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import replace
from typing import Any

from listrak_relay.messages import DeliverChunk, FollowImport
from listrak_relay.use_cases.runs.consuming import ReceivedMessage
from tests.support.fakes import FakeClock, FakeLedger, FakeQueue
from tests.support.runs.relay import Relay, Waiting

AT_ONCE = 4
"""Of each function, as the template has it by default."""

PREPARING_SECONDS = 3.0
LOOKING_SECONDS = 0.2
"""Of an invocation that does anything else."""


class _HeldAsLong(FakeLedger):
    """Whoever prepares holds the lock for as long as it takes, though here it is done at once. ``prepared``: somebody
    did since this was last made false."""

    def __init__(self, clock: FakeClock) -> None:
        super().__init__(clock)
        self.prepared = False

    def release_lock(self, name: str, owner: str) -> None:
        if name.startswith("prepare/"):
            self.prepared = True
            self.prolong_lock(name, owner, PREPARING_SECONDS)
        else:
            super().release_lock(name, owner)


class Night(Relay):
    """``hand_outs``: how often the message about a chunk was received, by run and kind."""

    def __init__(self, *args: Any, **values: Any) -> None:
        clock = FakeClock()
        self._slow = _HeldAsLong(clock)
        super().__init__(*args, clock=clock, ledger=self._slow, **values)
        self.hand_outs: Counter[tuple[str, str]] = Counter()
        self._free = {id(queue): [clock.now()] * AT_ONCE for queue in self.queues}

    def run_to_end(self, hours: float = 48) -> None:
        end = self.clock.now() + hours * 3600
        while self._collect() and self._waiting[0].due <= end:
            item = heapq.heappop(self._waiting)
            free = self._free[item.queue]
            if free[0] > item.due:
                heapq.heappush(self._waiting, replace(item, due=free[0]))
                continue
            self.clock.advance(max(0.0, item.due - self.clock.now()))
            self._invoke(item)

    def _invoke(self, item: Waiting) -> None:
        if isinstance(item.message, DeliverChunk | FollowImport):
            self.hand_outs[item.message.run_id, type(item.message).__name__] += 1
        self._slow.prepared = False
        done = self._consume(item)
        seconds = PREPARING_SECONDS if self._slow.prepared else LOOKING_SECONDS
        heapq.heapreplace(self._free[item.queue], self.clock.now() + seconds)
        if not done:
            self._push(item.queue, item.message, 60, item.receives + 1)
        # What it has sent has a delay that counts from its end, or nearly so.
        for queue in self.queues:
            for sent in queue.take():
                self._push(id(queue), sent.message, sent.delay_seconds + seconds, 1)


class Invocations:
    """Each delivery of a queue's messages has Lambda's fifteen minutes of the relay's clock. ``count``: of them."""

    def __init__(self, relay: Relay, queue: FakeQueue) -> None:
        self.count, self._clock, self._began = 0, relay.clock, 0.0
        self._consume = relay.consumers[id(queue)]
        relay.consumers[id(queue)] = self._deliver
        relay.time_left = self.seconds_left  # type: ignore[assignment]

    def seconds_left(self) -> float:
        return self._began + 900 - self._clock.now()

    def _deliver(self, delivery: ReceivedMessage) -> str:
        self.count, self._began = self.count + 1, self._clock.now()
        return self._consume(delivery)
