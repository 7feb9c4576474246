"""A day of mixed files in simulated time: our own client and the simulator, all use cases over fakes, and trouble.

Files are dropped at random moments, some of them at once. Every few minutes the sweep looks after what is open, every
hour an operator returns dead letters. Processes die, and calls to Listrak go wrong, now and then; once Listrak is away
for a while. In the end the model says who is where.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.destinations.destinations import SmsDestination
from listrak_relay.domain.run.runs import DroppedFile
from tests.support.fakes import Script
from tests.support.listrak.faulty_transport import KINDS, REFUSALS, FaultyTransport
from tests.support.listrak.sms_simulator import SENDER_CODE
from tests.support.road.points import CallPoint, Fault
from tests.support.road.road import Called, Road
from tests.support.runs.faulted import MIRROR, email_rows, on_phone_list, people_of, sms_rows
from tests.support.runs.model import NO, UPDATE, YES, Person, Rules, afterwards, phone_list_afterwards
from tests.support.runs.relay import CITY, Killed, destination
from tests.support.runs.simulated import simulated_relay

if TYPE_CHECKING:
    from tests.support.listrak.simulator import RunningSimulator

HOUR, TICK = 3_600.0, 300.0
"""Seconds; the sweep looks at each tick, more often than it does as deployed."""

IMPORT_SECONDS = 500.0
"""An import is under way for longer than it takes until the next file comes, if that comes at once."""

TROUBLES = sorted(KINDS.keys() - {"403", "404", "409"})
"""What does not say that a row, or a run, is wrong."""

ENDINGS = 24
"""Hours after the last file in which everything has to have ended."""

_EMAIL = [
    *(f"new{number}@example.com" for number in range(12)),
    "ada@example.com",
    "ben@example.com",
    "cleo@example.com",
]
_PHONES = [f"+1717555{number:04}" for number in (101, 102, 103, 106, 110, 111, *range(120, 132))]


PLAIN = Rules()


@dataclass(frozen=True, slots=True)
class Kind:
    """Of files. ``most_rows``: of one."""

    destination: str
    most_rows: int
    rules: Rules = PLAIN


KINDS_OF_FILES = (
    Kind("email", 15),
    Kind("email", 3),
    Kind("email_mirror", 10, Rules(mirror=True)),
    Kind("email_again", 4, Rules(resubscribe=True)),
    Kind("sms", 8),
    Kind("sms_mirror", 12, Rules(mirror=True)),
    Kind("orders", 5),
)


@dataclass(frozen=True, slots=True)
class _File:
    """``rows``: (what is asked for, of whom), of a feed what it says."""

    kind: Kind
    source: DroppedFile
    rows: Sequence[tuple[str, str]]

    @property
    def rules(self) -> Rules:
        """A file that keeps nobody is no picture of an audience, so it takes nobody out but by its rows."""
        mirrors = self.kind.rules.mirror and any(what in (YES, UPDATE) for what, _ in self.rows)
        return Rules(mirrors, self.kind.rules.resubscribe)


class _TroubledRoad(Road):
    """``coming``: kinds of trouble for the next calls, one each."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self._chance = chance
        self.coming: list[str] = []
        self.away = False

    def next(self, function: str, heard: Called) -> Fault | None:
        super().next(function, heard)
        point = CallPoint(function, heard.service, heard.operation, 0)
        if self.away:
            return Fault(point, "silence", after=False)
        if not self.coming:
            return None
        kind = self.coming.pop()
        return Fault(point, kind, after=kind not in REFUSALS and self._chance.random() < 0.5)


class _MortalScript(Script):
    """``dies_in``: at the so many-th call of a port from now the process dies, before the call or after it."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self._chance = chance
        self.dies_in: int | None = None

    @contextmanager
    def step(self, method: str) -> Iterator[None]:
        after = self._chance.random() < 0.5
        dies = self._now()
        if dies and not after:
            raise Killed
        yield
        if dies:
            raise Killed

    def _now(self) -> bool:
        if self.dies_in is None:
            return False
        self.dies_in -= 1
        if self.dies_in > 0:
            return False
        self.dies_in = None
        return True


@dataclass
class Day:
    """``files``: how many are dropped. ``seed``: by which all is drawn. ``troubles``: how often trouble came."""

    simulator: RunningSimulator
    files: int
    seed: str
    troubles: int = 0
    returned: int = 0
    _dropped: list[_File] = field(default_factory=list)
    _set_aside: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self.simulator.settings(import_processing_seconds=IMPORT_SECONDS)
        # Waits are spread by the common one, and threads would take turns by another chance.
        random.seed(self.seed)
        self._road = _TroubledRoad(self._chance)
        self.relay = simulated_relay(
            self.simulator,
            Channel.EMAIL,
            road=lambda transport: FaultyTransport(transport, self._road),
            breaks=True,
            small_chunk_rows=4,
            side_by_side=1,
            max_receives=10,
        )
        self.relay.book.destinations |= {
            "email_mirror": destination(**MIRROR),
            "email_again": destination(resubscribe=True),
            "sms_mirror": SmsDestination("sms_mirror", **MIRROR),
        }
        self._script = _MortalScript(self._chance)
        relay = self.relay
        for port in (relay.ledger, relay.lanes, relay.store, relay.sftp, relay.announcer, *relay.queues):
            port.script = self._script
        self._people, self._phones = people_of(self.simulator), on_phone_list(self.simulator)
        self._opted_out = {f"+{each['phone']}" for each in _opt_outs(self.simulator)}

    def live(self) -> None:
        """The whole of it, and as long after as it takes to end."""
        began = self.relay.clock.now()
        moments = sorted(self._chance.uniform(0, 24 * HOUR) for _ in range(self.files))
        moments = [
            moments[number - number % 3] if self._chance.random() < 0.5 else at for number, at in enumerate(moments)
        ]
        away = self._chance.uniform(1, 22) * HOUR
        ends = (24 + ENDINGS) * HOUR
        tick = 0
        while (now := tick * TICK) < ends and not (now > 24 * HOUR and self._at_rest()):
            self._until(began + now)
            self._road.away = away <= now < away + 0.75 * HOUR
            for at in moments:
                if now <= at < now + TICK:
                    self._drop()
            if now < 24 * HOUR:
                self._trouble()
            else:
                self._road.coming, self._script.dies_in = [], None
            self._as_operated(hourly=tick % 12 == 0)
            tick += 1

    def violations(self) -> Iterable[str]:
        """What is not as it has to be in the end."""
        for waiting in (*self.relay.take_waiting(), *self.relay.dead_letters):
            yield f"{waiting} is left"
        yield from (f"{run.run_id} is {run.status}" for run in self.relay.ledger.open_runs())
        for file in self._dropped:
            yield from _of_report(file, self.relay.report(file.source))
        yield from self._of_people()
        yield from self._of_phones()
        sent = Counter(body for _, body in self.relay.sftp.published)
        feeds = Counter("".join(f"{','.join(row)}\n" for row in each.rows).encode() for each in self._of("orders"))
        if sent != feeds:
            yield f"of feeds {sent - feeds} came too much and {feeds - sent} is missing"

    def kept(self) -> dict[str, float]:
        """What is kept for each run: items of the ledger, objects in the WorkBucket."""
        runs = len(self._dropped)
        return {"items": self.relay.ledger.size / runs, "objects": len(self.relay.store.objects) / runs}

    # --- what happens in it ------------------------------------------------------------------------------------------

    def _until(self, moment: float) -> None:
        clock = self.relay.clock
        self.relay.run_to_end(hours=max(0.0, moment - clock.now()) / HOUR)
        clock.advance(max(0.0, moment - clock.now()))

    def _as_operated(self, *, hourly: bool) -> None:
        self._set_aside |= {message.run_id for message in self.relay.dead_letters}
        self._alive(self.relay.sweep)
        if hourly:
            self.returned += len(self.relay.dead_letters)
            self.relay.redrive()

    def _alive(self, work: Callable[[], object]) -> None:
        try:
            work()
        except Killed:
            self._script.dies_in = None

    def _at_rest(self) -> bool:
        return not (self.relay.ledger.open_runs() or self.relay.dead_letters or self.relay.waits())

    def _trouble(self) -> None:
        if self._chance.random() < 0.1:
            self.troubles += 1
            self._road.coming += [self._chance.choice(TROUBLES)] * self._chance.choice((1, 1, 2, 6))
        if self._chance.random() < 0.1:
            self.troubles += 1
            self._script.dies_in = self._chance.randrange(1, 60)

    def _drop(self) -> None:
        number, kind = len(self._dropped), self._chance.choice(KINDS_OF_FILES)
        self.relay.drops.dropped_at = datetime.fromtimestamp(self.relay.clock.now(), UTC).isoformat()
        some = self._chance.randrange(1, kind.most_rows + 1)
        key = f"{kind.destination}/vip/file{number}.csv"
        if kind.destination == "orders":
            rows = [(f"{number:04}-{place}", "a@example.com") for place in range(some)]
            source = self.relay.drop_feed(rows, key, {"ordernumber": "".join(f"{row[0]},1\n" for row in rows)})
        else:
            sms = kind.destination.startswith("sms")
            who = self._chance.sample(_PHONES if sms else _EMAIL, some)
            words = (YES, YES, YES, NO) if sms else (YES, YES, YES, NO, UPDATE)
            rows = [(self._chance.choice(words), each) for each in who]
            self.relay.reader.columns = () if sms else (CITY,)
            source = self.relay.drop(sms_rows(rows) if sms else email_rows(rows), key)
        self._dropped.append(_File(kind, source, rows))

    # --- what is to come of it ---------------------------------------------------------------------------------------

    def _of(self, channel: str) -> list[_File]:
        return [each for each in self._dropped if each.kind.destination.startswith(channel)]

    def _may_be_late(self, file: _File) -> bool:
        """What was set aside and returned, or overtaken, says nothing any more of whom a newer file speaks."""
        return file.source.run_id in self._set_aside or "superseded" in self.relay.report(file.source)["reasons"]

    def _of_people(self) -> Iterable[str]:
        found, files = people_of(self.simulator), self._of("email")
        for who in sorted({*_EMAIL, *self._people, *found}):
            may_be = {self._people.get(who, Person())}
            for file in files:
                after = {_afterwards(who, each, file) for each in may_be}
                may_be = after | may_be if self._may_be_late(file) else after
            is_now = found.get(who, Person())
            # The mark of somebody who is not subscribed means nothing, and depends on whether their no came early.
            if is_now not in may_be and (
                is_now.subscribed or is_now.subscribed not in {each.subscribed for each in may_be}
            ):
                asked = [(what, file.source.run_id) for file in files for what, each in file.rows if each == who]
                yield f"{who}: {is_now}, not {may_be}: {asked}"

    def _of_phones(self) -> Iterable[str]:
        found, files = on_phone_list(self.simulator), self._of("sms")
        for who in sorted({*_PHONES, *self._phones, *found}):
            may_be = {who in self._phones}
            for file in files:
                rows = [(what, each) for what, each in file.rows if each == who]
                mirror = file.rules.mirror
                after = {
                    bool(phone_list_afterwards([who][:each], self._opted_out, rows, mirror=mirror)) for each in may_be
                }
                may_be = after | may_be if self._may_be_late(file) else after
            if (who in found) not in may_be:
                yield f"{who} {'is' if who in found else 'is not'} on the phone list"
        for each in _opt_outs(self.simulator):
            if each["lifted_at"]:
                yield f"the opt-out of {each['phone']} was lifted"


def _afterwards(who: str, person: Person, file: _File) -> Person:
    rows = [(what, each) for what, each in file.rows if each == who]
    there = {who: person} if person.subscribed is not None else {}
    return afterwards(there, rows, file.rules).get(who, Person())


def _of_report(file: _File, report: dict[str, Any]) -> Iterable[str]:
    name = f"{file.kind.destination}, run {file.source.run_id}"
    if report["status"] != "COMPLETED" or not report["balanced"]:
        yield f"{name} is {report['status']}: {report['problem']} {report['counts']}"
    if report["counts"]["read"] != len(file.rows) or report["counts"]["dead_lettered"] or report["counts"]["refused"]:
        yield f"{name} counts {report['counts']}, not {len(file.rows)}: {report['reasons']}"


def _opt_outs(simulator: RunningSimulator) -> list[dict[str, Any]]:
    return [dict(each) for each in simulator.control("GET", f"/sms/{SENDER_CODE}/opt-outs")]
