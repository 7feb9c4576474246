"""Plan a night: what it would cost, and which limit it would meet first. Nothing is asked of AWS."""

from __future__ import annotations

from dataclasses import asdict
from math import inf, log10
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.capacity import measured
from cli.capacity.limits import Limit, limits, most_contacts
from cli.capacity.night import LISTRAK_ROWS_A_SECOND, Imports, Night
from cli.capacity.stack import deployed
from cli.commands.cost import number
from cli.errors import CommandError, ExitCode
from cli.options import told
from listrak_relay.domain.run.costs import COUNTERS, PRICED_AT, dollars
from listrak_relay.domain.values.counted import counted

NONE = "0"
NOT_PRICED = "Storage, state machines, alarms, logs and NAT gateways are not in it"


def add_to(app: typer.Typer) -> None:
    app.command()(capacity)


def capacity(
    context: typer.Context,
    contacts: Annotated[str, typer.Option(help="Rows of all email files together.")] = "1M",
    audiences: Annotated[int, typer.Option(min=1, help="Files that they come in, of equal size.")] = 1,
    destinations: Annotated[int, typer.Option(min=1, help="That these go to, each with a list of its own.")] = 1,
    hours: Annotated[float, typer.Option(min=0.1, help="That the night has.")] = 8.0,
    numbers: Annotated[str, typer.Option(help="Rows of SMS files, as many files again.")] = NONE,
    changed: Annotated[float, typer.Option(min=0, max=100, help="Percent of the numbers that Listrak has not so.")] = 5,
    within: Annotated[float, typer.Option(min=0, help="Minutes in which all files are dropped.")] = 15,
    row_bytes: Annotated[int, typer.Option(min=1, help="Of a row.")] = measured.ROW_BYTES,
    listrak_rate: Annotated[
        str, typer.Option(help="Contacts a second that Listrak imports; it publishes no figure.")
    ] = f"{LISTRAK_ROWS_A_SECOND:g}",
    listrak_imports: Annotated[Imports, typer.Option(help="Which wait for each other there.")] = Imports.BY_LIST,
    setting: Annotated[
        list[str] | None, typer.Option(help="As deployed, such as Concurrency=large; may be given again.")
    ] = None,
) -> None:
    """What a night would cost, and which limit it would meet first: computed from measured figures, nothing is asked of
    AWS. Exit code 1: it does not fit.

    Example: `listrak-relay capacity --contacts 100M --audiences 1000 --destinations 50 --hours 8`
    """
    options = told(context)
    rows = _rows(contacts, "contacts")
    if destinations > audiences:
        raise CommandError("there are more destinations than audiences; some would have nothing", ExitCode.WRONG_USE)
    night = Night(
        contacts=rows,
        audiences=audiences,
        destinations=destinations,
        hours=hours,
        stack=deployed(setting or ()),
        numbers=0.0 if numbers == NONE else _rows(numbers, "numbers"),
        changed=changed / 100,
        row_bytes=row_bytes,
        within=within * 60,
        rate=_rows(listrak_rate, "listrak-rate"),
        imports_go=listrak_imports,
    )
    usage, found = night.usage(), limits(night)
    if not options.say(_facts(night, usage, found)):
        _show(options.console, night, usage, found)
    if any(limit.passed for limit in found):
        raise typer.Exit(ExitCode.NOT_WELL)


def _rows(text: str, name: str) -> float:
    """As `number`, above 0. Raises CommandError."""
    found = number(text)
    if not 0 < found < inf:
        raise CommandError(f"--{name} {text}: write a number above 0, such as 100M", ExitCode.WRONG_USE)
    return found


def _facts(night: Night, usage: dict[str, float], found: list[Limit]) -> dict[str, Any]:
    return {
        "night": asdict(night),
        "imports": night.imports,
        "looks": night.looks,
        "counted": usage,
        "dollars": (spent := dollars(usage)),
        "total": sum(spent.values()),
        "prices": PRICED_AT,
        "measured_by": measured.MEASURED_BY,
        "fits": not any(limit.passed for limit in found),
        "most_contacts": most_contacts(night),
        "limits": [{**asdict(limit), "percent": limit.percent} for limit in found],
    }


def _show(console: Console, night: Night, usage: dict[str, float], found: list[Limit]) -> None:
    megabytes = night.file_bytes / night.imports_of_run / 1e6
    console.print(
        f"{night.contacts:,.0f} contacts in {counted(night.audiences, 'audience')} to "
        f"{counted(night.destinations, 'list')}: {counted(night.imports, 'import')} of {megabytes:,.1f} MB\n"
    )
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(justify="right")
    for name, spent in sorted(dollars(usage).items(), key=lambda item: -item[1]):
        table.add_row(f"${spent:,.2f}", f"{usage[name]:,.0f} {COUNTERS[name].name}")
    console.print(table)
    total = sum(dollars(usage).values())
    console.print(f"${total:,.2f} a night, {100 * total / night.contacts * 1e6:,.2f} cents a million contacts.")
    console.print(f"Prices: {PRICED_AT}. {NOT_PRICED}.\n")
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("used", justify="right", no_wrap=True)
    table.add_column("of the limit")
    table.add_column("that is", no_wrap=True)
    for limit in found:
        name = f"{limit.name} (gives way)" if limit.gives_way else limit.name
        used = f"{_short(limit.used)} of {_short(limit.most)} {limit.unit}"
        table.add_row(Text(f"{limit.percent:,.1f} %", "red" if limit.passed else ""), name, used)
    console.print(table)
    first, most = found[0], most_contacts(night)
    console.print(
        f"\n{'Does not fit' if first.passed else 'Fits'}. The first limit: {first.name}. To turn: {first.turn}."
    )
    if most:
        console.print(f"So many contacts fit, in as many audiences and lists: {_round(most):,.0f}.")
    console.print(f"Measured by {measured.MEASURED_BY}.")


def _short(amount: float) -> str:
    return f"{amount:,.0f}" if amount == int(amount) else f"{amount:,.2f}"


def _round(amount: float) -> float:
    """Down to two digits: no more is known."""
    step = 10.0 ** max(0, int(log10(amount)) - 1)
    return amount // step * step
