"""SMS delivery against the simulator: calls a second when all is to be sent, and calls at all when little is.

The use case with its real adapters for Listrak; ledger, store and queues in memory, so that what is measured is the
way to Listrak: pace, connections, answers, progress. The ideal is what connections and latency alone allow.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests
from rich.console import Console
from rich.table import Table

from listrak_relay.adapters.clock import SystemClock
from listrak_relay.adapters.listrak.gateways import ListrakGateways
from listrak_relay.adapters.listrak.pace import Pace
from listrak_relay.adapters.listrak.sms import ListrakSms
from listrak_relay.domain.destinations.destinations import SmsDestination
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.manifest import Action, Chunk, RunManifest
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.messages import DeliverChunk, to_json
from listrak_relay.ports.pacing import Permits
from listrak_relay.ports.secrets import Credentials
from listrak_relay.settings.delivering import DeliverSmsSettings
from listrak_relay.use_cases.runs.consuming import ReceivedMessage
from listrak_relay.use_cases.runs.manifest_store import save_manifest
from listrak_relay.wiring.assembly.deliver_sms import DeliverSmsPorts, sms_consumer
from listrak_relay.wiring.assembly.ports import Inbox
from listrak_simulator.starting import started
from tests.support.fakes import (
    FakeLedger,
    FakeObjectStore,
    FakeQueue,
    FakeSecretStore,
    FakeTimeLeft,
)
from tests.support.fakes.environment import ENVIRONMENT
from tests.support.fakes.run_ports import fake_run_ports

CONNECTIONS = 32
LATENCY_MS = 50
CALLS_PER_SECOND = 1_000
IDEAL = CONNECTIONS * 1_000 / LATENCY_MS
CHUNK_ROWS = 5_000
SEND_ALL = 10_000
REPEATS = 3
"""The quickest counts."""

LARGE = 100_000
NEW, GONE = 4_000, 1_000
"""Of the large file: not on the list, and to be unsubscribed."""

AREA_CODES = (
    *(201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225, 228),
    *(229, 231, 234, 239, 240, 248, 251, 252, 253, 254, 256, 260, 262, 267, 269, 270, 276, 281, 301, 302),
)
"""Those of the simulator's generated contacts, 10,000 numbers each."""

LEAST_SHARE, MOST_WRITES, MOST_READS = 0.85, 5_100, 60
BARS = (
    f"at least {LEAST_SHARE:.0%} of the ideal {IDEAL:g} calls/s; of {LARGE:,} numbers under {MOST_WRITES:,} writes and "
    f"under {MOST_READS} reads"
)


class Unlimited:
    """`ports.pacing.CallPermits` of a stack with a single function."""

    def __init__(self) -> None:
        self._second, self._used = 0, 0

    def take(self, name: str, wanted: int, per_second: int) -> Permits:  # noqa: ARG002 - one name only
        second = int(time.time())
        self._used = self._used + wanted if second == self._second else wanted
        self._second = second
        return Permits(second, wanted if self._used <= per_second else 0)


def made_up(position: int) -> str:
    area, line = divmod(position, 10_000)
    return f"+1{AREA_CODES[area]}555{line:04}"


@contextmanager
def simulator(on_list: int) -> Iterator[str]:
    with TemporaryDirectory() as folder:
        seed = Path(folder) / "seed.json"
        lists = [{"name": "Master List"}]
        generated = {"list": "Master List", "count": on_list}
        sender = {"code": "71755", "country": "US", "phone_lists": lists, "generated_contacts": generated}
        seed.write_text(json.dumps({"sms": {"sender_codes": [sender]}}))
        with started("--seed", str(seed)) as url:
            yield url


class SmsRun:
    """One run of SMS chunks, delivered one message after the other as one function does."""

    def __init__(self, url: str) -> None:
        clock = SystemClock()
        self.ledger, self.store = FakeLedger(), FakeObjectStore()
        secrets = FakeSecretStore({"sms": Credentials("simulated-sms-client", "simulated-sms-secret")})
        pace = Pace(Unlimited(), "sms", CALLS_PER_SECOND, clock, time.sleep)
        gateways = ListrakGateways(
            make=ListrakSms,
            secrets=secrets,
            own_secret="sms",
            base_url=f"{url}/sms/v1",
            auth_url=f"{url}/OAuth2/Token",
            timeouts=(10, 60),
            clock=clock,
            connections=CONNECTIONS,
            pace_for=lambda _: pace,
        )
        self.consume = sms_consumer(
            DeliverSmsPorts(
                run=fake_run_ports(ledger=self.ledger, store=self.store, clock=clock),
                inbox=Inbox(queue=FakeQueue(), dead_letters=FakeQueue()),
                import_queue=FakeQueue(),
                gateways=gateways,
            ),
            DeliverSmsSettings.from_env(ENVIRONMENT | {"SMS_CONNECTIONS": str(CONNECTIONS)}),
        )

    def run(self, rows: dict[Action, list[str]]) -> float:
        """Seconds from the first message to the end of the last."""
        source = DroppedFile("drops", "sms/bench/file.csv", "1", 1, "2026-01-01T00:00:00Z")
        chunks = [
            self._chunk(source.run_id, f"{action}-{start // CHUNK_ROWS + 1:04}", action, numbers[start:][:CHUNK_ROWS])
            for action, numbers in rows.items()
            for start in range(0, len(numbers), CHUNK_ROWS)
        ]
        total = sum(map(len, rows.values()))
        manifest = RunManifest(
            run_id=source.run_id,
            source=source,
            destination=SmsDestination("sms"),
            audience="bench",
            columns=(),
            chunks=tuple(chunks),
            rows_read=total,
            rejected=0,
            duplicates=0,
        )
        save_manifest(self.store, manifest)
        self.ledger.open_run(source, "sms", "bench", "bench", 900)
        self.ledger.record_ingest(manifest)
        started = time.perf_counter()
        for chunk in chunks:
            message = to_json(DeliverChunk(source.run_id, chunk.chunk_id))
            self.consume(ReceivedMessage(message, "", 1), "bench", FakeTimeLeft())
        seconds = time.perf_counter() - started
        tally = self.ledger.get_run(source.run_id).tally
        if tally.accepted != total:
            raise RuntimeError(f"{tally.accepted} of {total} rows were accepted")
        return seconds

    def _chunk(self, run_id: str, chunk_id: str, action: Action, numbers: list[str]) -> Chunk:
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows([number] for number in numbers)
        body = text.getvalue().encode()
        key, rows_key = keys.chunk_key(run_id, chunk_id), keys.rows_key(run_id, chunk_id)
        self.store.put(key, body, "text/csv")
        self.store.put(rows_key, "".join(f"{n}\n" for n in range(2, len(numbers) + 2)).encode(), "text/plain")
        return Chunk(chunk_id, action, key, rows_key, len(numbers), len(body), hashlib.sha256(body).hexdigest())


def control(url: str, method: str, path: str, **options: Any) -> Any:
    answer = requests.request(method, f"{url}/control/{path}", timeout=300, **options)
    answer.raise_for_status()
    return answer.json()


def send_all() -> tuple[float, float]:
    """Calls a second, and seconds, for numbers that are all new."""
    with simulator(0) as url:
        control(url, "PUT", "settings", json={"latency_ms": LATENCY_MS})
        seconds = SmsRun(url).run({Action.SUBSCRIBE: [made_up(n) for n in range(SEND_ALL)]})
        return SEND_ALL / seconds, seconds


def differences() -> dict[str, Any]:
    """Calls for a file of which 95 % is right already, and whether the list then is as the file says, row for row."""
    on_list = LARGE - NEW
    rows = {
        Action.SUBSCRIBE: [made_up(n) for n in range(GONE, LARGE)],
        Action.UNSUBSCRIBE: [made_up(n) for n in range(GONE)],
    }
    with simulator(on_list) as url:
        control(url, "PUT", "settings", json={"latency_ms": LATENCY_MS})
        seconds = SmsRun(url).run(rows)
        calls = control(url, "GET", "calls")
        control(url, "PUT", "settings", json={"latency_ms": 0})
        contacts = control(url, "GET", "sms/71755/contacts")
        states = {contact["phone"]: contact["lists"].get("Master List", {}).get("state", "") for contact in contacts}
        wanted = {made_up(n)[1:]: "Unsubscribed" if n < GONE else "Subscribed" for n in range(LARGE)}
        return {"writes": calls["writes"], "reads": calls["reads"], "seconds": seconds, "exact": states == wanted}


def run() -> int:
    console = Console()
    rate, seconds = max(send_all() for _ in range(REPEATS))
    found = differences()
    table = Table("what", "figure", title=f"SMS calls ({BARS})")
    table.add_row(f"{SEND_ALL:,} new numbers", f"{rate:.0f} calls/s in {seconds:.1f} s, {100 * rate / IDEAL:.0f} %")
    counted = f"{found['writes']} writes, {found['reads']} reads in {found['seconds']:.1f} s"
    table.add_row(f"{LARGE:,} numbers, 95 % right", counted)
    table.add_row("the list afterwards", "exact, row for row" if found["exact"] else "NOT as the file says")
    console.print(table)
    held = (
        rate >= LEAST_SHARE * IDEAL
        and found["writes"] < MOST_WRITES
        and found["reads"] < MOST_READS
        and bool(found["exact"])
    )
    console.print("held: all bars" if held else "NOT HELD: a bar")
    return int(not held)
