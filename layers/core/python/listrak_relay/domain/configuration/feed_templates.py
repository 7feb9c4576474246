"""Whether a data template fits a feed: each of its columns must be one of Listrak's, and be told nothing that a file
relayed to SFTP cannot carry."""

from __future__ import annotations

from collections.abc import Iterator

from listrak_relay.domain.configuration.located import Place, known_names, shown
from listrak_relay.domain.configuration.template_rules import ReadTemplate, ValueType
from listrak_relay.domain.destinations.data_template import ColumnRole, ColumnRule
from listrak_relay.domain.destinations.destinations import FeedDestination
from listrak_relay.domain.destinations.feed_settings import Feed
from listrak_relay.domain.feeds.column import BOOLEAN_WORDS, FeedColumn, Kind
from listrak_relay.domain.feeds.mapping import KINDS_OF_TYPES, target_of
from listrak_relay.domain.feeds.tables import FEED_TABLES, FeedTable


def check_template(destination: FeedDestination, read: ReadTemplate, place: Place) -> None:
    """Report what of the template makes no sense for this feed, each on the line of its column."""
    template, feed = read.template, destination.feed.feed
    table = FEED_TABLES[feed]
    holders: dict[str, str] = {}
    for name, rule in template.columns.items() if template else ():
        line = read.lines[name]
        said = f"the column {shown(name)} of {template.name if template else ''}"
        for problem in _problems(name, rule, table, feed):
            place.fault(line, f"{said} {problem}")
        target, _ = target_of(name, rule, table)
        if target is None or rule.role is ColumnRole.IGNORE:
            continue
        holder = holders.setdefault(target, name)
        if holder != name:
            place.fault(
                line, f"{said} is Listrak's {target}, which {shown(holder)} on line {read.lines[holder]} is already"
            )


def _problems(name: str, rule: ColumnRule, table: FeedTable, feed: Feed) -> Iterator[str]:
    if rule.role is ColumnRole.IGNORE:
        return
    target, rules = target_of(name, rule, table)
    if rule.role in (ColumnRole.OPT_IN, ColumnRole.OPT_OUT):
        yield f"has the role {rule.role}, but a feed carries no opt status; ignore it, and send who opted out by email"
        return
    if rule.role is not ColumnRole.FIELD and target is None:
        yield (
            f"has the role {rule.role}, for which Listrak publishes no column of {feed}; say its name with the key "
            "field, or ignore it"
        )
        return
    if rule.field is not None and target is None and not table.open:
        names = known_names(rule.field, (column.name for column in table.columns))
        yield f"names {shown(rule.field)}, which Listrak does not publish for {feed}; {names}"
        return
    if rule.max_length is not None:
        yield "has a max_length, which is for profile fields that are made; Listrak gives the lengths of a feed"
    if rule.clear_word is not None:
        yield "has a clear_word, which works for email only; leave the value blank, or give it in null_word"
    yield from _of_kind(rule, target, rules)


def _of_kind(rule: ColumnRule, target: str | None, rules: FeedColumn | None) -> Iterator[str]:
    """``rules``: of Listrak's column, None where it publishes none."""
    if target is None or rules is None:
        return
    if rule.type is not None and rules.kind not in KINDS_OF_TYPES[ValueType(rule.type)]:
        yield f"has type: {rule.type}, but Listrak's {target} takes {_TAKES[rules.kind]}"
    words = BOOLEAN_WORDS if rules.kind is Kind.BOOLEAN else rules.allowed if rules.kind is Kind.CHOICE else ()
    wrong = [after for _, after in rule.values if words and after and after.lower() not in map(str.lower, words)]
    if wrong:
        yield f"sends {shown(wrong[0])}, which Listrak's {target} does not take; {known_names(wrong[0], words)}"


_TAKES = {
    Kind.TEXT: "text",
    Kind.EMAIL: "an email address",
    Kind.PHONE: "a phone number",
    Kind.INTEGER: "a whole number",
    Kind.DECIMAL: "a number",
    Kind.DATE: "a date",
    Kind.PAST_DATE: "a date",
    Kind.MOMENT: "a date and time",
    Kind.BOOLEAN: "a yes or no",
    Kind.CHOICE: "one of some words",
}
