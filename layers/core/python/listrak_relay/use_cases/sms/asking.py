"""Asks of each of many numbers whether it has left the phone list, over as many invocations as it takes.

There is one call for each of them, so a hundred thousand take the better part of an invocation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice

from listrak_relay.domain.delivery.number_set import NumberSet
from listrak_relay.domain.delivery.sms_plan import SmsPlan
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.use_cases.runs.content_types import TEXT
from listrak_relay.use_cases.runs.preparing import PreparingLock
from listrak_relay.use_cases.runs.read_parts import ReadParts
from listrak_relay.use_cases.sms.leavers import Leavers

NUMBERS_IN_A_PART = 10_000
"""So many are asked after once more at most after a crash, which is some minutes of calls."""

_KIND = "left"


@dataclass(frozen=True, slots=True)
class LongAsking:
    """Of one run, by whoever holds the ``lock``. How far it is stands in the run's plan, who was found to have left in
    the WorkBucket: in memory is a part, and what a `NumberSet` takes."""

    store: ObjectStore
    lock: PreparingLock
    run_id: str

    def who_left(self, numbers: NumberSet, plan: SmsPlan, leavers: Leavers) -> tuple[NumberSet, SmsPlan]:
        """``numbers``: the same at each invocation. Returns the plan with how far it is, too, as it is kept.

        Raises:
            UnfinishedError: the next invocation goes on there.
            RetryableError: Listrak answers no call about any of them.
        """
        parts = self._parts()
        asked = int(parts.cursor(plan.left_parts) or 0) if plan.left_parts else 0
        rest = islice(numbers, asked, None)
        while asked < len(numbers):
            now = leavers.among(islice(rest, NUMBERS_IN_A_PART))
            if now.count:
                asked += now.count
                self.lock.check()
                parts.write(plan.left_parts, ([number] for number in now.left), str(asked))
                # The numbers first, then the plan that says that they are there.
                plan = replace(plan, left_parts=plan.left_parts + 1)
                self.lock.keep(self.run_id, plan)
            now.check()
        return NumberSet(row[0] for row in parts.rows(plan.left_parts) if row), plan

    def forget(self, plan: SmsPlan) -> None:
        """Everything has been decided: who has left is nobody's business any more."""
        for part in range(plan.left_parts):
            self.store.put(self._key(part), b"", TEXT)

    def _parts(self) -> ReadParts:
        return ReadParts(self.store, self._key)

    def _key(self, part: int) -> str:
        return keys.numbers_key(self.run_id, _KIND, part)
