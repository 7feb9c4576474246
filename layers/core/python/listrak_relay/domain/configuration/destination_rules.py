"""Reads `config/destinations.yaml`: every destination by name, or one error with all faults.

What a key of a destination means, takes and sets is said in `destination_keys`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from listrak_relay.domain.configuration.destination_keys import KEYS
from listrak_relay.domain.configuration.feed_destinations import read_feed
from listrak_relay.domain.configuration.feed_templates import check_template
from listrak_relay.domain.configuration.located import Entry, Faults, Node, Place, Scalar, Table, known_names, shown
from listrak_relay.domain.configuration.template_rules import ReadTemplate, read_templates
from listrak_relay.domain.configuration.value_rules import agreed, choice
from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.destinations.destinations import (
    BUILT_IN,
    AudienceDestination,
    Destination,
    EmailDestination,
    FeedDestination,
    default_destination,
)
from listrak_relay.errors import ConfigurationError

DESTINATION_UNKNOWN = "destination_unknown"
"""Code of the error that the configuration knows no destination of a name."""

VERSION = 1
TOP_KEYS = ("version", "destinations", "data_templates")
_NAME = re.compile(r"[a-z0-9_-]{1,40}")


@dataclass(frozen=True, slots=True)
class Destinations:
    """What a configuration says, part by part, since a fault of one destination is no reason to stop the others.

    ``sound``: by name, the built-in ones included.
    ``faulty``: name of a destination that cannot be used → its faults. A built-in one is among them, too, if the file
    says something wrong of it: going on by its defaults would be a guess.
    ``error``: every fault of the file, None if there is none.
    """

    sound: dict[str, Destination]
    faulty: dict[str, ConfigurationError] = field(default_factory=dict)
    error: ConfigurationError | None = None
    _read: dict[str, int] = field(default_factory=dict)

    def find(self, name: str) -> Destination:
        """Raises ConfigurationError: it is faulty (``destinations_invalid``), or not known (``destination_unknown``,
        naming the known ones)."""
        if name in self.faulty:
            raise ConfigurationError(self.faulty[name].code, str(self.faulty[name]))
        return find_destination(self.sound, name)

    def read(self, entry: Entry, templates: Mapping[str, ReadTemplate], of_templates: Faults) -> Faults:
        """One destination more; returns its own faults."""
        faults = Faults(of_templates.source)
        here = Place(faults) / "destinations" / entry.name
        if entry.name in self._read:
            here.fault(entry.line, f"stands here a second time, first on line {self._read[entry.name]}")
        self._read.setdefault(entry.name, entry.line)
        destination = _read_destination(entry, here, templates)
        if destination and not faults.count and entry.name not in self.faulty:
            self.sound[entry.name] = destination
            return faults
        all_of_it = Faults(faults.source)
        all_of_it.take(faults)
        if destination is None:
            all_of_it.take(of_templates)
        self.faulty[entry.name] = all_of_it.error(f"the destination {entry.name}")
        self.sound.pop(entry.name, None)
        return faults


def read_destinations(document: Node, source: str) -> Destinations:
    """``source`` names the file in messages.

    Raises:
        ConfigurationError: ``destinations_invalid``: the file as a whole cannot be understood.
    """
    place = Place(Faults(source))
    parts = {part.name: part for part in place.entries(document, ", ".join(TOP_KEYS))}
    if isinstance(document, Table | Scalar):
        _check_version(parts.get("version"), document.line, place)
    for part in parts.values():
        if part.name not in TOP_KEYS:
            (place / part.name).unknown(part.line, "the key", part.name, TOP_KEYS)

    templates: dict[str, ReadTemplate] = {}
    of_templates = Faults(source)
    if "data_templates" in parts:
        templates = read_templates(parts["data_templates"].node, Place(of_templates) / "data_templates")
    entries = parts["destinations"].node if "destinations" in parts else Table((), 1)
    if not isinstance(entries, Table):
        list((place / "destinations").entries(entries, "destinations by name"))
        entries = Table((), 1)
    whole_file = place.faults.count
    place.faults.take(of_templates)
    found = Destinations(dict(BUILT_IN), {})
    for entry in entries.entries:
        place.faults.take(found.read(entry, templates, of_templates))
    if place.faults.count:
        if whole_file:
            raise place.faults.error()
        return replace(found, error=place.faults.error(rest_is_used=True))
    return found


def find_destination(destinations: Mapping[str, Destination], name: str) -> Destination:
    """Raises ConfigurationError (``destination_unknown``), naming the known ones."""
    if name in destinations:
        return destinations[name]
    raise ConfigurationError(
        DESTINATION_UNKNOWN,
        f"there is no destination {shown(name)}; {known_names(name, destinations)}. A file is dropped as "
        "<destination>/<audience>/<file>; add the destination to config/destinations.yaml in the WorkBucket "
        "(listrak-relay config add), or drop the file under one that is known",
    )


def _check_version(part: Entry | None, line: int, place: Place) -> None:
    if part is None:
        place.fault(line, f"the key version is missing; begin the file with version: {VERSION}")
    elif not isinstance(part.node, Scalar) or type(part.node.value) is not int or part.node.value != VERSION:
        (place / "version").fault(part.node.line, f"must be {VERSION}, the only version that this release reads")


def _read_destination(entry: Entry, place: Place, templates: Mapping[str, ReadTemplate]) -> Destination | None:
    faults_before = place.faults.count
    if not _NAME.fullmatch(entry.name):
        place.fault(entry.line, "is no name for a destination: use a-z, 0-9, - and _, at most 40 characters")
    parts = {part.name: part for part in place.entries(entry.node, "settings")}
    built_in = BUILT_IN.get(entry.name)
    channel = _read_channel(entry, parts.get("channel"), built_in, place)
    values = _read_values(parts, channel, place)
    template = values.pop("data_template", None)
    named = templates.get(template) if template is not None else None
    if template is not None:
        if named is None:
            (place / "data_template").unknown(parts["data_template"].line, "the data template", template, templates)
        values["data_template"] = named and named.template
    if place.faults.count != faults_before or channel is None or (template and not values["data_template"]):
        return None

    if channel is Channel.SFTP:
        feed = read_feed(entry, parts, values, built_in if isinstance(built_in, FeedDestination) else None, place)
        if feed and named:
            check_template(feed, named, place / "data_template")
        return feed if place.faults.count == faults_before else None
    audience_built_in = None if isinstance(built_in, FeedDestination) else built_in
    destination = replace(audience_built_in or default_destination(entry.name, channel), **values)
    return destination if _goes_together(destination, parts, place) else None


def _read_values(parts: Mapping[str, Entry], channel: Channel | None, place: Place) -> dict[str, Any]:
    # With the channel in doubt a key of any channel will do, so that only real faults are named.
    tables = [KEYS[channel]] if channel else KEYS.values()
    keys = {key.name: key for table in tables for key in table}

    values: dict[str, Any] = {}
    for part in parts.values():
        here = place / part.name
        if part.name not in keys:
            if of := _channels_with(part.name):
                here.fault(part.line, f"is a key of channel {' and '.join(of)}, not of {channel}; take it out here")
            else:
                here.unknown(part.line, "the key", part.name, keys)
        elif part.name != "channel":
            read = agreed([key.read for table in tables for key in table if key.name == part.name])
            values[keys[part.name].attribute] = read(part.node, here)
    return values


def _channels_with(name: str) -> list[str]:
    return [channel.value for channel, table in KEYS.items() if any(key.name == name for key in table)]


def _goes_together(destination: AudienceDestination, parts: Mapping[str, Entry], place: Place) -> bool:
    template = destination.data_template
    if destination.channel is Channel.SMS and template and template.clears:
        (place / "data_template").fault(
            parts["data_template"].line,
            f"{template.name} has a clear_word, which works for email only: Listrak publishes no way to take away a "
            "value of a contact for texts; give this destination a template without it",
        )
        return False
    if template and template.translates:
        (place / "data_template").fault(
            parts["data_template"].line,
            f"{template.name} has values that are sent in other words, which works for feeds only; give this "
            "destination a template without them",
        )
        return False
    if isinstance(destination, EmailDestination) and destination.trigger_journey and destination.one_by_one:
        (place / "trigger_journey").fault(
            parts["trigger_journey"].line,
            "works with imports only; resubscribe, event_ids and send_double_opt_in send contacts one by one",
        )
        return False
    return True


def _read_channel(entry: Entry, part: Entry | None, built_in: Destination | None, place: Place) -> Channel | None:
    """The channel in the file, or that of the built-in destination of this name, which the file cannot change."""
    if part is None:
        if built_in is None:
            place.fault(entry.line, f"has no channel; known: {', '.join(Channel)}")
        return built_in.channel if built_in else None
    channel = choice(Channel)(part.node, place / "channel")
    if channel and built_in and channel.value != built_in.channel.value:
        (place / "channel").fault(
            part.node.line,
            f"must stay {built_in.channel}, since {entry.name} is built in; give another destination another name",
        )
    return channel
