"""All use cases over fakes, with queues that redeliver, delay and dead-letter as SQS does."""

from __future__ import annotations

import csv
import heapq
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

from listrak_relay.domain.destinations.destinations import Channel, Destination
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.manifest import AUDIENCE_MARK, Action, FieldType, ProfileColumn
from listrak_relay.domain.run.rejects import REJECT_COLUMNS
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.messages import CloseRun as CloseRunMessage
from listrak_relay.messages import DeliverChunk, FollowImport, Message, to_json
from listrak_relay.ports.listrak_email import EmailGateways
from listrak_relay.ports.listrak_sms import SmsGateways
from listrak_relay.use_cases.close_run import CloseRun
from listrak_relay.use_cases.deliver_email import DeliverEmail
from listrak_relay.use_cases.deliver_sms import DeliverSms
from listrak_relay.use_cases.email.by_contact import DeliverContacts
from listrak_relay.use_cases.email.by_import import DeliverImport
from listrak_relay.use_cases.email.import_end import EmailImports
from listrak_relay.use_cases.email.prepare import PrepareEmail
from listrak_relay.use_cases.feeds.delivered import DeliveredFeeds
from listrak_relay.use_cases.feeds.order import FeedOrder
from listrak_relay.use_cases.ingest.dispatching import Dispatching
from listrak_relay.use_cases.ingest.drop_sets import DropSets
from listrak_relay.use_cases.ingest.jobs import Jobs
from listrak_relay.use_cases.ingest.large_files import LargeFiles
from listrak_relay.use_cases.ingest.recording import Recording
from listrak_relay.use_cases.ingest_audience import IngestAudience
from listrak_relay.use_cases.monitor_import import MonitorImport
from listrak_relay.use_cases.relay_feed import RelayFeed
from listrak_relay.use_cases.runs.consuming import Consuming, DeliverAgainError, Delivery
from listrak_relay.use_cases.runs.followed_import import ChannelImports
from listrak_relay.use_cases.runs.refusing import Refusing
from listrak_relay.use_cases.runs.settling import Settling
from listrak_relay.use_cases.sms.import_end import SmsImports
from listrak_relay.use_cases.sms.prepare import PrepareSms
from listrak_relay.use_cases.sweep_runs import SweepRuns
from tests.support.fakes import (
    FakeAnnouncer,
    FakeAudienceReader,
    FakeClock,
    FakeDestinationBook,
    FakeDropStore,
    FakeEmailGateway,
    FakeEmailGateways,
    FakeLedger,
    FakeObjectStore,
    FakeQueue,
    FakeRangeStarter,
    FakeSftp,
    FakeSmsGateway,
    FakeSmsGateways,
    FakeTimeLeft,
)

MAX_RECEIVES = 4
OUTCOME_WAIT = 30.0
CITY = ProfileColumn("City", FieldType.TEXT, longest=9, max_length=255)

Row = tuple[Action, int, Sequence[str]]


class Killed(BaseException):
    """The process dies: nothing catches it, nothing is cleaned up."""


def email_of(number: int) -> str:
    return f"person{number}@example.com"


def subscribers(numbers: Sequence[int], action: Action = Action.SUBSCRIBE, city: str = "Lititz") -> list[Row]:
    """Rows for `FakeAudienceReader`, in the file from row 2 on."""
    return [(action, row, (email_of(n), city, AUDIENCE_MARK)) for row, n in enumerate(numbers, start=2)]


@dataclass(order=True)
class _Waiting:
    due: float
    order: int
    message: Message = field(compare=False)
    receives: int = field(compare=False, default=1)


class PartsOfStore:
    """`ports.storage.RejectWriter` into the store, where the closing of the run finds the parts."""

    def __init__(self, store: FakeObjectStore) -> None:
        self._store = store

    def write(self, run_id: str, part: str, rejects: Any) -> int:
        lines = list(rejects)
        key = keys.rejects_part_key(run_id, part)
        self._store.objects.pop(key, None)
        if lines:
            text = io.StringIO(newline="")
            csv.writer(text, lineterminator="\n").writerows([REJECT_COLUMNS, *map(astuple, lines)])
            self._store.put(key, text.getvalue().encode(), "text/csv")
        return len(lines)


class Relay:
    """``listrak``: the fake account, with one list. Imports end as soon as they begin, unless told otherwise.

    ``email``, ``sms``: gateways in place of the fake ones.
    """

    def __init__(
        self,
        destination: Destination | None = None,
        *,
        small_chunk_rows: int = 3,
        side_by_side: int = 4,
        large_file_bytes: int = 1_000,
        clock: FakeClock | None = None,
        email: EmailGateways | None = None,
        sms: SmsGateways | None = None,
    ) -> None:
        self.clock = clock or FakeClock()
        self.listrak = FakeEmailGateway(self.clock, finish_at_once=True)
        self.list_id = self.listrak.add_list()
        self.sms = FakeSmsGateway(self.clock)
        self.ledger = FakeLedger(self.clock)
        self.store = FakeObjectStore()
        self.drops = FakeDropStore()
        self.reader = FakeAudienceReader(columns=(CITY,))
        self.feed_reader = FakeAudienceReader()
        self.sftp = FakeSftp()
        self.announcer = FakeAnnouncer()
        self.email_queue, self.sms_queue = FakeQueue(), FakeQueue()
        self.import_queue, self.close_queue = FakeQueue(), FakeQueue()
        self.dead_letters = FakeQueue()
        self.book = FakeDestinationBook(*([destination] if destination else []))
        self.time_left = FakeTimeLeft()
        self._waiting: list[_Waiting] = []
        self._order = count()
        self._owner = count()
        rejects = PartsOfStore(self.store)
        settling = Settling(self.ledger, self.close_queue)
        refusing = Refusing(self.ledger, self.store, rejects, settling)
        gateways, sms_gateways = email or FakeEmailGateways(self.listrak), sms or FakeSmsGateways(self.sms)
        # One queue for email and feeds: which is meant, a message says itself.
        queues = {Channel.EMAIL: self.email_queue, Channel.SMS: self.sms_queue, Channel.SFTP: self.email_queue}
        dispatching = Dispatching(self.ledger, self.store, queues, self.close_queue)
        drop_sets = DropSets(self.ledger, self.drops, self.clock, 90 * 86_400)
        self.starter = FakeRangeStarter()
        self.ingesting = IngestAudience(
            self.ledger,
            self.drops,
            self.store,
            Jobs(self.book, drop_sets, self.store),
            self.reader,
            dispatching,
            self.feed_reader,
            Recording(self.ledger, self.store, dispatching),
            LargeFiles(self.ledger, self.starter, large_file_bytes),
        )
        delivered = DeliveredFeeds(self.store)
        order = FeedOrder(self.ledger, self.book, self.sftp, delivered, self.clock)
        self.relaying = RelayFeed(self.ledger, self.store, self.sftp, order, delivered, settling, self.clock)
        self.delivering = DeliverEmail(
            self.ledger,
            self.store,
            gateways,
            refusing,
            self.import_queue,
            settling,
            PrepareEmail(self.ledger, self.store, 1),
            DeliverContacts(self.store, rejects),
            DeliverImport(self.ledger, self.store, rejects, self.clock, OUTCOME_WAIT),
            small_chunk_rows,
            1,
        )
        self.delivering_sms = DeliverSms(
            self.ledger,
            self.store,
            sms_gateways,
            rejects,
            self.import_queue,
            settling,
            refusing,
            PrepareSms(self.ledger, self.store, self.clock, 1),
            self.clock,
            side_by_side,
            1,
            calls_between_saves=2,
        )
        imports: dict[Channel, ChannelImports] = {
            Channel.EMAIL: EmailImports(self.store, gateways, rejects),
            Channel.SMS: SmsImports(self.store, sms_gateways),
        }
        self.monitoring = MonitorImport(
            self.ledger, self.store, imports, self.import_queue, settling, self.clock, 1, 86_400
        )
        self.closing = CloseRun(self.ledger, self.store, self.announcer, self.clock)
        self.sweeping = SweepRuns(self.ledger, self.close_queue, dispatching, self.closing, self.clock, 129_600)
        self._sms = destination is not None and destination.channel is Channel.SMS
        self.queues = (self.email_queue, self.sms_queue, self.import_queue, self.close_queue)
        chunk_queue = self.sms_queue if self._sms else self.email_queue
        self._consumers = {
            DeliverChunk: Consuming(chunk_queue, self.dead_letters, settling, MAX_RECEIVES),
            FollowImport: Consuming(self.import_queue, self.dead_letters, settling, MAX_RECEIVES),
            CloseRunMessage: Consuming(self.close_queue, self.dead_letters, settling, MAX_RECEIVES),
        }

    def drop(self, rows: Sequence[Row], key: str = "email/vip/file.csv") -> DroppedFile:
        """Drop a file with these rows and ingest it."""
        self.reader.rows = rows
        source = self.drops.drop(key, b"email,City\n")
        self.ingest(source)
        return source

    def drop_feed(
        self, rows: Sequence[Sequence[str]], key: str, key_files: Mapping[str, str] | None = None
    ) -> DroppedFile:
        """Drop a feed file with these rows, as they are to be sent, and ingest it."""
        self.feed_reader.rows = [(Action.RELAY, row, cells) for row, cells in enumerate(rows, start=2)]
        self.feed_reader.key_files = dict(key_files or {})
        dropped_at = datetime.fromtimestamp(self.clock.now(), UTC).isoformat()
        source = replace(self.drops.drop(key, b"sku\n"), dropped_at=dropped_at)
        self.ingest(source)
        return source

    def ingest(self, source: DroppedFile) -> str:
        """With Lambda's retries after a crash: the same request id, twice more; and once more for the operator who
        gives an event back from the failure queue."""
        owner = f"event-{next(self._owner)}"
        for _ in range(3):
            try:
                return self.ingesting.ingest(source, owner, 900)
            except Killed:
                continue
        return self.ingesting.ingest(source, owner, 900)

    def run_to_end(self, hours: float = 48) -> None:
        """Deliver messages in the order in which they fall due until the queues are empty."""
        end = self.clock.now() + hours * 3600
        while self._collect() and self._waiting[0].due <= end:
            item = heapq.heappop(self._waiting)
            self.clock.advance(max(0.0, item.due - self.clock.now()))
            if not self._consume(item):
                if item.receives >= MAX_RECEIVES:
                    self.dead_letters.send([item.message])
                else:
                    self._push(item.message, 60, item.receives + 1)

    def redrive(self) -> None:
        """An operator returns what was set aside."""
        for sent in self.dead_letters.take():
            self._push(sent.message, 0, 1)

    def report(self, source: DroppedFile) -> dict[str, Any]:
        report: dict[str, Any] = json.loads(self.store.objects[keys.report_key(source.run_id)])
        return report

    def lines(self, source: DroppedFile, skipped: bool = False) -> list[str]:
        """Of rejects.csv or skipped.csv, without the header."""
        key = (keys.skipped_key if skipped else keys.rejects_key)(source.run_id)
        return self.store.objects[key].decode().splitlines()[1:]

    def _collect(self) -> bool:
        for queue in self.queues:
            for sent in queue.take():
                self._push(sent.message, sent.delay_seconds, 1)
        return bool(self._waiting)

    def _push(self, message: Message, delay: float, receives: int) -> None:
        heapq.heappush(self._waiting, _Waiting(self.clock.now() + delay, next(self._order), message, receives))

    def _consume(self, item: _Waiting) -> bool:
        delivery = Delivery(to_json(item.message), "receipt", item.receives)
        try:
            self._consumers[type(item.message)].consume(delivery, self._work)
        except (Killed, DeliverAgainError):
            return False
        except Exception:  # noqa: BLE001 - as at the doorway: the message stays on the queue
            return False
        return True

    def _work(self, message: Message) -> None:
        if isinstance(message, DeliverChunk) and message.action == Action.RELAY:
            self.relaying.deliver(message, f"request-{next(self._owner)}", self.time_left)
        elif isinstance(message, DeliverChunk):
            delivering = self.delivering_sms if self._sms else self.delivering
            delivering.deliver(message, f"request-{next(self._owner)}", self.time_left)
        elif isinstance(message, FollowImport):
            self.monitoring.follow(message)
        else:
            self.closing.close(message.run_id, overdue=message.given_up)


def destination(**values: Any) -> Destination:
    return Destination(**{"name": "email", "channel": Channel.EMAIL, **values})
