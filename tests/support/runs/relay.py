"""All use cases over fakes, with queues that redeliver, delay and dead-letter as SQS does."""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any

from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.destinations.destinations import Destination, EmailDestination
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.manifest import AUDIENCE_MARK, Action, FieldType, ProfileColumn
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.errors import RetryableError
from listrak_relay.messages import Message, to_json
from listrak_relay.ports.listrak_email import EmailGateways
from listrak_relay.ports.listrak_sms import SmsGateways
from listrak_relay.settings.delivering import (
    DeliverEmailSettings,
    DeliverSmsSettings,
    MonitorSettings,
    RelayFeedSettings,
)
from listrak_relay.settings.ending import CloseSettings
from listrak_relay.settings.reading import IngestSettings
from listrak_relay.use_cases.runs.consuming import DeliverAgainError, ReceivedMessage
from listrak_relay.wiring.assembly.chunks import ConsumeChunk
from listrak_relay.wiring.assembly.close_run import CloseRunPorts, run_closer
from listrak_relay.wiring.assembly.deliver_email import DeliverEmailPorts, email_consumer
from listrak_relay.wiring.assembly.deliver_sms import DeliverSmsPorts, sms_consumer
from listrak_relay.wiring.assembly.ingest_audience import IngestAudiencePorts, audience_ingest
from listrak_relay.wiring.assembly.monitor_import import MonitorImportPorts, import_consumer
from listrak_relay.wiring.assembly.ports import Inbox
from listrak_relay.wiring.assembly.relay_feed import RelayFeedPorts, feed_consumer
from tests.support.fakes import (
    FakeAnnouncer,
    FakeAudienceReader,
    FakeClock,
    FakeDestinationBook,
    FakeDropRecord,
    FakeDropStore,
    FakeEmailGateway,
    FakeEmailGateways,
    FakeFeedReader,
    FakeImportPaces,
    FakeLanes,
    FakeLedger,
    FakeObjectStore,
    FakePauses,
    FakeQueue,
    FakeRangeStarter,
    FakeSftp,
    FakeSmsGateway,
    FakeSmsGateways,
    FakeTimeLeft,
    FakeUsageRecord,
)
from tests.support.fakes.environment import ENVIRONMENT
from tests.support.fakes.run_ports import fake_run_ports

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
class Waiting:
    due: float
    order: int
    queue: int = field(compare=False)
    message: Message = field(compare=False)
    receives: int = field(compare=False, default=1)


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
        order_wait_hours: float = 24,
        max_import_attempts: int = 10,
        max_receives: int = MAX_RECEIVES,
        clock: FakeClock | None = None,
        ledger: FakeLedger | None = None,
        email: EmailGateways | None = None,
        sms: SmsGateways | None = None,
    ) -> None:
        self.clock = clock or FakeClock()
        self.listrak = FakeEmailGateway(self.clock, finish_at_once=True)
        self.list_id = self.listrak.add_list()
        self.sms = FakeSmsGateway(self.clock)
        self.ledger = ledger or FakeLedger(self.clock)
        self.lanes = FakeLanes()
        self.pauses = FakePauses()
        self.import_paces = FakeImportPaces()
        self.store = FakeObjectStore()
        self.drops = FakeDropStore()
        self.reader = FakeAudienceReader(columns=(CITY,))
        self.feed_reader = FakeFeedReader()
        self.sftp = FakeSftp()
        self.announcer = FakeAnnouncer()
        self.usage = FakeUsageRecord()
        self.book = FakeDestinationBook(*([destination] if destination else []))
        self.starter = FakeRangeStarter()
        self.time_left = FakeTimeLeft()
        self.email_queue, self.sms_queue, self.feed_queue = FakeQueue(), FakeQueue(), FakeQueue()
        self.import_queue, self.close_queue = FakeQueue(), FakeQueue()
        self.queues = (self.email_queue, self.sms_queue, self.feed_queue, self.import_queue, self.close_queue)
        self._dead_letters = {id(queue): FakeQueue() for queue in self.queues}
        self._max_receives = max_receives
        self._waiting: list[Waiting] = []
        self._order = count()
        self._owner = count()
        self._email_gateways: EmailGateways = email or FakeEmailGateways(self.listrak)
        self._sms_gateways: SmsGateways = sms or FakeSmsGateways(self.sms)
        self._env = ENVIRONMENT | {
            "MAX_RECEIVES": str(max_receives),
            "SMALL_CHUNK_ROWS": str(small_chunk_rows),
            "UNKNOWN_OUTCOME_WAIT_SECONDS": str(OUTCOME_WAIT),
            "IMPORT_POLL_SECONDS": "1",
            "ORDER_WAIT_HOURS": str(order_wait_hours),
            "MAX_IMPORT_ATTEMPTS": str(max_import_attempts),
            "SMS_CONNECTIONS": str(side_by_side),
            "LARGE_FILE_MB": str(large_file_bytes / 1_000_000),
        }
        self._put_together({})

    def deploy_email(self, **values: Any) -> None:
        """Anew, with these of its settings changed."""
        self._put_together(values)

    def deploy_monitor(self, **values: Any) -> None:
        """Anew, with these of its parts changed."""
        self._put_together({}, values)

    def _put_together(self, of_email: Mapping[str, Any], of_monitor: Mapping[str, Any] | None = None) -> None:
        """As `wiring` does it for each function, over these fakes."""
        env = self._env
        run = fake_run_ports(
            ledger=self.ledger,
            lanes=self.lanes,
            pauses=self.pauses,
            import_paces=self.import_paces,
            store=self.store,
            clock=self.clock,
            close_queue=self.close_queue,
        )
        chunk_queues = {
            Channel.EMAIL: self.email_queue,
            Channel.SMS: self.sms_queue,
            Channel.SFTP: self.feed_queue,
        }
        self.ingesting = audience_ingest(
            IngestAudiencePorts(
                run=run,
                drops=self.drops,
                book=self.book,
                reader=self.reader,
                feed_reader=self.feed_reader,
                chunk_queues=chunk_queues,
                range_starter=self.starter,
            ),
            IngestSettings.from_env(env),
        )
        email = email_consumer(
            DeliverEmailPorts(
                run=run,
                inbox=self._inbox(self.email_queue),
                import_queue=self.import_queue,
                gateways=self._email_gateways,
                pause=self.clock.advance,
            ),
            replace(DeliverEmailSettings.from_env(env), **of_email),
        )
        sms = sms_consumer(
            DeliverSmsPorts(
                run=run, inbox=self._inbox(self.sms_queue), import_queue=self.import_queue, gateways=self._sms_gateways
            ),
            replace(DeliverSmsSettings.from_env(env), calls_between_saves=2),
        )
        feeds = feed_consumer(
            RelayFeedPorts(run=run, inbox=self._inbox(self.feed_queue), book=self.book, gateways=self.sftp),
            RelayFeedSettings.from_env(env),
        )
        imports = import_consumer(
            MonitorImportPorts(
                run=run,
                inbox=self._inbox(self.import_queue),
                email_gateways=self._email_gateways,
                sms_gateways=self._sms_gateways,
            ),
            MonitorSettings.from_env(env),
            **(of_monitor or {}),
        )
        closer = run_closer(
            CloseRunPorts(
                run=run,
                chunk_queues=chunk_queues,
                announcer=self.announcer,
                book=self.book,
                drop_record=FakeDropRecord(),
                usage=self.usage,
            ),
            CloseSettings.from_env(env),
        )
        self.sweep = closer.sweep
        self.consumers: dict[int, Callable[[ReceivedMessage], str]] = {
            id(self.email_queue): self._as_handler(email),
            id(self.sms_queue): self._as_handler(sms),
            id(self.feed_queue): self._as_handler(feeds),
            id(self.import_queue): lambda delivery: imports(delivery, self.time_left),
            id(self.close_queue): closer.consume,
        }

    def _inbox(self, queue: FakeQueue) -> Inbox:
        return Inbox(queue=queue, dead_letters=self._dead_letters[id(queue)])

    def _as_handler(self, consumer: ConsumeChunk) -> Callable[[ReceivedMessage], str]:
        return lambda delivery: consumer(delivery, f"request-{next(self._owner)}", self.time_left)

    @property
    def dead_letters(self) -> list[Message]:
        """Everything that was set aside."""
        return [message for queue in self._dead_letters.values() for message in queue.messages]

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
        self.drops.dropped_at = datetime.fromtimestamp(self.clock.now(), UTC).isoformat()
        source = self.drops.drop(key, b"sku\n")
        self.ingest(source)
        return source

    def ingest(self, source: DroppedFile) -> str:
        """With Lambda's retries after a crash or an error: the same request id, twice more; and once more from the
        queue of failures, which gives the event back with that id."""
        owner = f"event-{next(self._owner)}"
        for _ in range(3):
            try:
                return self.ingesting.ingest(source, owner, 900)
            except (Killed, RetryableError):
                continue
        return self.ingesting.ingest(source, owner, 900)

    def run_to_end(self, hours: float = 48) -> None:
        """Deliver messages in the order in which they fall due until the queues are empty."""
        end = self.clock.now() + hours * 3600
        while self._collect() and self._waiting[0].due <= end:
            item = heapq.heappop(self._waiting)
            self.clock.advance(max(0.0, item.due - self.clock.now()))
            if not self._consume(item):
                if item.receives >= self._max_receives:
                    self._dead_letters[item.queue].send([item.message])
                else:
                    self._push(item.queue, item.message, 60, item.receives + 1)

    def waits(self) -> bool:
        """Whether any message does, dead letters aside."""
        return self._collect()

    def take_waiting(self) -> list[Message]:
        """What has a delay to wait for, taken out of the queues."""
        waiting, self._waiting = self._waiting, []
        return [item.message for item in sorted(waiting)]

    def redrive(self) -> None:
        """An operator returns what was set aside."""
        for queue, dead_letters in self._dead_letters.items():
            for sent in dead_letters.take():
                self._push(queue, sent.message, 0, 1)

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
                self._push(id(queue), sent.message, sent.delay_seconds, 1)
        return bool(self._waiting)

    def _push(self, queue: int, message: Message, delay: float, receives: int) -> None:
        heapq.heappush(self._waiting, Waiting(self.clock.now() + delay, next(self._order), queue, message, receives))

    def _consume(self, item: Waiting) -> bool:
        delivery = ReceivedMessage(to_json(item.message), "receipt", item.receives)
        try:
            self.consumers[item.queue](delivery)
        except (Killed, DeliverAgainError):
            return False
        except Exception:  # noqa: BLE001 - as at the doorway: the message stays on the queue
            return False
        return True


def destination(**values: Any) -> EmailDestination:
    """The built-in one for email, but for these values."""
    return EmailDestination("email", **values)
