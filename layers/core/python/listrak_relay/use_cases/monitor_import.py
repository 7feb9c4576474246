"""Follows one import to its end and settles the rows of its chunk, whatever the channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.run.closing import COUNTED_ALL_THE_SAME
from listrak_relay.errors import CallFailedError, ConfigurationError, RelayError
from listrak_relay.messages import FollowImport
from listrak_relay.ports.ledger import RunLedger
from listrak_relay.ports.messaging import MAX_DELAY_SECONDS, MessageQueue
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.ports.time import Clock, TimeLeft
from listrak_relay.use_cases.runs.first_looks import FirstLooks
from listrak_relay.use_cases.runs.followed_import import ChannelImports, FollowedImport, Patience
from listrak_relay.use_cases.runs.manifest_store import load_manifest
from listrak_relay.use_cases.runs.open_chunks import OpenChunks
from listrak_relay.use_cases.runs.settling import Settling
from listrak_relay.use_cases.runs.waiting import LONGEST_LOOK_SECONDS, spread

RESULTS_SECONDS = 6 * 3600.0
"""For reading an import's results, from its deadline on; then those that were not read are counted without lines."""

GIVEN_UP_SECONDS = 14 * 24 * 3600.0
"""From its beginning: an import that was given up is asked after no longer."""

TELLINGS = 12
"""How often what newer files say is said again behind an import that was given up, if a call about somebody fails."""

NOT_SAID = "newer_not_said"
"""Code of the problem that what newer files say could not be said again."""

LATE_LOOKS = 5
"""How often a summary is read again that does not yet count every row of an import said to be finished."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorImport:
    """``poll_seconds``: the first wait; it grows by half with each look, up to 5 minutes, or 15 of
    an import that was given up. ``deadline``: seconds."""

    ledger: RunLedger
    store: ObjectStore
    open_chunks: OpenChunks
    imports: Mapping[Channel, ChannelImports]
    import_queue: MessageQueue
    settling: Settling
    first_looks: FirstLooks
    clock: Clock
    poll_seconds: float
    deadline: float

    def follow(self, message: FollowImport, time_left: TimeLeft) -> None:
        """Look once; settle, or send the message on with a delay. A repeat changes nothing."""
        if message.given_up:
            self._look_after(message)
            return
        found = self.open_chunks.find(message)
        if found is None:
            return
        manifest, record = found.manifest, found.record
        followed = self.imports[manifest.destination.channel].followed(manifest, found.chunk, message)

        status = followed.status()
        age = self.clock.now() - (record.attempted_at or self.clock.now())
        stalled = age > self.deadline
        if not status.finished and not stalled:
            self._look_again(replace(message, polls=message.polls + 1))
            return
        given_up = "import_stalled" if not status.finished else "import_failed" if status.failed else None
        patience = Patience(
            for_counts=given_up is None and message.late < LATE_LOOKS,
            for_results=age <= self.deadline + RESULTS_SECONDS,
            time_left=time_left,
        )
        outcome = followed.outcome(given_up, patience)
        if isinstance(outcome, FollowImport):
            self._go_on(message, outcome)
            return
        if status.finished and (onward := followed.newer_said()):
            if patience.for_results:
                self._look_again(onward)
                return
            self._look_again(replace(onward, given_up=True))
        if not status.finished:
            problem = f"an import did not finish within {self.deadline / 3600:g} hours (Listrak says '{status.raw}')"
            self.ledger.note_problem(message.run_id, "import_stalled", problem)
            self._look_again(replace(message, given_up=True))
        elif status.failed:
            self._note_failure(message.run_id, status.raw, given_up=outcome.tally.dead_lettered)
        elif not message.late and not message.result_parts:
            self.first_looks.learn(manifest, found.chunk, age)
        self.settling.settle(message.run_id, message.chunk_id, outcome)
        followed.tidy()

    def _note_failure(self, run_id: str, word: str, *, given_up: int) -> None:
        """``word``: Listrak's. ``given_up``: rows of which nobody knows what became of them."""
        if given_up:
            self.ledger.note_problem(run_id, "import_failed", f"Listrak says '{word}' of an import")
            return
        self.ledger.note_problem(
            run_id,
            COUNTED_ALL_THE_SAME,
            f"Listrak says '{word}' of an import whose summary counts every row all the same; look in Listrak whether "
            "its people are on the list, and drop the file again if they are not.",
        )

    def _go_on(self, message: FollowImport, onward: FollowImport) -> None:
        """At once where more results were read, later where there was nothing new to read."""
        if onward.result_parts > message.result_parts:
            self.import_queue.send([onward])
        else:
            self._look_again(onward)

    def _look_after(self, message: FollowImport) -> None:
        """An import whose rows were given up may end all the same. What newer files have said is then said again."""
        try:
            record = self.ledger.get_chunk(message.run_id, message.chunk_id)
            manifest = load_manifest(self.store, message.run_id)
        except (KeyError, FileNotFoundError):
            return  # Nobody knows of the run any more.
        if self.clock.now() - (record.attempted_at or 0) > GIVEN_UP_SECONDS:
            return
        onward: FollowImport | None = replace(message, polls=message.polls + 1)
        try:
            followed = self.imports[manifest.destination.channel].followed(
                manifest, manifest.find(message.chunk_id), message
            )
            if followed.status().finished:
                onward = self._told(message, followed)
        except ConfigurationError as error:
            if error.code == NOT_SAID:
                raise
        except RelayError:
            pass  # Whoever is called away now is asked again.
        if onward:
            self._look_again(onward)

    def _told(self, message: FollowImport, followed: FollowedImport) -> FollowImport | None:
        """Raises ConfigurationError: not in ``TELLINGS`` tries, which an operator has to know, since somebody who said
        no may be subscribed."""
        try:
            return followed.newer_said()
        except CallFailedError as error:
            if message.late >= TELLINGS:
                raise ConfigurationError(
                    NOT_SAID,
                    "an import ended late, and what newer files say could not be said again of everybody behind it "
                    f"({error}): somebody who said no may be subscribed; return the message from the dead-letter queue "
                    "when Listrak takes the call, or drop the newest files of the list again",
                ) from error
            return replace(message, polls=message.polls + 1, late=message.late + 1)

    def _look_again(self, message: FollowImport) -> None:
        longest = MAX_DELAY_SECONDS if message.given_up else LONGEST_LOOK_SECONDS
        wait = min(longest, self.poll_seconds * 1.5 ** min(message.polls + message.late, 20))
        self.import_queue.send([message], delay_seconds=min(MAX_DELAY_SECONDS, max(1, round(spread(wait)))))
