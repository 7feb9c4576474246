"""Destinations: where an audience goes and by which rules. The names are those of customer data platforms."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time
from typing import Literal

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
from listrak_relay.domain.destinations.data_template import DataTemplate
from listrak_relay.domain.destinations.feed_settings import Feed, FeedSettings, default_settings
from listrak_relay.domain.destinations.file_rules import FileRules
from listrak_relay.domain.values.dates import UTC

MASTER_LIST = "Master List"
MESSAGE_ATTRIBUTES = "Amperity Message Attributes"

MAX_TEXT_LENGTH = 255
"""Characters of a profile field for text, where nothing else is said."""


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
