"""Planning an SMS run against a large phone list: ``python -m bench.sms_plan [--millions 1 5]``.

A process of its own does what `deliver_sms` does with the first chunk of a run: its own client reads the list and the
opt-outs from answers of Listrak's form, page by page, in an invocation that has too little time left then; the next
one reads what was kept, compares it with every number of the file, and stores what is to be done for each. A million
numbers are in the file, one in twenty of which is not on the list. The largest list is mirrored, too: whoever is not in
the file is to leave it. What is stored lies on the disk, and answers take no time, so that seconds are the function's
own.
"""

from __future__ import annotations

import argparse
import importlib
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import cast

from rich.console import Console
from rich.table import Table

from bench._memory import peak_memory
from bench._processes import measure_apart
from bench._sms_list import IN_FILE, NEW, RUN, Folder, PhoneListAnswers, client_of, manifest, write_chunks
from listrak_relay.adapters.aws.clients import client
from listrak_relay.adapters.listrak.sms import ListrakSms
from listrak_relay.domain.delivery.sms_plan import SmsPlan
from listrak_relay.domain.destinations.choices import Mode
from listrak_relay.messages import DeliverChunk, to_json
from listrak_relay.settings.delivering import DeliverSmsSettings
from listrak_relay.use_cases.runs.consuming import ReceivedMessage
from listrak_relay.use_cases.runs.manifest_store import save_manifest
from listrak_relay.use_cases.sms.reading import DECIDING_SECONDS
from listrak_relay.wiring.assembly.deliver_sms import DeliverSmsPorts, sms_consumer
from listrak_relay.wiring.assembly.ports import Inbox
from tests.support.fakes import FakeClock, FakeLedger, FakeObjectStore, FakeQueue, FakeTimeLeft
from tests.support.fakes.environment import ENVIRONMENT
from tests.support.fakes.run_ports import fake_run_ports

MOST_MEGABYTES = 150
"""The bar: above the idle process, for five million numbers on the list and a million in the file; the function has
1,024."""

_MEGABYTE = 1_000_000
_USUAL = (1.0, 5.0)


@dataclass(frozen=True)
class Measured:
    """Resident bytes, seconds of the processor, calls. ``reading`` by the first invocation, ``deciding`` by the
    next."""

    listed: int
    mode: str
    idle: int
    peak: int
    reading: float
    deciding: float
    pages: int
    calls: int


class Gateways:
    def __init__(self, gateway: ListrakSms) -> None:
        self._gateway = gateway

    def for_secret(self, secret: str | None) -> ListrakSms:
        assert secret is None
        return self._gateway


def add(listed: int, folder: Path, result: Connection) -> None:
    plan(Mode.ADD, listed, folder, result)


def mirror(listed: int, folder: Path, result: Connection) -> None:
    plan(Mode.MIRROR, listed, folder, result)


def plan(mode: Mode, listed: int, folder: Path, result: Connection) -> None:
    given = {"AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}
    os.environ.update(given | ENVIRONMENT)
    for module in ("doorways", "wiring.deliver_sms"):
        importlib.import_module(f"listrak_relay.{module}")  # as its handler does when it is loaded
    for service in ("dynamodb", "s3", "secretsmanager", "sqs"):
        client(service)
    clock, store = FakeClock(), FakeObjectStore()
    store.objects = cast("dict[str, bytes]", Folder(folder))
    ledger = FakeLedger(clock)
    of_run = manifest(listed, mode)
    save_manifest(store, of_run)
    ledger.open_run(RUN, "sms", "bench", "bench", 900)
    ledger.record_ingest(of_run)
    answers = PhoneListAnswers(listed)
    consume = sms_consumer(
        DeliverSmsPorts(
            run=fake_run_ports(ledger=ledger, store=store, clock=clock),
            inbox=Inbox(queue=FakeQueue(), dead_letters=FakeQueue()),
            import_queue=FakeQueue(),
            gateways=Gateways(client_of(answers)),
        ),
        DeliverSmsSettings.from_env(ENVIRONMENT),
    )
    message = ReceivedMessage(to_json(DeliverChunk(RUN.run_id, of_run.chunks[0].chunk_id)), "", 1)
    seconds: list[float] = []

    def invoke(left: float) -> None:
        begun = time.process_time()
        consume(message, "bench", FakeTimeLeft(left))
        seconds.append(time.process_time() - begun)

    def both() -> None:
        invoke(DECIDING_SECONDS - 1)  # time to read, but not to decide any more
        invoke(900.0)

    idle, peak = peak_memory(both)
    found = ledger.get_plan(RUN.run_id, SmsPlan)
    joining = found.joining if found else None
    if joining != NEW:
        raise SystemExit(f"{joining} of {NEW} numbers would be subscribed")
    pages = answers.asked["GET Contact"]
    calls = sum(answers.asked.values()) - pages
    reading, deciding = seconds
    result.send(Measured(listed, mode.value, idle, peak, reading, deciding, pages, calls))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.sms_plan", description=__doc__)
    parser.add_argument("--millions", type=float, nargs="+", default=_USUAL, metavar="N")
    return run(parser.parse_args().millions)


def run(millions: Sequence[float] = _USUAL) -> int:
    """1 if the bar does not hold, else 0."""
    sizes = [round(size * 1_000_000) for size in millions]
    measured = measure_apart(sizes, write_chunks, add, Measured)
    measured += measure_apart(sizes[-1:], write_chunks, mirror, Measured)
    table = Table(title=f"Planning SMS, {IN_FILE:,} numbers in the file")
    for name in ("on the list", "mode", "pages", "other calls", "read, s", "decide, s", "idle, MB", "above idle, MB"):
        table.add_column(name, justify="right")
    for each in measured:
        table.add_row(
            f"{each.listed:,}",
            each.mode,
            f"{each.pages:,}",
            f"{each.calls:,}",
            f"{each.reading:.1f}",
            f"{each.deciding:.1f}",
            f"{each.idle / _MEGABYTE:.0f}",
            f"{(each.peak - each.idle) / _MEGABYTE:.0f}",
        )
    most = max(each.peak - each.idle for each in measured) / _MEGABYTE
    console = Console(width=110)
    console.print(table)
    console.print(f"At most {most:,.0f} MB above the idle process; the bar is {MOST_MEGABYTES}.")
    return 0 if most <= MOST_MEGABYTES else 1


if __name__ == "__main__":
    raise SystemExit(main())
