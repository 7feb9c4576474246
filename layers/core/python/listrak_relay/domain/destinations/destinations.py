"""Destinations: where an audience goes and by which rules. The names are those of customer data platforms."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum

from listrak_relay.domain.destinations.feed_settings import Feed, FeedSettings, default_settings
from listrak_relay.domain.destinations.file_rules import FileRules

MASTER_LIST = "Master List"
MESSAGE_ATTRIBUTES = "Amperity Message Attributes"


class Channel(StrEnum):
    """The way into Listrak."""

    EMAIL = "email"
    SFTP = "sftp"
    SMS = "sms"


class Mode(StrEnum):
    """ADD leaves earlier members of the audience; MIRROR makes the audience equal to the file."""

    ADD = "add"
    MIRROR = "mirror"


class MissingOptStatus(StrEnum):
    """What to do with a file that has no opt status column."""

    SUBSCRIBE = "subscribe"
    UPDATE = "update"
    REJECT = "reject"


class PhoneFormat(StrEnum):
    """How a phone number goes to Listrak: ``17175550100`` or ``+17175550100``."""

    DIGITS = "digits"
    PLUS = "plus"


class MissingProfileFields(StrEnum):
    """What to do when Listrak has no profile field for a column and none can be made: stop the run, or leave the column
    out and say so in the report.
    """

    ERROR = "error"
    WARN = "warn"


class ColumnRole(StrEnum):
    """What a column of the dropped file means. FIELD: it becomes a profile field.

    The address of the channel is the contact key: EMAIL for email, PHONE for SMS. For SMS, EMAIL and the four after
    PHONE are facts that Listrak keeps of every contact outside its profile fields.
    """

    EMAIL = "email"
    PHONE = "phone"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    BIRTHDAY = "birthday"
    POSTAL_CODE = "postal_code"
    OPT_IN = "opt_in"
    OPT_OUT = "opt_out"
    FIELD = "field"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """What a data template says of one column.

    ``field``: profile field name, None = the column's own. ``type``: ``text``, ``numeric``, ``date``, None = inferred.
    ``date_format``: a strptime format such as ``%d.%m.%Y``. ``max_length`` in characters, None = the destination's.
    """

    role: ColumnRole
    field: str | None = None
    type: str | None = None
    date_format: str | None = None
    max_length: int | None = None


@dataclass(frozen=True, slots=True)
class DataTemplate:
    """Maps columns of a dropped file, found by name without regard to case, spaces, underscores and hyphens."""

    name: str
    columns: dict[str, ColumnRule]


@dataclass(frozen=True, slots=True)
class Destination:
    """One entry of `config/destinations.yaml`, defaults filled in.

    ``secret``: name of the Secrets Manager secret, None = the channel's own (given to the function by the template).
    ``mirror_guard_percent``: a mirror run that would take the audience mark from more than this share of the list's
    subscribers stops before it changes anything. ``max_text_length``: characters, for profile fields that are made.
    ``resubscribe``: subscribe again people who unsubscribed; never a default.
    ``event_ids`` are raised for, and ``send_double_opt_in`` sends the opt-in mail to, each contact; with any of these
    three the contacts go one by one, since an import cannot do it. ``file``: what its files look like.

    For SMS: ``sender_code`` by code or name, None = the account's only one. ``region``: ISO 3166 code of the country of
    phone numbers written without one, None = US, which must then be the sender code's country too. A missing opt status
    is never taken for consent unless ``missing_opt_status`` says so.
    ``expected_by``: the time of day in UTC by which a file comes every day, None = nobody waits for one.
    ``feed``: set for SFTP, and only there; of the others only ``name``, ``secret`` and ``expected_by`` then matter.
    """

    name: str
    channel: Channel
    secret: str | None = None
    list_name: str = MASTER_LIST
    profile_field_group: str = MESSAGE_ATTRIBUTES
    mode: Mode = Mode.ADD
    missing_opt_status: MissingOptStatus = MissingOptStatus.SUBSCRIBE
    resubscribe: bool = False
    event_ids: tuple[int, ...] = ()
    send_double_opt_in: bool = False
    trigger_journey: bool = False
    mirror_guard_percent: float = 10.0
    max_text_length: int = 255
    data_template: DataTemplate | None = None
    sender_code: str | None = None
    region: str | None = None
    phone_format: PhoneFormat = PhoneFormat.DIGITS
    missing_profile_fields: MissingProfileFields = MissingProfileFields.ERROR
    file: FileRules = field(default_factory=FileRules)
    feed: FeedSettings | None = None
    expected_by: time | None = None

    @property
    def one_by_one(self) -> bool:
        """Whether contacts must go by single calls because an import lacks an option."""
        return self.resubscribe or bool(self.event_ids) or self.send_double_opt_in


def default_destination(name: str, channel: Channel, feed: Feed | None = None) -> Destination:
    """A destination of this channel about which the configuration says nothing more; SFTP needs ``feed``."""
    if channel is Channel.SMS:
        return Destination(name, channel, missing_opt_status=MissingOptStatus.REJECT)
    return Destination(name, channel, feed=default_settings(feed) if feed else None)


BUILT_IN: dict[str, Destination] = {
    **{channel.value: default_destination(channel.value, channel) for channel in (Channel.EMAIL, Channel.SMS)},
    **{
        feed.value: default_destination(feed.value, Channel.SFTP, feed)
        for feed in Feed
        if feed is not Feed.CONTACT_LIST
    },
}
"""Usable with no configuration at all."""
