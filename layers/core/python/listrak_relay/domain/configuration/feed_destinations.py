"""A destination of channel sftp in `config/destinations.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from listrak_relay.domain.configuration.located import Entry, Place, Table
from listrak_relay.domain.destinations.destinations import FeedDestination
from listrak_relay.domain.destinations.feed_settings import STAMP, Feed, FeedSettings, UnknownColumns, default_settings
from listrak_relay.domain.destinations.file_rules import FileRules
from listrak_relay.domain.destinations.sftp_names import temporary_name_of
from listrak_relay.errors import ConfigurationError

LONGEST_WAIT_MINUTES = 12 * 60
"""A run that has not ended after a day and a half is closed for what it is; this leaves time to deliver."""

_PREFIX = "feed."
_DAMAGED = "max_damaged_percent"
_LONGEST_CONTENT_ID = "x" * 57  # a run's id


def read_feed(
    entry: Entry,
    parts: Mapping[str, Entry],
    values: Mapping[str, Any],
    built_in: FeedDestination | None,
    place: Place,
) -> FeedDestination | None:
    """``values``: what the keys say, by attribute, without a fault so far."""
    feed = _feed(entry, parts, values.get("feed"), built_in, place)
    if feed is None:
        return None
    base = built_in.feed if built_in else default_settings(feed)
    own = {name.removeprefix(_PREFIX): value for name, value in values.items() if name.startswith(_PREFIX)}
    settings: FeedSettings = replace(base, **own)
    if not settings.file_name:
        place.fault(entry.line, "has no file_name; a contact list goes by the name that the account expects")
        return None
    # A file name that says nothing of the time stands for one file, of which the newest counts.
    if STAMP not in settings.file_name and "stamp" in own:
        (place / "stamp").fault(parts["stamp"].line, f"has no effect, since file_name has no {STAMP}")
        return None
    if not _names_are_usable(settings, entry, parts, place):
        return None
    if not _has_effect(settings, values.get("file"), parts, place):
        return None
    own_to_all = {name: values[name] for name in ("secret", "expected_by", "file", "data_template") if name in values}
    return FeedDestination(entry.name, feed=settings, **own_to_all)


def _feed(
    entry: Entry, parts: Mapping[str, Entry], named: Feed | None, built_in: FeedDestination | None, place: Place
) -> Feed | None:
    if built_in is None:
        if named is None:
            place.fault(entry.line, f"has no feed; known: {', '.join(Feed)}")
        return named
    if named not in (None, built_in.feed.feed):
        (place / "feed").fault(
            parts["feed"].line,
            f"must stay {built_in.feed.feed}, since {entry.name} is built in; give another destination another name",
        )
        return None
    return built_in.feed.feed


def _has_effect(settings: FeedSettings, file: FileRules | None, parts: Mapping[str, Entry], place: Place) -> bool:
    if settings.feed is Feed.CONTACT_LIST and settings.unknown_columns is UnknownColumns.LEAVE_OUT:
        (place / "unknown_columns").fault(
            parts["unknown_columns"].line,
            "has no effect, since Listrak publishes no columns of a contact list; let a data template ignore columns",
        )
        return False
    if file and file.max_damaged_percent != FileRules().max_damaged_percent:
        table = parts["file"].node
        lines = [entry.line for entry in table.entries if entry.name == _DAMAGED] if isinstance(table, Table) else []
        (place / "file" / _DAMAGED).fault(
            lines[0] if lines else parts["file"].line,
            "has no effect: rows of a feed that cannot be read are never sent; on_fault: strict keeps back the others",
        )
        return False
    return True


def _names_are_usable(settings: FeedSettings, entry: Entry, parts: Mapping[str, Entry], place: Place) -> bool:
    """Both names as they would be now."""
    key = "file_name"
    try:
        name = settings.name_at(datetime.now(UTC))
        key = "temporary_name"
        temporary_name_of(name, _LONGEST_CONTENT_ID, settings.temporary_name)
    except ConfigurationError as error:
        line = parts[key].line if key in parts else entry.line
        (place / key).fault(line, str(error))
        return False
    return True
