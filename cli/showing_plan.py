"""How a dry run looks on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer
from rich.table import Table
from rich.text import Text

from cli.options import Told
from cli.showing import plain_table
from listrak_relay.domain.destinations.choices import Channel, Mode
from listrak_relay.domain.destinations.data_template import ColumnRole
from listrak_relay.domain.report.sentences import feed_sentences, lacking_sentence
from listrak_relay.domain.report.words import as_sentence, outcome_words, reason_words
from listrak_relay.domain.run.closing import NO_ROWS_OF_MIRROR, NO_ROWS_TODO
from listrak_relay.domain.run.manifest import Action
from listrak_relay.domain.values.counted import counted, noun

WORDS = {
    "subscribe": "would be subscribed",
    "unsubscribe": "would be unsubscribed",
    "keep": "were not asked or cannot be reached: would get the values if they are on the list, nothing else",
    "update": "would get the values, their subscription stays as it is",
    "relay": "would be in the file for Listrak's SFTP server",
}
SAMPLES = 3  # row numbers for each reason


def show_plan(options: Told, found: dict[str, Any]) -> None:
    console = options.console
    console.print(Text(f"{found['key']}: what would happen if it were dropped now. Nothing is sent.", style="bold"))
    if refused := found.get("rejected"):
        console.print(Text(f"! The file would be REJECTED ({refused['code']}): {refused['problem']}", style="yellow"))
        if "reasons" in found:
            console.print(_rows_by_end({**found, "actions": {}}))
            _show_rows(found)
        return
    notes = found["notes"]
    console.print(_facts(found))
    if found["profile_fields"]:
        console.print("Profile fields that the list does not have would be made.", style="dim")
    console.print(_rows_by_end(found))
    if not found["rows_read"]:
        of_mirror = f" {NO_ROWS_OF_MIRROR}" if found["mode"] == Mode.MIRROR else ""
        said = f"! The file has a header but no rows; nothing would be sent. {NO_ROWS_TODO}{of_mirror}"
        console.print(Text(said, style="yellow"))
    elif consent := notes.get("consent"):
        console.print(Text(consent["sentence"]))
    _show_rows(found)
    if beside := found.get("listrak"):
        console.print(Text(f"Compared with the list {found['list']} at Listrak, as it is now:", style="bold"))
        console.print(_changes(beside, mirror=found["mode"] == Mode.MIRROR))
    for line in filter(None, [found["problem"], lacking_sentence(notes), *feed_sentences(notes)]):
        console.print(Text(f"! {line}", style="yellow"))
    for sentence in _at_listrak(found):
        console.print(sentence)


def _show_rows(found: dict[str, Any]) -> None:
    for sample in (one for of_reason in found["samples"].values() for one in of_reason if "record" in one):
        typer.echo(f"row {sample['row']}: {sample['record']}")


def _at_listrak(found: dict[str, Any]) -> Iterator[str]:
    """What the file alone cannot tell, and how the rest would get there."""
    if found["channel"] == Channel.EMAIL:
        parts = counted(found["chunks"], "part")
        yield (
            f"Listrak would get {parts}, each as one import, or below 50 people by a call for each."
            if found["chunks"]
            else "Listrak would get nothing."
        )
    if found["mode"] == Mode.MIRROR and "listrak" not in found:
        them = "lose the audience's mark" if found["channel"] == Channel.EMAIL else "be unsubscribed"
        yield f"Mode mirror: whoever is in the audience and not in the file would {them}; nobody has counted them."
    if found["channel"] != Channel.SFTP and "listrak" not in found:
        asks = "; --deployed --listrak does, by reading only" if found["channel"] == Channel.EMAIL else ""
        yield f"Nobody has asked Listrak whether it has the list {found['list']}, and who is on it{asks}."


def _facts(found: dict[str, Any]) -> Table:
    """What was recognised."""
    notes = found["notes"]
    facts = plain_table()
    for name in ("format", "encoding", "delimiter", "packing"):
        if value := notes.get(name):
            facts.add_row(name, str(value))
    if found["list"]:
        facts.add_row("list", f"{found['list']}, mode {found['mode']}")
    fields = dict(found["profile_fields"])
    for name, role in _roles(notes):
        kind = fields.pop(name, None) if role == ColumnRole.FIELD else None
        facts.add_row(f"column {name}", f"profile field, {kind}" if kind else role)
    for name, kind in fields.items():
        facts.add_row(f"profile field {name}", kind)
    return facts


def _rows_by_end(found: dict[str, Any]) -> Table:
    table = plain_table()
    table.add_row(f"{found['rows_read']:,}", f"{noun(found['rows_read'], 'row')} in the file")
    for action, number in found["actions"].items():
        mark = (
            " and get the audience's mark" if found["channel"] == Channel.EMAIL and action == Action.SUBSCRIBE else ""
        )
        table.add_row(f"{number:,}", f"{WORDS[action]}{mark}")
    if found["duplicates"]:
        feed = found["channel"] == Channel.SFTP
        table.add_row(f"{found['duplicates']:,}", outcome_words(feed=feed)["duplicates"])
    for reason, number in found["reasons"].items():
        samples = found["samples"].get(reason, [])
        # What ingest says of a row tells what to do about it, too.
        words = samples[0]["detail"] if samples and samples[0]["detail"] else as_sentence(reason_words(reason))
        table.add_row(f"{number:,}", Text(f"would be rejected ({_rows(samples)}): {words}", style="yellow"))
    table.columns[0].justify = "right"
    return table


def _changes(beside: dict[str, Any], *, mirror: bool) -> Table:
    words = {
        "subscribers": "people are subscribed to it",
        "already_subscribed": "of the file's people who are to be subscribed are already",
        "new_or_had_unsubscribed": "of them are not: they would be, but for those who had unsubscribed, who stay so",
        "would_be_unsubscribed": "people would be unsubscribed",
        "not_on_list": "people who are only to be updated or unsubscribed are not subscribed, and would be left alone",
        "members": "people have the audience's mark",
        **({"would_lose_the_mark": "of them are not in the file, and would lose it"} if mirror else {}),
    }
    table = plain_table()
    for name, text in words.items():
        table.add_row(f"{beside[name]:,}", text)
    made = beside["fields_made"]
    names = f": {', '.join(made)}" if made else ""
    table.add_row(f"{len(made):,}", f"{noun(len(made), 'profile field')} would be made{names}")
    table.columns[0].justify = "right"
    return table


def _roles(notes: dict[str, Any]) -> list[tuple[str, str]]:
    columns = notes.get("columns")
    if isinstance(columns, dict):
        return [(str(name), str(role)) for name, role in columns.items()]
    return []


def _rows(sample: list[dict[str, str]]) -> str:
    numbers = ", ".join(one["row"] for one in sample)
    column = f"column {sample[0]['column']}, " if sample and sample[0]["column"] else ""
    return f"{column}{noun(len(sample), 'row')} {numbers}{' …' if len(sample) == SAMPLES else ''}"
