"""What a person sees: the same words on a terminal, in colour and moving, and as plain lines anywhere else."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from listrak_relay.domain.report.sentences import feed_sentences
from listrak_relay.domain.report.words import OUTCOMES, as_sentence, outcome_name, outcome_words, reason_words
from listrak_relay.domain.values.counted import counted, noun
from local.relay_client import Report
from local.results import Results, TurnedAway

DETAILS = {"accepted_as": "of the accepted", "removals": "not in the file"}
SHOWN_ROWS = 8  # numbers in a line
WIDTH_WITHOUT_TERMINAL = 120
STYLES = {"COMPLETED": "bold green", "REJECTED": "bold yellow", "FAILED": "bold red", "STALLED": "bold red"}


def console_for_people() -> Console:
    """Where nobody watches there is no terminal's width to keep to."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=WIDTH_WITHOUT_TERMINAL)


def show_run(console: Console, report: Report, results: Results) -> None:
    """One run: counts, balance, rows turned away, where to read on. No personal data."""
    console.print()
    console.rule(_title(report), align="left", style="dim")
    if report["counts"]["read"]:
        console.print(_counts(report))
        console.print(_balance(report))
        for name, meaning in DETAILS.items():
            if counts := report.get(name):
                parts = ", ".join(f"{number:,} {what.replace('_', ' ')}" for what, number in counts.items())
                console.print(Text.assemble((f"{meaning}: ", "dim"), parts))
    if report.get("consent"):
        console.print(Text(report["consent"], style="dim"))
    for line in dict.fromkeys([*report["attention"], *filter(None, [report["problem"]])]):
        console.print(Text(f"! {line}", style="yellow"))
    console.print(*_relayed(report), sep="", end="")
    if results.turned_away:
        console.print()
        console.print(_turned_away(results))
    console.print(Text(f"all of it: {results.shown_folder}/", style="dim"), soft_wrap=True)


def _title(report: Report) -> Text:
    style = STYLES.get(report["status"], "bold")
    return Text.assemble(
        (report["status"], style), f"  {report['file']['key']}", (f"  {report['seconds']:.1f} s", "dim")
    )


def _counts(report: Report) -> Table:
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(justify="right", style="bold")
    table.add_column()
    table.add_column(style="dim")
    meanings = outcome_words(feed="feed" in report["notes"])
    for name, meaning in meanings.items():
        if number := report["counts"][name]:
            table.add_row(f"{number:,}", outcome_name(name), meaning)
    return table


def _balance(report: Report) -> Text:
    counts = report["counts"]
    terms = " + ".join(f"{counts[name]:,} {name.replace('_', ' ')}" for name in OUTCOMES if counts[name])
    sum_ = f"{counted(counts['read'], 'row')} read = {terms or '0'}"
    if report["balanced"]:
        return Text.assemble(("balanced: ", "green"), sum_)
    return Text(f"NOT balanced: {sum_}", style="bold red")


def _relayed(report: Report) -> Iterator[Text]:
    """Of a feed: under which name it was sent, what was changed in it, and what is wrong with rows that were sent."""
    notes = report["notes"]
    if delivery := notes.get("delivery"):
        yield Text.assemble(
            ("delivered to Listrak's SFTP server", "green"),
            f" as {delivery['file_name']}, {delivery['bytes']:,} bytes\n",
        )
    if mended := notes.get("mended_line_breaks", 0) if "feed" in notes else 0:
        yield Text(f"{counted(mended, 'value')} had line breaks, now spaces\n", style="dim")
    for sentence in feed_sentences(notes):
        yield Text(f"! {sentence}\n", style="yellow")


def _turned_away(results: Results) -> Table:
    """Rows by reason, since a damaged export has thousands with the same one."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False, pad_edge=False)
    table.add_column(justify="right", style="bold")
    table.add_column()
    for group in results.turned_away:
        table.add_row(f"{group.count:,}", Text.assemble((_sentence(group), "yellow"), (f"\n{_where(group)}", "dim")))
    return table


def _sentence(group: TurnedAway) -> str:
    """What we reject says what to do; Listrak's own answers are single words."""
    if group.outcome == "rejected" and group.detail:
        return group.detail
    return as_sentence(reason_words(group.reason))


def _where(group: TurnedAway) -> str:
    rows = ", ".join(group.rows[:SHOWN_ROWS])
    more = f" and {group.count - SHOWN_ROWS:,} more" if group.count > SHOWN_ROWS else ""
    column = f"column {group.column}, " if group.column else ""
    return f"{group.outcome} ({group.reason}): {column}{noun(group.count, 'row')} {rows}{more}"
