"""`python -m local demo`: everything at once, on sample files, with every row accounted for at the end."""

from __future__ import annotations

import argparse
import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from rich.console import Console

from local.commands.output import console_for_people, show_run
from local.commands.progress import RunsUnderWay
from local.commands.running import own_stack
from local.errors import LocalStackError
from local.paths import SAMPLES, STATE, shown
from local.relay_client import Report
from local.results import fetch_results
from local.stack import LocalStack


@dataclass(frozen=True, slots=True)
class Sample:
    """``key``: below `samples/`, and where it is dropped. ``then``: files of the same audience, each after the last."""

    key: str
    shows: str
    ends: str = "COMPLETED"
    then: Sample | None = None


SAMPLE_FILES = (
    Sample("email/vip_customers/vip_customers.csv", "2,000 rows as they come from the world, in one import"),
    Sample("email/beta_testers/beta_testers.csv", "12 rows, contact by contact"),
    Sample(
        "gold_members/gold_members/week_1.csv",
        "an audience that mirrors its file",
        then=Sample("gold_members/gold_members/week_2.csv", "the week after: six have left, four are new"),
    ),
    Sample("sms/club/texts.csv", "phone numbers in many spellings, some of people who said STOP"),
    Sample("email/newsletter/without_email_column.csv", "a file that cannot be used", ends="REJECTED"),
    Sample("customers/customers.csv", "a feed, checked row by row and sent by SFTP"),
    Sample(
        "products/products.csv",
        "what a shop sells; line breaks in descriptions are mended",
        then=Sample(
            "orders/orders.csv",
            "its orders, with their leading zeros",
            then=Sample("order_items/order_items.csv", "their items, compared with the two feeds before"),
        ),
    ),
)
TIMEOUT = 120.0  # seconds for each file
LOOK_AGAIN = 0.3  # seconds; looking at seven runs at once costs more than they do

Check = Callable[[], None]
Item = TypeVar("Item")
Done = TypeVar("Done")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults()


def run(_arguments: argparse.Namespace) -> int:
    """0: every run balanced and ended as it should."""
    console = console_for_people()
    console.print(
        "[bold]Listrak Relay[/] on this machine: emulated AWS, the real template and functions, a simulated Listrak.\n"
    )
    with own_stack(console, STATE / "demo") as stack:
        stack.client.configure(SAMPLES / "config" / "destinations.yaml")
        stack.simulator.seed(json.loads((SAMPLES / "listrak.json").read_text()))
        under_way = RunsUnderWay(console)
        with under_way.shown():
            chains = side_by_side(SAMPLE_FILES, lambda sample, going: _deliver(stack, under_way, sample, going))
        reports = [report for chain in chains for report in chain]
        for _, report in reports:
            show_run(console, report, fetch_results(stack.client, report, STATE / "out"))
        good = [report["balanced"] and report["status"] == sample.ends for sample, report in reports]
        _close(console, stack, all(good), len(good))
    return 0 if all(good) else 1


def side_by_side(items: Sequence[Item], work: Callable[[Item, Check], Done]) -> list[Done]:
    """What ``work`` makes of each item, in their order, each on a thread of its own. ``work`` calls the check all the
    while, which ends it as soon as another has failed or somebody has interrupted, so that nobody waits for the rest.
    """
    ended = threading.Event()

    def check() -> None:
        if ended.is_set():
            raise LocalStackError("ended, since the others were")

    with ThreadPoolExecutor(len(items)) as pool:
        try:
            return list(pool.map(lambda item: work(item, check), items))
        except BaseException:
            ended.set()
            raise


def _deliver(stack: LocalStack, under_way: RunsUnderWay, first: Sample, going: Check) -> list[tuple[Sample, Report]]:
    def check() -> None:
        going()
        stack.check()

    done = []
    sample: Sample | None = first
    while sample:
        dropped = stack.drop(sample.key, SAMPLES / sample.key)
        watch = under_way.watch(sample.key, sample.shows)
        done.append((sample, stack.client.wait_for_run(dropped, TIMEOUT, TIMEOUT, watch, check, LOOK_AGAIN)))
        sample = sample.then
    return done


def _close(console: Console, stack: LocalStack, good: bool, runs: int) -> None:
    counted = stack.simulator.call("GET", "calls")
    calls = counted["tokens"] + counted["reads"] + counted["writes"]
    console.print()
    console.rule(style="dim")
    if good:
        console.print(f"[bold green]Every row of {runs} files is accounted for.[/] It took {calls} calls to Listrak.\n")
        console.print(f"What the SFTP server got is in {shown(stack.sftp.folder)}/\n", soft_wrap=True)
    else:
        console.print("[bold red]A run did not end as it should; see above.[/]\n")
    console.print("Your own file     make run FILE=customers.csv DESTINATION=email AUDIENCE=vip")
    console.print("Before it is sent tools/listrak-relay plan customers.csv")
    console.print("Keep it running   make local, with pages of lists, people and runs; drop files")
    console.print("                  with any S3 client")
    console.print("For real          sam build && sam deploy --guided")
