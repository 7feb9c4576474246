"""How runs, and what became of their rows, look on a terminal."""

from __future__ import annotations

from collections import Counter
from typing import Any

from rich.table import Table
from rich.text import Text

from cli.options import Told
from listrak_relay.domain.report.sentences import done_sentence, headline, to_mend, waterfall, where
from listrak_relay.domain.report.words import reason_words

STYLES = {"COMPLETED": "green", "REJECTED": "yellow", "SET_ASIDE": "dim"}
SHOWN_ROWS = 8


def show_report(options: Told, made: dict[str, Any]) -> None:
    """``made``: as in `report.json`."""
    console = options.console
    style = STYLES.get(made["status"], "red")
    console.print(Text.assemble((made["status"], f"bold {style}"), f"  {where(made)}  {made['file']['key']}"))
    console.print(Text(f"{headline(made)}.", style="bold"))
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    for name, number, words in waterfall(made):
        table.add_row(f"{number:,}", name.replace("_", " "), words)
    table.columns[0].justify = "right"
    console.print(table)
    for sentence in filter(None, (made.get("consent"), done_sentence(made))):
        console.print(sentence)
    for line in made["attention"]:
        console.print(Text(f"! {line}", style="yellow"))
    for who, found in to_mend(made).items():
        console.print(Text(f"To mend by {who.value}:", style="dim"))
        for number, words, code in found:
            console.print(Text(f"  {number:,}  {words} ({code})"))


def run_table(found: dict[str, Any]) -> Table | str:
    """``found``: the runs under ``open`` and ``closed``."""
    if not found["open"] and not found["closed"]:
        return "No run in this time. `listrak-relay runs --days 90` looks further back."
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0), pad_edge=False)
    for name in ("Status", "Closed (UTC)", "Audience", "What happened", "Run"):
        table.add_column(name, no_wrap=name in ("Status", "Run"), overflow="fold")
    for entry in found["open"]:
        read = entry["rows_read"]
        rows = "is being read" if read is None else f"{entry['rows_ended']:,} of {read:,} rows"
        rows += ", its destination is paused" if entry["paused"] else ""
        table.add_row(Text(entry["status"], style="cyan"), "under way", entry["where"], rows, entry["run_id"])
    for entry in found["closed"]:
        status = Text(entry["status"], style=STYLES.get(entry["status"], "red"))
        said = f"{'! ' if entry['attention'] else ''}{entry['headline']}"
        table.add_row(status, entry["closed_at"][:16].replace("T", " "), entry["where"], said, entry["run_id"])
    return table


def run_line(entry: dict[str, Any]) -> Text:
    """``entry``: a closed run."""
    style = STYLES.get(entry["status"], "red")
    return Text.assemble((entry["status"], style), f"  {entry['where']}  {entry['headline']}  {entry['run_id']}")


def reason_table(lines: list[dict[str, str]]) -> Table:
    """``lines``: of `rejects.csv` and `skipped.csv`."""
    counted = Counter((line["outcome"], line["reason"], line["column"]) for line in lines)
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(justify="right", style="bold")
    table.add_column()
    for (outcome, reason, column), number in counted.most_common():
        of = [line for line in lines if (line["outcome"], line["reason"], line["column"]) == (outcome, reason, column)]
        rows = ", ".join(line["row"] for line in of[:SHOWN_ROWS])
        more = f" and {number - SHOWN_ROWS:,} more" if number > SHOWN_ROWS else ""
        words = of[0]["detail"] if outcome == "rejected" and of[0]["detail"] else reason_words(reason)
        place = f"{outcome} ({reason}): {f'column {column}, ' if column else ''}row {rows}{more}"
        table.add_row(f"{number:,}", Text.assemble(words, (f"\n{place}", "dim")))
    return table
