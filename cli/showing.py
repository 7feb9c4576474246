"""How runs, and what became of their rows, look on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from rich.table import Table
from rich.text import Text

from cli.options import Told
from listrak_relay.domain.report.sentences import (
    after_mending,
    done_sentence,
    failed_alone,
    feed_sentences,
    headline,
    place_sentence,
    shown_moment,
    to_mend,
    waterfall,
    where,
)
from listrak_relay.domain.report.words import as_sentence, outcome_name, reason_words
from listrak_relay.domain.values.counted import noun

STYLES = {"COMPLETED": "green", "REJECTED": "yellow", "SET_ASIDE": "dim"}
SHOWN_ROWS = 8


def show_report(options: Told, made: dict[str, Any]) -> None:
    """``made``: as in `report.json`."""
    console = options.console
    style = STYLES.get(made["status"], "red")
    console.print(Text.assemble((made["status"], f"bold {style}"), f"  {where(made)}  {made['file']['key']}"))
    console.print(Text(f"{made['run_id']}, closed {closed_at(made)} after {made['seconds']:,.1f} s", style="dim"))
    console.print(Text(f"{headline(made)}.", style="bold"))
    if made["counts"]["read"]:
        table = plain_table()
        for name, number, words in waterfall(made):
            table.add_row(f"{number:,}", outcome_name(name), words)
        table.columns[0].justify = "right"
        console.print(table)
    for sentence in filter(None, (made.get("consent"), done_sentence(made), place_sentence(made))):
        console.print(sentence)
    for line in [*made["attention"], *feed_sentences(made["notes"])]:
        console.print(Text(f"! {options.typed(line)}", style="yellow"))
    if again := after_mending(made):
        console.print(options.typed(again))
    for who, found in to_mend(made).items():
        console.print(Text(f"{who.heading}:", style="dim"))
        rows = plain_table()
        for number, words, code in found:
            rows.add_row(f"  {number:,}", f"{words} ({code})")
        rows.columns[0].justify = "right"
        console.print(rows)
    if any(made["counts"][name] for name in ("rejected", "refused", "skipped")) or failed_alone(made):
        console.print(options.typed(f"Which rows: listrak-relay rejects {made['run_id']}"))


NO_RUN = "No run in this time. `listrak-relay runs --days 90` looks further back."


def run_table(found: dict[str, Any]) -> Table:
    """``found``: the runs under ``open`` and ``closed``."""
    table = plain_table()
    table.add_column(min_width=len("DELIVERING"))
    table.add_column()
    for entry in found["open"]:
        read = entry["rows_read"]
        rows = "is being read" if read is None else f"{entry['rows_ended']:,} of {read:,} rows"
        rows += ", its destination is paused" if entry["paused"] else ""
        rows += f"; {entry['waiting_for']}" if entry["waiting_for"] else ""
        about = _about("under way", entry["where"], entry["run_id"])
        trouble = (f"\n! {entry['trouble']}", "yellow") if entry["trouble"] else ""
        table.add_row(Text(entry["status"], style="cyan"), Text.assemble(about, "\n", rows, trouble))
    for entry in found["closed"]:
        status = Text(entry["status"], style=STYLES.get(entry["status"], "red"))
        about = _about(closed_at(entry), entry["where"], entry["run_id"])
        said = (f"! {entry['headline']}", "yellow") if entry["attention"] else (entry["headline"], "")
        table.add_row(status, Text.assemble(about, "\n", said))
    return table


def closed_at(entry: Mapping[str, Any]) -> str:
    """``entry``: a closed run."""
    return f"{shown_moment(entry['closed_at'])} UTC"


def _about(when: str, place: str, run_id: str) -> Text:
    return Text.assemble((when, "dim"), f"  {place}  ", (run_id, "dim"))


def plain_table() -> Table:
    """What stands in columns, and nothing around it."""
    return Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False, expand=False)


def reason_table(lines: list[dict[str, str]]) -> Table:
    """``lines``: of `rejects.csv` and `skipped.csv`."""
    counted = Counter((line["outcome"], line["reason"], line["column"]) for line in lines)
    table = plain_table()
    table.add_column(justify="right", style="bold")
    table.add_column()
    # What somebody can mend comes first.
    for (outcome, reason, column), number in sorted(counted.items(), key=lambda one: (one[0][0] == "skipped", -one[1])):
        of = [line for line in lines if (line["outcome"], line["reason"], line["column"]) == (outcome, reason, column)]
        rows = ", ".join(line["row"] for line in of[:SHOWN_ROWS])
        more = f" and {number - SHOWN_ROWS:,} more" if number > SHOWN_ROWS else ""
        words = of[0]["detail"] if outcome == "rejected" and of[0]["detail"] else reason_words(reason)
        place = f"{outcome} ({reason}): {f'column {column}, ' if column else ''}{noun(number, 'row')} {rows}{more}"
        table.add_row(f"{number:,}", Text.assemble(as_sentence(words), (f"\n{place}", "dim")))
    return table
