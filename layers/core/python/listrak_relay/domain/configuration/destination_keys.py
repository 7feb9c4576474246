"""The keys of a destination in `config/destinations.yaml`: each is a row here, in the table of its channel."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from listrak_relay.domain.configuration.feed_destinations import LONGEST_WAIT_MINUTES
from listrak_relay.domain.configuration.file_settings import read_file_rules
from listrak_relay.domain.configuration.located import Node, Place, Scalar
from listrak_relay.domain.configuration.secret_names import channel_secret
from listrak_relay.domain.configuration.template_rules import MAX_VALUE_LENGTH
from listrak_relay.domain.configuration.value_rules import (
    Reader,
    choice,
    flag,
    identifiers,
    integer,
    number,
    text,
    time_of_day,
)
from listrak_relay.domain.destinations.choices import (
    Channel,
    MissingOptStatus,
    MissingProfileFields,
    Mode,
    OptOutsWithoutNumber,
    PhoneFormat,
    UnknownOptOuts,
    UnsureOptStatus,
)
from listrak_relay.domain.destinations.feed_settings import (
    ColumnNames,
    Feed,
    MissingColumns,
    OnFault,
    SameKey,
    UnknownColumns,
)
from listrak_relay.domain.values.dates import is_zone
from listrak_relay.domain.values.phone_number import REGIONS


@dataclass(frozen=True, slots=True)
class Key:
    """``name`` in the file, ``attribute`` of the channel's destination, and how it is read."""

    name: str
    attribute: str
    read: Reader[Any]


def _region(node: Node, place: Place) -> str | None:
    # As written, since YAML 1.1 takes Norway's NO for a yes/no word.
    value = node.text if isinstance(node, Scalar) else ""
    if re.fullmatch("[A-Z]{2}", value) is None:
        place.fault(node.line, "must be a country by its ISO 3166 code, two capital letters such as US")
    elif value not in REGIONS:
        # All the known ones would fill the report.
        hint = "; the United Kingdom is GB" if value == "UK" else ""
        place.fault(node.line, f"is no country whose phone numbers are known{hint}")
    else:
        return value
    return None


def _time_zone(node: Node, place: Place) -> str | None:
    name = text("a time zone by its IANA name, such as America/New_York")(node, place)
    if name is not None and not is_zone(name):
        place.fault(node.line, f"{name!r} is no time zone that is known; write its IANA name, such as America/New_York")
        return None
    return name


KEYS: Mapping[Channel, tuple[Key, ...]] = {
    Channel.EMAIL: (
        Key("channel", "channel", choice(Channel)),
        Key("secret", "secret", channel_secret(Channel.EMAIL)),
        Key("expected_by", "expected_by", time_of_day),
        Key("list", "list_name", text("the name of a Listrak list (not its id)")),
        Key("profile_field_group", "profile_field_group", text("the name of a profile field group")),
        Key("mode", "mode", choice(Mode)),
        Key("missing_opt_status", "missing_opt_status", choice(MissingOptStatus)),
        Key("unsure_opt_status", "unsure_opt_status", choice(UnsureOptStatus)),
        Key("max_rejected_percent", "max_rejected_percent", number(0, 100)),
        Key("attention_percent", "attention_percent", number(0, 100)),
        Key("resubscribe", "resubscribe", flag),
        Key("event_ids", "event_ids", identifiers),
        Key("send_double_opt_in", "send_double_opt_in", flag),
        Key("trigger_journey", "trigger_journey", flag),
        Key("mirror_guard_percent", "mirror_guard_percent", number(0, 100)),
        Key("audience_guard_percent", "audience_guard_percent", number(0, 100)),
        Key("max_text_length", "max_text_length", integer(1, MAX_VALUE_LENGTH)),
        Key("unknown_opt_outs", "unknown_opt_outs", choice(UnknownOptOuts)),
        Key("file", "file", read_file_rules),
        Key("time_zone", "time_zone", _time_zone),
        Key("data_template", "data_template", text("the name of a data template")),
    ),
    Channel.SFTP: (
        Key("channel", "channel", choice(Channel)),
        Key("secret", "secret", channel_secret(Channel.SFTP)),
        Key("expected_by", "expected_by", time_of_day),
        Key("file", "file", read_file_rules),
        Key("feed", "feed", choice(Feed)),
        Key("file_name", "feed.file_name", text("a file name such as Listrak_Order_Feed_{stamp}.csv")),
        Key("stamp", "feed.stamp", text("a time format such as %Y%m%d%H%M%S")),
        Key("on_fault", "feed.on_fault", choice(OnFault)),
        Key("column_names", "feed.column_names", choice(ColumnNames)),
        Key("replace_existing", "feed.replace_existing", flag),
        Key("temporary_name", "feed.temporary_name", text("a file name such as .{name}.{id}.part")),
        Key("wait_minutes", "feed.wait_minutes", integer(0, LONGEST_WAIT_MINUTES)),
        Key("same_key", "feed.same_key", choice(SameKey)),
        Key("unknown_columns", "feed.unknown_columns", choice(UnknownColumns)),
        Key("missing_columns", "feed.missing_columns", choice(MissingColumns)),
        Key("data_template", "data_template", text("the name of a data template")),
    ),
    Channel.SMS: (
        Key("channel", "channel", choice(Channel)),
        Key("secret", "secret", channel_secret(Channel.SMS)),
        Key("expected_by", "expected_by", time_of_day),
        Key("sender_code", "sender_code", text("the code or name of a Listrak sender code (not its id)")),
        Key("list", "list_name", text("the name of a Listrak phone list (not its id)")),
        Key("region", "region", _region),
        Key("phone_format", "phone_format", choice(PhoneFormat)),
        Key("mode", "mode", choice(Mode)),
        Key("missing_opt_status", "missing_opt_status", choice(MissingOptStatus)),
        Key("unsure_opt_status", "unsure_opt_status", choice(UnsureOptStatus)),
        Key("max_rejected_percent", "max_rejected_percent", number(0, 100)),
        Key("attention_percent", "attention_percent", number(0, 100)),
        Key("resubscribe", "resubscribe", flag),
        Key("mirror_guard_percent", "mirror_guard_percent", number(0, 100)),
        Key("audience_guard_percent", "audience_guard_percent", number(0, 100)),
        Key("missing_profile_fields", "missing_profile_fields", choice(MissingProfileFields)),
        Key("opt_outs_without_number", "opt_outs_without_number", choice(OptOutsWithoutNumber)),
        Key("file", "file", read_file_rules),
        Key("time_zone", "time_zone", _time_zone),
        Key("data_template", "data_template", text("the name of a data template")),
    ),
}
"""Attributes after ``feed.`` are those of `FeedSettings`."""
