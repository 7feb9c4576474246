"""Finds runs that were left open, and sees to it that each comes to an end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.domain.run.runs import NEVER_READ, ChunkOutcome, ChunkState, Run, RunStatus, Tally
from listrak_relay.errors import describe
from listrak_relay.messages import CloseRun as CloseRunMessage
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.messaging import MessageQueue
from listrak_relay.ports.time import Clock
from listrak_relay.use_cases.close_run import CloseRun
from listrak_relay.use_cases.ingest.dispatching import Dispatching
from listrak_relay.use_cases.runs.consuming import LONGEST_BACKOFF_SECONDS
from listrak_relay.use_cases.runs.pausing import Pausing

INGEST_GRACE_SECONDS = 10 * 3600.0
"""Until then a file that failed may still be read: Lambda keeps an event for up to six hours, and the queue of failed
events gives it back for another three and a half."""

CLOSE_AGAIN_SECONDS = 24 * 3600.0
"""From one message that asks for a run to be closed to the next. The first works by itself for an hour, and lies in the
dead-letter queue for two weeks if that fails."""

LAST_CLOSE_SECONDS = 14 * 24 * 3600.0
"""After its deadline a run that cannot be closed is asked for no longer than this."""

TROUBLE_LASTS_SECONDS = 2.0 * LONGEST_BACKOFF_SECONDS
"""After the last try that failed: a run that is tried again tells of it sooner."""

KINDS = ("complete", "never_read", "dispatched", "overdue", "waiting")


@dataclass(frozen=True, slots=True)
class Swept:
    """``found``: how many runs of each of the `KINDS` there were; all but those that wait needed help. ``failed``: run
    id → what went wrong, fit for a log. ``longest_wait``: seconds since the first of those that wait was taken.
    ``troubled``: how many do not get on, since what they need is away again and again."""

    found: Mapping[str, int]
    failed: Mapping[str, str]
    longest_wait: int = 0
    troubled: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepRuns:
    """``deadline``: seconds from its turn until a run is closed for what it is. ``turn_limit``: until that comes."""

    ledger: RunLedger
    close_queue: MessageQueue
    dispatching: Dispatching
    closing: CloseRun
    pausing: Pausing
    clock: Clock
    deadline: float
    turn_limit: float

    def sweep(self) -> Swept:
        """Look at every open run once. What goes wrong with one is no matter of the others."""
        found, failed, longest_wait, troubled = Counter(dict.fromkeys(KINDS, 0)), {}, 0, 0
        now = self.clock.now()
        for run_id in self.ledger.open_run_ids():
            try:
                run = self.ledger.get_run(run_id)
                if run.status is RunStatus.WAITING:
                    longest_wait = max(longest_wait, int(now - run.opened_at))
                troubled += run.trouble_at is not None and now - run.trouble_at < TROUBLE_LASTS_SECONDS
                found.update(self._look_after(run, now))
            except Exception as error:  # noqa: BLE001 - told of at the end
                failed[run_id] = describe(error)
        return Swept(found, failed, longest_wait, troubled)

    def _look_after(self, run: Run, now: float) -> list[str]:
        """The kinds that the run is of."""
        kinds = ["waiting"] if run.status is RunStatus.WAITING else []
        age = now - run.opened_at
        if run.closed_at is not None:
            return []  # in the meantime
        if run.complete:
            kinds += ["complete"] if self._ask_to_close(run, now) else []
        elif run.status is RunStatus.INGESTING:
            if age > INGEST_GRACE_SECONDS and self.ledger.lease_expired(run.run_id, now):
                self._close_unread(run)
                kinds.append("never_read")
        elif age > (most := self.deadline + (self.turn_limit if kinds else run.waited_seconds)):
            begin = self.pausing.begin_of(run)
            if begin is not None and now - begin > most:
                self._give_up(run)
                kinds.append("overdue")
        elif not run.dispatched and self.ledger.lease_expired(run.run_id, now):
            self.dispatching.dispatch(run.run_id)
            kinds.append("dispatched")
        return kinds

    def _ask_to_close(self, run: Run, now: float) -> bool:
        """Once a day for what the run has come to, since messages about one that cannot be closed would pile up."""
        if now - run.opened_at > self.deadline + self.turn_limit + LAST_CLOSE_SECONDS:
            return False
        lock, owner = f"close/{run.run_id}/{'-'.join(map(str, run.tally.as_dict().values()))}", f"sweep-{now}"
        if not self.ledger.acquire_lock(lock, owner, CLOSE_AGAIN_SECONDS):
            return False
        try:
            self.close_queue.send([CloseRunMessage(run.run_id)])
        except Exception:
            self.ledger.release_lock(lock, owner)
            raise
        return True

    def _close_unread(self, run: Run) -> None:
        self.ledger.note_problem(
            run.run_id,
            NEVER_READ,
            "Reading the file failed each time; see the ingest log, then drop it again.",
        )
        self.closing.close(run.run_id, overdue=True)

    def _give_up(self, run: Run) -> None:
        hours = self.deadline / 3600
        self.ledger.note_problem(run.run_id, "overdue", f"Some batches had not ended after {hours:g} hours.")
        for chunk in self.ledger.chunks(run.run_id):
            if chunk.state not in (ChunkState.SETTLED, ChunkState.DEAD_LETTERED):
                outcome = ChunkOutcome(Tally(dead_lettered=chunk.rows), {"overdue": chunk.rows}, dead=True, adrift=True)
                self.ledger.settle(run.run_id, chunk.chunk_id, outcome)
        self.dispatching.tidy(run.run_id)
        self.close_queue.send([CloseRunMessage(run.run_id)])
