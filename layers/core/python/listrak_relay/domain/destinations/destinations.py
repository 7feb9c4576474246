"""Destinations: where an audience goes and by which rules. The names are those of customer data platforms."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from typing import Literal

from listrak_relay.domain.destinations.feed_settings import Feed, FeedSettings, default_settings
from listrak_relay.domain.destinations.file_rules import FileRules
from listrak_relay.domain.values.dates import UTC

MASTER_LIST = "Master List"
MESSAGE_ATTRIBUTES = "Amperity Message Attributes"

MAX_TEXT_LENGTH = 255
"""Characters of a profile field for text, where nothing else is said."""


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


class UnsureOptStatus(StrEnum):
    """What to do with a file in which a column may tell consent that is not read as such. SUBSCRIBE: take it for a
    profile field.
    """

    REJECT = "reject"
    SUBSCRIBE = "subscribe"


class UnknownOptOuts(StrEnum):
    """What becomes of a no of somebody whom the list does not know. REMEMBER: only we remember it, so that no later
    file subscribes them without a yes of their own. RECORD: Listrak is asked to keep them as unsubscribed, too.
    """

    REMEMBER = "remember"
    RECORD = "record"


class PhoneFormat(StrEnum):
    """How a phone number goes to Listrak: ``17175550100``, ``+17175550100`` or ``7175550100``."""

    DIGITS = "digits"
    PLUS = "plus"
    NATIONAL = "national"


class MissingProfileFields(StrEnum):
    """What to do when Listrak has no profile field for a column and none can be made: stop the run, or leave the column
    out and say so in the report.
    """

    ERROR = "error"
    WARN = "warn"


class OptOutsWithoutNumber(StrEnum):
    """What to do when Listrak lists opt-outs of a sender code without saying whose: subscribe nobody, or those of whom
    no opt-out is known.
    """

    STOP = "stop"
    IGNORE = "ignore"


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
    ``clear_word``: a value of this text takes the value at Listrak away. ``by_name``: it says neither role nor field,
    so a column that tells consent by its name tells it.
    ``values``: for a feed, texts of the file in lower case, each with what is sent instead; empty for no value.
    """

    role: ColumnRole
    field: str | None = None
    type: str | None = None
    date_format: str | None = None
    max_length: int | None = None
    clear_word: str | None = None
    values: tuple[tuple[str, str], ...] = ()
    by_name: bool = dataclasses.field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class DataTemplate:
    """Maps columns of a dropped file, found by name without regard to case, spaces, underscores and hyphens."""

    name: str
    columns: dict[str, ColumnRule]

    @property
    def clears(self) -> bool:
        """Whether a value of its columns can take one at Listrak away."""
        return any(rule.clear_word is not None for rule in self.columns.values())

    @property
    def translates(self) -> bool:
        """Whether values of its columns are sent in other words."""
        return any(rule.values for rule in self.columns.values())


@dataclass(frozen=True, slots=True, kw_only=True, init=False, repr=False, eq=False)
class DestinationHead:
    """What every destination has, whatever its channel. There is none that is nothing else.

    ``name``: that of its entry, and the first segment of a drop key.
    ``secret``: name of the Secrets Manager secret, None = the channel's own (given to the function by the template).
    ``file``: what the files dropped for it look like.
    ``expected_by``: the time of day in UTC by which a file comes every day, None = nobody waits for one.
    """

    name: str = field(kw_only=False)
    secret: str | None = None
    file: FileRules = field(default_factory=FileRules)
    expected_by: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True, init=False, repr=False, eq=False)
class AudienceHead(DestinationHead):
    """What the destinations of audiences have besides. There is none that is nothing else.

    ``list_name``: of the Listrak list.
    ``mode``: whether earlier members of the audience stay.
    ``missing_opt_status``: what to do with a file without an opt status column.
    ``unsure_opt_status``: what to do with one in which a column may tell consent that is not read as such.
    ``max_rejected_percent``: a file of which more rows are rejected when it is read stops before anything is sent.
    ``attention_percent``: above this share of rows rejected, refused or left alone the run draws attention.
    ``resubscribe``: subscribe again people who unsubscribed; never a default.
    ``mirror_guard_percent``: a mirror run that would take more than this share of the list's subscribers out of the
    audience stops before it changes anything.
    ``audience_guard_percent``: and so does one that would take out more than this share of the audience itself.
    ``data_template``: what the columns mean, None = found out from their names and values.
    ``time_zone``: IANA name of the zone whose day a Date field gets of a moment with a zone.
    """

    list_name: str = MASTER_LIST
    mode: Mode = Mode.ADD
    missing_opt_status: MissingOptStatus = MissingOptStatus.SUBSCRIBE
    unsure_opt_status: UnsureOptStatus = UnsureOptStatus.REJECT
    max_rejected_percent: float = 50.0
    attention_percent: float = 5.0
    resubscribe: bool = False
    mirror_guard_percent: float = 10.0
    audience_guard_percent: float = 50.0
    data_template: DataTemplate | None = None
    time_zone: str = UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailDestination(AudienceHead):
    """``profile_field_group``: the group in which the audience's field and those of its columns are made.
    ``event_ids``: of events that are raised for each contact.
    ``send_double_opt_in``: send each contact the opt-in mail.
    ``trigger_journey``: let imports start journeys.
    ``max_text_length``: characters, of profile fields that are made.
    ``unknown_opt_outs``: what becomes of a no of somebody whom the list does not know.
    """

    channel: Literal[Channel.EMAIL] = field(default=Channel.EMAIL, init=False)
    profile_field_group: str = MESSAGE_ATTRIBUTES
    event_ids: tuple[int, ...] = ()
    send_double_opt_in: bool = False
    trigger_journey: bool = False
    max_text_length: int = MAX_TEXT_LENGTH
    unknown_opt_outs: UnknownOptOuts = UnknownOptOuts.REMEMBER

    @property
    def one_by_one(self) -> bool:
        """Whether contacts must go by single calls because an import lacks an option."""
        return self.resubscribe or bool(self.event_ids) or self.send_double_opt_in

    @property
    def opt_outs_one_by_one(self) -> bool:
        """The same for those who opt out: an import does not unsubscribe whom the list does not know."""
        return self.one_by_one or self.unknown_opt_outs is UnknownOptOuts.RECORD


@dataclass(frozen=True, slots=True, kw_only=True)
class SmsDestination(AudienceHead):
    """A missing opt status is never taken for consent unless ``missing_opt_status`` says so.

    ``sender_code``: by code or name, None = the account's only one.
    ``region``: ISO 3166 code of the country of phone numbers written without one, None = US, which must then be the
    sender code's country too.
    ``phone_format``: how numbers go to Listrak.
    ``missing_profile_fields``: what to do about a column that Listrak has no field for.
    ``opt_outs_without_number``: what to do about those whom nobody can tell.
    """

    channel: Literal[Channel.SMS] = field(default=Channel.SMS, init=False)
    missing_opt_status: MissingOptStatus = MissingOptStatus.REJECT
    sender_code: str | None = None
    region: str | None = None
    phone_format: PhoneFormat = PhoneFormat.DIGITS
    missing_profile_fields: MissingProfileFields = MissingProfileFields.ERROR
    opt_outs_without_number: OptOutsWithoutNumber = OptOutsWithoutNumber.STOP

    @property
    def passes_over_nameless(self) -> bool:
        return self.resubscribe or self.opt_outs_without_number is OptOutsWithoutNumber.IGNORE


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDestination(DestinationHead):
    """``feed``: how its files are checked, named and sent. ``data_template``: which of their columns are which of
    Listrak's, None = found out from their names.
    """

    channel: Literal[Channel.SFTP] = field(default=Channel.SFTP, init=False)
    feed: FeedSettings
    data_template: DataTemplate | None = None


AudienceDestination = EmailDestination | SmsDestination
Destination = EmailDestination | SmsDestination | FeedDestination
"""One entry of `config/destinations.yaml`, defaults filled in."""


def default_destination(name: str, channel: Literal[Channel.EMAIL, Channel.SMS]) -> AudienceDestination:
    """A destination of this channel about which the configuration says nothing more."""
    return SmsDestination(name) if channel is Channel.SMS else EmailDestination(name)


BUILT_IN: dict[str, Destination] = {
    "email": EmailDestination("email"),
    "sms": SmsDestination("sms"),
    **{
        feed.value: FeedDestination(feed.value, feed=default_settings(feed))
        for feed in Feed
        if feed is not Feed.CONTACT_LIST
    },
}
"""Usable with no configuration at all."""
