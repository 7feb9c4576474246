"""What a person sees: the same words on a terminal, in colour and moving, and as plain lines anywhere else."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from local.relay_client import Report
from local.results import Results

COUNTS = ("accepted", "refused", "rejected", "duplicates", "skipped", "dead_lettered")
MEANINGS = {
    "accepted": "are at Listrak as the file says",
    "refused": "Listrak said no",
    "rejected": "broke a rule of ours",
    "duplicates": "the same address again; the last row counts",
    "skipped": "had opted out, and stay so",
    "dead_lettered": "could not be delivered",
}
SHOWN_REJECTS = 12
STYLES = {"COMPLETED": "bold green", "REJECTED": "bold yellow", "FAILED": "bold red", "STALLED": "bold red"}


def show_run(console: Console, report: Report, results: Results) -> None:
    """One run: counts, balance, rows turned away, where to read on. No personal data."""
    console.print()
    console.rule(_title(report), align="left", style="dim")
    if report["problem"]:
        console.print(Text(report["problem"], style="yellow"))
    if report["counts"]["read"]:
        console.print(_counts(report))
        console.print(_balance(report))
    if results.turned_away:
        console.print(_rejects(results))
    for line in report["attention"]:
        console.print(Text(f"! {line}", style="yellow"))
    console.print(Text(f"report and rows turned away: {results.shown_folder}/", style="dim"))


def _title(report: Report) -> Text:
    style = STYLES.get(report["status"], "bold")
    return Text.assemble(
        (report["status"], style),
        f"  {report['file']['key']}",
        (f"  in {report['seconds']:.1f} s, run {report['run_id']}", "dim"),
    )


def _counts(report: Report) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(justify="right", style="bold")
    table.add_column()
    table.add_column(style="dim")
    for name in COUNTS:
        if number := report["counts"][name]:
            table.add_row(f"{number:,}", name.replace("_", " "), MEANINGS[name])
    return table


def _balance(report: Report) -> Text:
    counts = report["counts"]
    terms = " + ".join(f"{counts[name]:,} {name.replace('_', ' ')}" for name in COUNTS if counts[name])
    sum_ = f"{counts['read']:,} rows read = {terms or '0'}"
    if report["balanced"]:
        return Text.assemble(("balanced: ", "green"), sum_)
    return Text(f"NOT balanced: {sum_}", style="bold red")


def _rejects(results: Results) -> Table:
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0), title_justify="left")
    table.add_column("row", justify="right")
    for name in ("outcome", "reason", "column"):
        table.add_column(name, no_wrap=True)
    table.add_column("what to do", overflow="fold")
    for row in results.turned_away[:SHOWN_REJECTS]:
        table.add_row(row.row, row.outcome, row.reason, row.column, row.detail)
    if (more := results.turned_away_count - SHOWN_REJECTS) > 0:
        table.add_row("…", Text(f"{more:,} more in {results.shown_folder}/rejects.csv", style="dim"))
    return table
