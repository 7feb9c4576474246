"""What a run costs on AWS, from the calls and seconds of the local stack: ``python -m bench price``.

Every call that a function makes is counted by the emulator, which holds it to its role, and every invocation by its
seconds and its memory. The emulator is slower than AWS for a small call and quicker for a large file, so that Lambda's
part is near and the others are exact, but for reads of many items at once, which count as one. Each kind of run is done
once before, so that lists and fields are there, and Listrak has the numbers. Runs that take half an hour are measured
at two smaller sizes, and what grows between these is drawn on; both are large enough to keep as many functions at work
as the queue allows. Data that leaves AWS is named and not within the bars, which are about calls and seconds.
"""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.ingest.files import make_csv
from bench.sms_calls import made_up
from listrak_relay.domain.destinations.destinations import MASTER_LIST
from listrak_relay.domain.run.costs import COUNTERS, PRICED_AT, dollars
from local.emulator.requests import ENCLOSING
from local.lambda_runtime.function import InvocationRecord
from local.permissions.decisions import Decision
from local.stack import LocalStack

_LONGEST_SECONDS = 1_800.0
_FIRST = 1_000
_FED_BY_QUEUES = {
    f"{name}Function" for name in ("DeliverEmail", "DeliverSms", "MonitorImport", "RelayFeed", "CloseRun")
}
_TABLE_WRITES = ("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem")
_S3_WRITES = ("s3:PutObject", "s3:ListBucket", "s3:ListBucketVersions", "s3:ListBucketMultipartUploads")


@dataclass(frozen=True, slots=True)
class Kind:
    """``rows``: that the bar is for, in dollars. ``measured``: so many of them, or two smaller numbers. ``write``:
    makes the file; ``before``: that of the run before it, of ``first`` rows if it is another. ``listed``: the numbers
    are on the phone list."""

    name: str
    key: str
    rows: int
    measured: tuple[int, ...]
    bar: float
    write: Callable[[Path, int], None]
    before: Callable[[Path, int], None] | None = None
    first: int = 0
    listed: bool = False


def emails(path: Path, rows: int) -> None:
    make_csv(path, rows)


def texts(path: Path, rows: int, changed: float) -> None:
    """``changed``: share of the numbers that say no."""
    _lines(path, "phone,opt_in", (f"{made_up(n)},{'no' if n < changed * rows else 'yes'}" for n in range(rows)))


def _right(path: Path, rows: int) -> None:
    texts(path, rows, 0)


def _orders(path: Path, rows: int) -> None:
    header = "OrderNumber,Email,DateEntered,OrderTotal,Status"
    _lines(
        path,
        header,
        (f"{n:08d},person{n}@example.com,2026-01-31 10:00:00,{n % 900}.95,Completed" for n in range(rows)),
    )


def _lines(path: Path, header: str, lines: Iterator[str]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(header + "\n")
        file.writelines(line + "\n" for line in lines)


KINDS = (
    Kind("email contacts, by import", "email/price/people.csv", 1_000_000, (1_000_000,), 0.005, emails),
    Kind(
        "phone numbers, 5 % changed",
        "sms/price/few.csv",
        1_000_000,
        (50_000, 200_000),
        0.03,
        lambda path, rows: texts(path, rows, 0.05),
        _right,
        _FIRST,
        listed=True,
    ),
    Kind(
        "phone numbers, all changed",
        "sms/price/all.csv",
        1_000_000,
        (20_000, 60_000),
        0.10,
        lambda path, rows: texts(path, rows, 1),
        _right,
        _FIRST,
        listed=True,
    ),
    Kind("rows of a feed", "orders/orders.csv", 10_000_000, (10_000_000,), 0.02, _orders, _orders, _FIRST),
)


def run() -> int:
    console = Console(width=110)
    status = 0
    for kind in KINDS:
        begun = time.monotonic()
        counted = _drawn_on(kind, [_count(kind, rows) for rows in kind.measured])
        spent = dollars(counted)
        total = sum(spent.values()) - spent["internet_gb"]
        table = Table("what", "how many", "dollars", title=f"{kind.rows:,} {kind.name} ({PRICED_AT})")
        for name, amount in counted.items():
            table.add_row(COUNTERS[name].name, f"{amount:,.1f}", f"{spent[name]:.5f}")
        console.print(table)
        held = total < kind.bar
        status |= not held
        measured = " and ".join(f"{rows:,}" for rows in kind.measured) + f" in {time.monotonic() - begun:.0f} s"
        console.print(
            f"{'held' if held else 'NOT HELD'}: less than ${kind.bar:g} for calls and seconds: ${total:.4f}, and "
            f"${spent['internet_gb']:.4f} for what leaves AWS; measured with {measured}"
        )
    return status


def _drawn_on(kind: Kind, counted: list[dict[str, float]]) -> dict[str, float]:
    if len(counted) == 1:
        return counted[0]
    small, large = kind.measured
    first, last = counted
    times = (kind.rows - large) / (large - small)
    return {name: max(0.0, amount + (amount - first[name]) * times) for name, amount in last.items()}


def _count(kind: Kind, rows: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="relay-price-") as name, LocalStack(Path(name) / "stack") as stack:
        file = Path(name) / "dropped.csv"
        if kind.listed:
            put_on_list(stack, rows)
        (kind.before or kind.write)(file, kind.first or rows)
        stack.wait_for_run(stack.drop(kind.key, file), _LONGEST_SECONDS)
        kind.write(file, rows)
        calls, invocations = len(stack.decisions.all()), len(stack.invocations)
        report = stack.wait_for_run(stack.drop(kind.key, file), _LONGEST_SECONDS)
        assert report["status"] == "COMPLETED", (report["status"], report.get("problem"))
        return amounts(stack, stack.decisions.all()[calls:], stack.invocations[invocations:], file.stat().st_size)


def put_on_list(stack: LocalStack, rows: int) -> None:
    """The numbers of `made_up`."""
    (sender, *_) = stack.simulator.call("GET", "state")["sender_codes"]
    generated = {"list": MASTER_LIST, "count": rows}
    stack.simulator.seed({"sms": {"sender_codes": [{"code": sender["code"], "generated_contacts": generated}]}})


def amounts(
    stack: LocalStack, calls: Sequence[Decision], invocations: Sequence[InvocationRecord], sent: int
) -> dict[str, float]:
    """``sent``: bytes that left AWS, at most the file's."""
    made = Counter(one.action for one in calls)
    transacted = Counter(one.action for one in calls if ENCLOSING in one.context)

    def of(*actions: str) -> int:
        return sum(made[action] for action in actions)

    gb_seconds = sum(one.seconds * stack.function(one.function).settings.memory_mb / 1_024 for one in invocations)
    # Lambda takes a message with one request and deletes it with another, and needs no role of ours for that, so that
    # neither is among the calls; idle asking is no run's.
    messages = 2 * sum(one.function in _FED_BY_QUEUES for one in invocations)
    return {
        "gb_seconds": gb_seconds,
        "invocations": len(invocations),
        "sqs_requests": messages + of("sqs:SendMessage", "sqs:ChangeMessageVisibility"),
        # One for each kilobyte of the item, which none of the ledger's exceeds, and twice that within a transaction;
        # a write whose condition does not hold is charged like any other.
        "write_units": of(*_TABLE_WRITES) + sum(transacted[action] for action in _TABLE_WRITES),
        "read_units": of("dynamodb:GetItem", "dynamodb:Query"),
        "s3_writes": of(*_S3_WRITES),
        "s3_reads": of("s3:GetObject", "s3:GetObjectVersion"),
        "secrets_read": of("secretsmanager:GetSecretValue"),
        "notices": of("sns:Publish", "events:PutEvents"),
        "internet_gb": sent / 1e9,
    }
