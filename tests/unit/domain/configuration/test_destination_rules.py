"""What `config/destinations.yaml` may say, and that every fault in it is named with its line and key."""

import json
import re
from dataclasses import fields
from datetime import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.adapters.libraries.destinations_yaml import MAX_BYTES, parse_configuration, parse_destinations
from listrak_relay.domain.configuration.destination_keys import KEYS
from listrak_relay.domain.configuration.destination_rules import Destinations, find_destination
from listrak_relay.domain.configuration.located import MAX_FAULTS
from listrak_relay.domain.destinations.choices import (
    Channel,
    MissingOptStatus,
    MissingProfileFields,
    Mode,
    PhoneFormat,
    UnknownOptOuts,
)
from listrak_relay.domain.destinations.data_template import ColumnRole, ColumnRule, DataTemplate
from listrak_relay.domain.destinations.destinations import (
    BUILT_IN,
    Destination,
    DestinationHead,
    EmailDestination,
    FeedDestination,
    SmsDestination,
)
from listrak_relay.domain.destinations.feed_settings import ColumnNames, Feed, FeedSettings, OnFault
from listrak_relay.domain.destinations.file_rules import FileFormat, FileRules
from listrak_relay.errors import ConfigurationError
from tests.support.paths import EXAMPLE_DESTINATIONS, ROOT

SOURCE = "config/destinations.yaml"
TEXTS = {
    "Cell": ColumnRule(ColumnRole.PHONE),
    "Text Permission": ColumnRule(ColumnRole.OPT_IN),
    "Born": ColumnRule(ColumnRole.BIRTHDAY, type="date", date_format="%d.%m.%Y"),
}


HEAD = re.compile(rf"{re.escape(SOURCE)} is (not used|used in part), it has ")


def parse(text: str) -> dict[str, Any]:
    """Of any channel: what is asked of them says which is meant."""
    return parse_destinations(text.encode(), SOURCE)


def faults(text: str | bytes) -> list[str]:
    """The lines of the message, the headline taken off."""
    body = text.encode() if isinstance(text, str) else text
    with pytest.raises(ConfigurationError) as caught:
        parse_destinations(body, SOURCE)
    assert caught.value.code == "destinations_invalid"
    head, *lines = str(caught.value).split("\n")
    assert HEAD.match(head)
    return [line.removeprefix("- ") for line in lines]


def test_the_headline_says_whether_what_has_no_fault_is_used() -> None:
    with pytest.raises(ConfigurationError, match=r"^[^ ]+ is used in part, it has 1 fault:"):
        parse_destinations(one_destination("mode: mirorr").encode(), SOURCE)
    with pytest.raises(ConfigurationError, match=r"^[^ ]+ is not used, it has 1 fault:"):
        parse_destinations(b"version: 2", SOURCE)


def test_while_the_channel_is_not_told_only_what_is_wrong_for_every_channel_is_a_fault() -> None:
    text = "version: 1\ndestinations:\n  vip:\n    secret: nonesuch\n    mode: mirorr\n"

    assert [line.split(";")[0] for line in faults(text)] == [
        "line 3: destinations.vip: has no channel",
        "line 5: destinations.vip.mode: the value 'mirorr' is not known",
    ]


def test_another_file_in_its_place_is_not_quoted() -> None:
    shown = "\n".join(faults(b"email,city\nana@example.com,Lititz\n"))

    assert "not a text" in shown
    assert "ana" not in shown


def test_a_tab_is_called_one() -> None:
    assert faults("version: 1\ndestinations:\n\tvip:\n") == [
        "line 3: not YAML: there is a tab at its beginning; write spaces in its place"
    ]


def one_destination(settings: str) -> str:
    return f"version: 1\ndestinations:\n  vip:\n    channel: email\n    {settings}\n"


def one_template(columns: str) -> str:
    return "version: 1\ndata_templates:\n  retail:\n    columns:\n" + "".join(
        f"      {line}\n" for line in columns.split("\n")
    )


# --- what is taken ----------------------------------------------------------------------------------------------------


def test_the_example_can_be_used_as_it_is() -> None:
    destinations = parse_destinations(EXAMPLE_DESTINATIONS.read_bytes(), SOURCE)

    assert destinations["email"] == BUILT_IN["email"]
    vip = destinations["vip"]
    assert isinstance(vip, EmailDestination)
    assert (vip.list_name, vip.secret, vip.event_ids, vip.mode) == ("VIP", "listrak-relay/email-vip", (12,), Mode.ADD)
    assert vip.data_template is not None
    assert vip.data_template.columns["Birth Day"] == ColumnRule(ColumnRole.FIELD, "Birthday", "date", "%d.%m.%Y")
    assert vip.data_template.columns["E-Mail"] == ColumnRule(ColumnRole.EMAIL)
    assert destinations["sms"] == BUILT_IN["sms"]
    texts = destinations["texts"]
    assert isinstance(texts, SmsDestination)
    assert (texts.sender_code, texts.region, texts.data_template) == ("34567", "US", DataTemplate("texts", TEXTS))


@pytest.mark.parametrize("page", [EXAMPLE_DESTINATIONS, ROOT / "docs/destinations.md"], ids=lambda path: path.name)
def test_every_key_is_explained(page: Path) -> None:
    text = page.read_text()

    missing = [key.name for table in KEYS.values() for key in table if key.name not in text]

    assert not missing


def test_every_setting_of_a_destination_has_a_key() -> None:
    def settings(kind: type[DestinationHead]) -> set[str]:
        return {field.name for field in fields(kind)} - {"name"}

    of_feeds = {f"feed.{field.name}" for field in fields(FeedSettings)} - {"feed.feed"}

    keyed = {channel: {key.attribute for key in table} for channel, table in KEYS.items()}
    assert keyed == {
        Channel.EMAIL: settings(EmailDestination),
        Channel.SMS: settings(SmsDestination),
        Channel.SFTP: settings(FeedDestination) | of_feeds,
    }


def test_every_setting_is_read_into_its_own_place() -> None:
    vip = parse(
        one_destination(
            """secret: stack/email-vip
    expected_by: 06:30
    list: VIP
    profile_field_group: Marks
    mode: mirror
    missing_opt_status: update
    resubscribe: yes
    event_ids: [12, 31]
    send_double_opt_in: on
    trigger_journey: no
    mirror_guard_percent: 2.5
    max_text_length: 1000
    unknown_opt_outs: record"""
        )
    )["vip"]

    assert vip == EmailDestination(
        "vip",
        secret="stack/email-vip",
        expected_by=time(6, 30),
        list_name="VIP",
        profile_field_group="Marks",
        mode=Mode.MIRROR,
        missing_opt_status=MissingOptStatus.UPDATE,
        resubscribe=True,
        event_ids=(12, 31),
        send_double_opt_in=True,
        trigger_journey=False,
        mirror_guard_percent=2.5,
        max_text_length=1000,
        unknown_opt_outs=UnknownOptOuts.RECORD,
    )


def test_every_setting_for_sms_is_read_into_its_own_place() -> None:
    texts = parse(
        """version: 1
destinations:
  texts:
    channel: sms
    secret: stack/sms-texts
    sender_code: "34567"
    list: VIP
    region: CA
    phone_format: plus
    mode: mirror
    missing_opt_status: subscribe
    resubscribe: yes
    mirror_guard_percent: 2.5
    missing_profile_fields: warn
"""
    )["texts"]

    assert texts == SmsDestination(
        "texts",
        secret="stack/sms-texts",
        sender_code="34567",
        list_name="VIP",
        region="CA",
        phone_format=PhoneFormat.PLUS,
        mode=Mode.MIRROR,
        missing_opt_status=MissingOptStatus.SUBSCRIBE,
        resubscribe=True,
        mirror_guard_percent=2.5,
        missing_profile_fields=MissingProfileFields.WARN,
    )


def test_a_missing_opt_status_is_no_consent_for_sms_unless_the_destination_says_so() -> None:
    destinations = parse("version: 1\ndestinations:\n  texts: {channel: sms}\n  sms: {list: VIP}\n")

    assert destinations["texts"].missing_opt_status is MissingOptStatus.REJECT
    assert destinations["sms"].missing_opt_status is MissingOptStatus.REJECT


@pytest.mark.parametrize(
    ("region", "fault"),
    [
        ("UK", "is no country whose phone numbers are known; the United Kingdom is GB"),
        ("ZZ", "is no country whose phone numbers are known"),
        ("us", "must be a country by its ISO 3166 code, two capital letters such as US"),
        ("no", "must be a country by its ISO 3166 code, two capital letters such as US"),
    ],
)
def test_a_region_must_be_a_known_country(region: str, fault: str) -> None:
    (found,) = faults(f"version: 1\ndestinations:\n  sms: {{region: {region}}}\n")

    assert found == f"line 3: destinations.sms.region: {fault}"


def test_norway_is_no_yes_no_word() -> None:
    assert parse("version: 1\ndestinations:\n  sms: {region: NO}\n")["sms"].region == "NO"


def test_a_birthday_may_say_how_it_is_written() -> None:
    destinations = parse(
        one_template("Born: {role: birthday, date_format: '%d.%m.%Y'}")
        + "destinations:\n  sms: {data_template: retail}\n"
    )

    template = destinations["sms"].data_template
    assert template is not None
    assert template.columns["Born"] == ColumnRule(ColumnRole.BIRTHDAY, type="date", date_format="%d.%m.%Y")


def test_a_destination_with_a_channel_alone_has_the_defaults() -> None:
    assert parse("version: 1\ndestinations:\n  vip: {channel: email}\n")["vip"] == EmailDestination("vip")


def test_an_entry_of_a_built_in_name_changes_only_what_it_names() -> None:
    destinations = parse("version: 1\ndestinations:\n  email: {list: Newsletter}\n")

    assert destinations == BUILT_IN | {"email": EmailDestination("email", list_name="Newsletter")}


@pytest.mark.parametrize("text", ["version: 1", "version: 1\ndestinations:\ndata_templates:\n", "\ufeffversion: 1\r\n"])
def test_a_file_that_adds_nothing_leaves_the_built_in_destinations(text: str) -> None:
    assert parse(text) == BUILT_IN


def test_a_column_may_have_any_name_that_yaml_would_read_as_something_else() -> None:
    text = one_template("No: opt_out\n2024: ignore\n2024-01-31: {type: numeric}\nnull: email") + (
        "destinations:\n  vip: {channel: email, data_template: retail}\n"
    )

    template = parse(text)["vip"].data_template

    assert template is not None
    assert list(template.columns) == ["No", "2024", "2024-01-31", "null"]


# --- what is not ------------------------------------------------------------------------------------------------------


def test_all_faults_are_named_at_once_in_the_order_of_the_file() -> None:
    found = faults(
        """version: 1
destinations:
  vip:
    channel: email
    mode: mirorr
    lists: VIP
    data_template: retial
data_templates:
  retail:
    columns:
      Mail: email
      E-Mail: email
"""
    )

    assert found == [
        "line 5: destinations.vip.mode: the value 'mirorr' is not known; did you mean mirror? Known: add, mirror",
        "line 6: destinations.vip.lists: the key 'lists' is not known; did you mean list? Known: "
        + ", ".join(sorted(key.name for key in KEYS[Channel.EMAIL])),
        (
            "line 7: destinations.vip.data_template: the data template 'retial' is not known; did you mean retail? "
            "Known: retail"
        ),
        "line 12: data_templates.retail.columns.E-Mail: gives the email address, which 'Mail' on line 11 gives already",
    ]


@pytest.mark.parametrize(
    ("setting", "fault"),
    [
        ("list: 345", "list: must be the name of a Listrak list (not its id), not the number '345'; if that is"),
        ("list:", "list: is empty; give the name of a Listrak list (not its id) or take the key out"),
        ("list: ' '", "list: must be the name of a Listrak list (not its id), not blank"),
        ('list: "a\\nb"', "list: must be the name of a Listrak list (not its id) without line breaks"),
        ("list: [VIP]", "list: must be the name of a Listrak list (not its id), not a list"),
        (f"list: {'x' * 256}", "list: is 256 characters long; at most 255 are allowed"),
        ("list: yes", "list: must be the name of a Listrak list (not its id), not the yes/no value 'yes'"),
        ("mode: {a: b}", "mode: must be one of add, mirror, not a table"),
        ("missing_opt_status: subscribed", "missing_opt_status: the value 'subscribed' is not known"),
        ("resubscribe: maybe", "resubscribe: must be true or false, not the text 'maybe'"),
        ("resubscribe: 1", "resubscribe: must be true or false, not the number '1'"),
        ("event_ids: 12", "event_ids: must be a list of numbers such as [12, 31], not the number '12'"),
        ("event_ids: [0]", "event_ids: must be a whole number from 1 to 2,147,483,647, not the number '0'"),
        ("event_ids: [12, x]", "event_ids: must be a whole number from 1 to 2,147,483,647, not the text 'x'"),
        ("event_ids: [12, 12]", "event_ids: names 12 twice"),
        ("mirror_guard_percent: 101", "mirror_guard_percent: must be a number from 0 to 100, not the number '101'"),
        ("mirror_guard_percent: .nan", "mirror_guard_percent: must be a number from 0 to 100"),
        ("mirror_guard_percent: 10%", "mirror_guard_percent: must be a number from 0 to 100, not the text '10%'"),
        ("max_text_length: 0", "max_text_length: must be a whole number from 1 to 4,000, not the number '0'"),
        ("max_text_length: 1.5", "max_text_length: must be a whole number from 1 to 4,000"),
        ("max_text_length: 0b_", "looks like a number but is none that can be read; text goes in quotes"),
        ("channel: email", "channel: stands here a second time, first on line 4"),
    ],
)
def test_a_wrong_setting_is_named_with_what_would_be_right(setting: str, fault: str) -> None:
    (found,) = faults(one_destination(setting))

    path = "" if fault.startswith("looks") else "destinations.vip."
    assert found.startswith(f"line 5: {path}{fault}")


def test_a_secret_in_the_place_of_its_name_is_not_repeated() -> None:
    (found,) = faults(one_destination('secret: {client_id: abc, client_secret: "made up"}'))
    (other,) = faults(one_destination('secret: "made up, with spaces"'))

    assert (
        found
        == other
        == ("line 5: destinations.vip.secret: must be the name of a Secrets Manager secret (not the secret itself)")
    )


@pytest.mark.parametrize("channel", ["email", "sms", "sftp, feed: orders"])
@pytest.mark.parametrize("written", ["06:30", "'06:30'", '"23:59"', "00:00"])
def test_an_hour_is_the_hour_that_is_written_in_quotes_or_without(channel: str, written: str) -> None:
    found = parse(f"version: 1\ndestinations:\n  vip: {{channel: {channel}, expected_by: {written}}}\n")["vip"]

    assert found.expected_by == time.fromisoformat(written.strip("'\""))


@pytest.mark.parametrize("written", ["24:00", "6:30", "06:60", "6", "soon", "[06:30]", "06:30:00", "-06:30"])
def test_what_is_no_hour_is_named(written: str) -> None:
    (found,) = faults(one_destination(f"expected_by: {written}"))

    assert found.startswith("line 5: destinations.vip.expected_by: must be a time of day in UTC")


@pytest.mark.parametrize("settings", ["channel: email", "channel: sms", "channel: sftp, feed: orders"])
def test_a_secret_that_the_functions_of_the_channel_cannot_read_is_told_its_name_and_not_shown(settings: str) -> None:
    (found,) = faults(f"version: 1\ndestinations:\n  vip: {{{settings}, secret: relay/hunter2}}\n")

    channel = settings.split(",")[0].removeprefix("channel: ")
    assert found == (
        f"line 3: destinations.vip.secret: must be a name that begins with <stack>/{channel}-, since the functions of "
        f"channel {channel} may read no other secret; docs/upgrading.md tells how to give a secret such a name"
    )


@pytest.mark.parametrize("option", ["resubscribe: true", "event_ids: [1]", "send_double_opt_in: true"])
def test_journeys_and_single_calls_exclude_each_other(option: str) -> None:
    (found,) = faults(one_destination(f"trigger_journey: true\n    {option}"))

    assert found.startswith("line 5: destinations.vip.trigger_journey: works with imports only")


@pytest.mark.parametrize("name", ["VIP", "two words", "a/b", "x" * 41, "'ü'", "''"])
def test_a_destination_needs_a_name_that_can_begin_a_drop_key(name: str) -> None:
    found = faults(f"version: 1\ndestinations:\n  ? {name}\n  : {{channel: email}}\n")

    assert [fault.split(": ")[2].split(":")[0] for fault in found] == ["is no name for a destination"]


def test_a_new_destination_must_say_its_channel() -> None:
    assert faults("version: 1\ndestinations:\n  vip:\n") == [
        "line 3: destinations.vip: has no channel; known: email, sftp, sms"
    ]


def test_a_word_that_clears_values_works_for_email_only() -> None:
    template = "version: 1\ndata_templates:\n  retail:\n    columns:\n      city: {clear_word: CLEAR}\ndestinations:\n"

    assert parse_destinations(f"{template}  email:\n    data_template: retail\n".encode(), SOURCE)
    (found,) = faults(template + "  sms:\n    data_template: retail\n")

    assert "destinations.sms.data_template: retail has a clear_word, which works for email only" in found


def test_an_unknown_channel_is_the_only_fault_of_settings_that_fit_some_channel() -> None:
    assert faults("version: 1\ndestinations:\n  email: {channel: fax, list: VIP}\n") == [
        "line 3: destinations.email.channel: the value 'fax' is not known; known: email, sftp, sms"
    ]


@pytest.mark.parametrize(
    ("column", "fault"),
    [
        (
            "A: emial",
            "columns.A: the value 'emial' is not known; did you mean email? Known: birthday, email, field, first_name,",
        ),
        ("A:", "columns.A: must be one of email, phone, first_name, last_name, birthday, postal_code, opt_in, opt_out"),
        ("A: [email]", "columns.A: must be one of email, phone, first_name, last_name, birthday, postal_code, opt_in"),
        ("A: {role: opt_in, field: B}", "columns.A: has the role opt_in, with which no other key goes"),
        ("A: {role: birthday, type: text}", "columns.A: has the role birthday, with which only date_format goes"),
        ("A: {role: birthday, max_length: 9}", "columns.A: has the role birthday, with which only date_format goes"),
        ("A: {role: birthday, clear_word: x}", "columns.A: has the role birthday, with which only date_format goes"),
        ("A: {clear_word: ''}", "columns.A.clear_word: must be the text that takes a value away, not blank"),
        ("A: {role: zip}", "columns.A.role: the value 'zip' is not known; known: birthday, email, field"),
        (
            "A: {typ: text}",
            "columns.A.typ: the key 'typ' is not known; did you mean type? Known: clear_word, date_format, field,",
        ),
        ("A: {type: int}", "columns.A.type: the value 'int' is not known; known: date, numeric, text"),
        ("A: {field: 7}", "columns.A.field: must be the name of a field, not the number '7'"),
        (
            "A: {max_length: 5000}",
            "columns.A.max_length: must be a whole number from 1 to 4,000, not the number '5000'",
        ),
        ("A: {date_format: '%Y-%m-%d'}", "columns.A: has a date_format but not type: date"),
        ("A: {type: date, date_format: '%Y-%m-%Q'}", "columns.A.date_format: holds %Q, which is no directive; known:"),
        ("A: {type: date, date_format: '%Y-%m-%d%'}", "columns.A.date_format: holds %, which is no directive; known:"),
        (
            "A: {type: date, date_format: '%d.%m.%Y %z'}",
            "columns.A.date_format: holds %z, which is no directive",
        ),
        ("A: {type: date, date_format: '%d.%m.%Y %H %p'}", "columns.A.date_format: mixes two clocks: %I goes with %p"),
        ("A: {type: date, date_format: '%d.%d.%Y'}", "columns.A.date_format: holds a directive twice"),
        ("A: {type: date, date_format: '%d.%m.'}", "columns.A.date_format: must give a year (%Y or %y), a month"),
        ("A: {type: date, date_format: dd.mm.yyyy}", "columns.A.date_format: must give a year (%Y or %y), a month"),
        ("' ': ignore", "columns.' ': must be a name for a column, not blank"),
    ],
)
def test_a_wrong_column_rule_is_named_with_what_would_be_right(column: str, fault: str) -> None:
    (found,) = faults(one_template(column))

    assert found.startswith(f"line 5: data_templates.retail.{fault}")


@pytest.mark.parametrize(
    ("columns", "fault"),
    [
        ("E-Mail: email\ne_mail: ignore", "columns.e_mail: is the same column as 'E-Mail' on line 5: case, spaces"),
        ("A: phone\nB: phone", "columns.B: gives the phone number, which 'A' on line 5 gives already"),
        ("A: birthday\nB: {role: birthday}", "columns.B: gives the birthday, which 'A' on line 5 gives already"),
        ("A: {field: City}\nB: {field: city}", "columns.B: gives the field 'city', which 'A' on line 5"),
        (
            "Home City: field\nB: {field: home_city}",
            "columns.B: gives the field 'home_city', which",
        ),
        ("City: field\nB: {field: city}", "columns.B: gives the field 'city', which 'City' on line 5"),
    ],
)
def test_two_columns_cannot_give_the_same(columns: str, fault: str) -> None:
    (found,) = faults(one_template(columns))

    assert found.startswith(f"line 6: data_templates.retail.{fault}")


@pytest.mark.parametrize("template", ["", "{}", "{columns: }", "{columns: {}}"])
def test_a_data_template_without_columns_is_a_fault(template: str) -> None:
    (found,) = faults(f"version: 1\ndata_templates:\n  retail: {template}\n")

    assert found.startswith("line 3: data_templates.retail")


# --- the file as a whole ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (b"", "line 1: the key version is missing; begin the file with version: 1"),
        (b"# nothing\n", "line 1: the key version is missing; begin the file with version: 1"),
        (b"version: 2", "line 1: version: must be 1, the only version that this release reads"),
        (b"version: true", "line 1: version: must be 1, the only version that this release reads"),
        (b"version: 1\nversion: 1", "line 2: version: stands here a second time, first on line 1"),
        (
            b"version: 1\ndestination: {}",
            "line 2: destination: the key 'destination' is not known; did you mean destinations?",
        ),
        (b"version: 1\ndestinations: [vip]", "line 2: destinations: must be a table of destinations by name, not a"),
        (b"- version: 1", "line 1: must be a table of version, destinations, data_templates, not a list"),
        (b"version: 1\nlist: 'VIP", "line 2: not YAML: while scanning a quoted scalar, found unexpected end of stream"),
        (
            b"version: 1\ndestinations:\n  vip\n    list: a\n",
            "line 4: not YAML: mapping values are not allowed here; end the",
        ),
        (
            b"version: 1\nlist: VIP: gold\n",
            "line 2: not YAML: mapping values are not allowed here; end",
        ),
        (b"version: 1\n---\nversion: 1", "line 2: not YAML: expected a single document in the stream"),
        (b"version: 1\nlist: \xc4hnlich", "line 2: the file is not UTF-8 from here on; save it as UTF-8"),
        (b"\xff\xfev\x00e\x00", "line 1: the file is not UTF-8 from here on; save it as UTF-8"),
        (b"version: 1\nlist: \x00", "line 2: not YAML: the character U+0000 is not allowed"),
        (b'version: 1\nlist: "\\UFFFFFFFF"', "line 2: not YAML: a number in an escape or a directive is out of range"),
        (b"version: 1\nlist: !!python/name:os.system", "line 2: not YAML: tags are not allowed here"),
        (b"version: &a 1\nlist: *a", "line 2: not YAML: the alias *a is not allowed here; write the value out"),
        (b"version: 1\nlist: " + b"[" * 100_000, "line 2: not YAML: nested more than 10 deep"),
        (b"version: 1\n? [a]\n: 1", "line 2: a key must be text, not a list or table"),
        (b"#" * (MAX_BYTES + 1), "line 1: the file is larger than 1,000,000 bytes"),
    ],
    ids=lambda value: repr(value[:24]),
)
def test_a_file_that_cannot_be_read_says_where_and_why(body: bytes, fault: str) -> None:
    (found,) = faults(body)

    assert found.startswith(fault)


def test_a_file_of_nothing_but_faults_is_reported_in_bounds() -> None:
    found = faults("version: 1\n" + "".join(f"key-{number}: 1\n" for number in range(5_000)))

    assert len(found) == MAX_FAULTS + 1
    assert found[-1] == f"and {5_000 - MAX_FAULTS:,} more"


def test_an_unknown_destination_names_the_known_ones_and_the_form_of_a_drop_key() -> None:
    with pytest.raises(ConfigurationError) as caught:
        find_destination(parse(EXAMPLE_DESTINATIONS.read_text()), "vpi")

    assert caught.value.code == "destination_unknown"
    known = "customers, email, order_items, orders, products, sms, texts, vip, weekly_list"
    assert f"no destination 'vpi'; did you mean vip? Known: {known}" in str(caught.value)
    assert "<destination>/<audience>/<file>" in str(caught.value)


# --- feeds ------------------------------------------------------------------------------------------------------------


def feed_of(text: str, name: str = "orders") -> FeedSettings:
    destination = parse(f"version: 1\ndestinations:\n{text}\n")[name]
    assert isinstance(destination, FeedDestination)
    return destination.feed


def test_every_setting_of_a_feed_is_read_into_its_own_place() -> None:
    settings = feed_of(
        "  orders: {file_name: 'O_{stamp}.txt', stamp: '%Y%m%d', on_fault: strict, column_names: as_dropped, "
        "replace_existing: true, temporary_name: 'tmp_{id}_{name}', wait_minutes: 5}"
    )

    assert settings == FeedSettings(
        Feed.ORDERS,
        "O_{stamp}.txt",
        stamp="%Y%m%d",
        on_fault=OnFault.STRICT,
        column_names=ColumnNames.AS_DROPPED,
        replace_existing=True,
        temporary_name="tmp_{id}_{name}",
        wait_minutes=5,
    )


def test_another_destination_of_a_feed_has_the_usual_name_and_its_own_secret() -> None:
    text = "version: 1\ndestinations:\n  shop: {channel: sftp, feed: products, secret: stack/sftp-shop}\n"
    destination = parse(text)["shop"]

    assert destination.secret == "stack/sftp-shop"
    assert destination.feed.file_name == "Listrak_Product_Feed_{stamp}.csv"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("shop: {channel: sftp}", "shop: has no feed; known: customers, products, orders, order_items, contact_list"),
        ("shop: {channel: sftp, feed: contact_list}", "shop: has no file_name; a contact list goes by the name"),
        ("orders: {feed: products}", "orders.feed: must stay orders, since orders is built in"),
        ("orders: {channel: email}", "orders.channel: must stay sftp"),
        ("orders: {list: VIP}", "orders.list: is a key of channel email and sms, not of sftp; take it out here"),
        ("orders: {file_name: a/b.csv}", "orders.file_name: 'a/b.csv' cannot name a file on the SFTP server"),
        ("orders: {temporary_name: part}", "orders.temporary_name: the pattern of temporary names 'part' must hold"),
        ("orders: {file_name: O.csv, stamp: '%Y'}", "orders.stamp: has no effect, since file_name has no {stamp}"),
        ("orders: {wait_minutes: 721}", "orders.wait_minutes: must be a whole number from 0 to 720"),
        ("orders: {on_fault: ignore}", "orders.on_fault: the value 'ignore' is not known; known: drop, strict, warn"),
    ],
)
def test_a_faulty_feed_destination_is_named(text: str, fault: str) -> None:
    (found,) = faults(f"version: 1\ndestinations:\n  {text}\n")

    assert found.startswith(f"line 3: destinations.{fault}")


# --- properties -------------------------------------------------------------------------------------------------------


def outcome(body: bytes) -> dict[str, Destination] | ConfigurationError:
    try:
        return parse_destinations(body, SOURCE)
    except ConfigurationError as error:
        return error


WORDS = st.sampled_from(
    [
        *(
            "version",
            "destinations",
            "data_templates",
            "columns",
            "email",
            "vip",
            "channel",
            "mode",
            "event_ids",
            "type",
        ),
        *(
            "1",
            "yes",
            "[",
            "]",
            "{",
            "}",
            ":",
            ": ",
            "- ",
            "\n",
            "\n  ",
            "\n    ",
            "&a",
            "*a",
            "!!int",
            "'",
            '"',
            "\\U1",
        ),
        *("%", "?", "|", ">", "#", "0x_", "2026-13-45", "<<", "=", "~", "---", "\t", ",", "é", "\x85", "\u2028"),
    ]
)


@given(st.one_of(st.binary(max_size=200), st.lists(WORDS, max_size=60).map(lambda words: "".join(words).encode())))
def test_any_bytes_give_destinations_or_one_error_that_can_be_shown(body: bytes) -> None:
    result = outcome(body)

    if isinstance(result, ConfigurationError):
        assert result.code == "destinations_invalid"
        assert HEAD.match(str(result))
        assert str(result).encode()
    else:
        assert result.keys() >= BUILT_IN.keys()


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20), st.dates().map(str)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=5,
)


PLACES = {Channel.EMAIL: "email", Channel.SMS: "sms", Channel.SFTP: "orders"}


@given(st.sampled_from([(PLACES[channel], key.name) for channel, table in KEYS.items() for key in table]), VALUES)
def test_any_value_of_any_key_is_taken_or_named_with_its_line(place: tuple[str, str], value: object) -> None:
    destination, key = place

    result = outcome(f"version: 1\ndestinations:\n  {destination}:\n    {key}: {json.dumps(value)}\n".encode())

    if isinstance(result, ConfigurationError):
        assert "\n- line 4: " in str(result)
    else:
        assert set(result) == set(BUILT_IN)


# --- what files look like --------------------------------------------------------------------------------------------


def file_table(text: str) -> str:
    return f"version: 1\ndestinations:\n  email:\n    file: {text}\n"


def test_everything_about_files_can_be_said() -> None:
    found = parse(
        file_table(
            "{format: delimited, delimiter: pipe, quote: none, escape: '\\', header: no, columns: [email, First Name], "
            "skip_lines: 2, encoding: windows-1252, null_word: 'NULL', sheet: May, max_damaged_percent: 1.5, "
            "success_marker: '*.DONE', pgp_secret: relay/pgp-key}"
        )
    )

    assert found["email"].file == FileRules(
        format=FileFormat.DELIMITED,
        delimiter="|",
        quote="",
        escape="\\",
        header=False,
        columns=("email", "First Name"),
        skip_lines=2,
        encoding="cp1252",
        null_word=("NULL",),
        sheet="May",
        max_damaged_percent=1.5,
        success_marker="*.DONE",
        pgp_secret="relay/pgp-key",
    )


def test_none_as_the_escape_says_that_nothing_is_escaped() -> None:
    assert parse(file_table("{escape: none}"))["email"].file.escape == ""


def test_words_for_no_value_may_be_a_list() -> None:
    assert parse(file_table("{null_word: ['NULL', n/a, 'NULL']}"))["email"].file.null_word == ("NULL", "n/a")


@pytest.mark.parametrize("words", ["[]", "['']", "[1]", "[[a]]", "[" + "a, " * 21 + "]"])
def test_a_list_of_such_words_that_is_none_is_named(words: str) -> None:
    with pytest.raises(ConfigurationError, match="null_word"):
        parse(file_table(f"{{null_word: {words}}}"))


@pytest.mark.parametrize("delimiter", ['","', '"\\t"', "tab", "'^'", '"\\x01"', "semicolon"])
def test_a_delimiter_is_one_character_or_its_name(delimiter: str) -> None:
    assert len(parse(file_table(f"{{delimiter: {delimiter}}}"))["email"].file.delimiter or "") == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{delimitr: ','}", "did you mean delimiter"),
        ("{delimiter: ab}", "one character"),
        ("{delimiter: a}", "one character"),
        ("{delimiter: none}", "one character"),
        ("{delimiter: '|', quote: '|'}", "two meanings"),
        ("{delimiter: '|', escape: '|'}", "two meanings"),
        ("{header: false}", "columns"),
        ("{columns: []}", "list of column names"),
        ("{columns: [a, A]}", "twice"),
        ("{encoding: klingon}", "no encoding of text that Python knows"),
        ("{encoding: rot13}", "no encoding of text that Python knows"),
        ("{encoding: punycode}", "no encoding of text that Python knows"),
        ("{format: csv}", "delimited"),
        ("{skip_lines: -1}", "0 to 10,000"),
        ("{max_damaged_percent: 101}", "0 to 100"),
        ("{success_marker: '*'}", "every name"),
        ("{success_marker: a/b}", "without folders"),
        ("{pgp_secret: '-----BEGIN PGP'}", "not the key itself"),
        ("true", "table"),
    ],
)
def test_a_fault_in_what_is_said_of_files_is_named(text: str, words: str) -> None:
    (line,) = faults(file_table(text))

    assert "destinations.email.file" in line
    assert words in line


def configured(text: str) -> Destinations:
    return parse_configuration(text.encode(), SOURCE)


def faults_of(found: Destinations, name: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        found.find(name)
    assert caught.value.code == "destinations_invalid"
    return str(caught.value)


def test_a_faulty_destination_stops_only_itself() -> None:
    found = configured("version: 1\ndestinations:\n  a: {channel: email, lst: x}\n  b: {channel: email, list: B}\n")

    sound = found.find("b")
    assert isinstance(sound, EmailDestination)
    assert sound.list_name == "B"
    assert found.find("sms").name == "sms"
    text = faults_of(found, "a")
    assert text.startswith(f"the destination a in {SOURCE} is not used, it has 1 fault")
    assert "line 3: destinations.a.lst" in text
    assert found.error
    assert "line 3: destinations.a.lst" in str(found.error)


def test_a_faulty_entry_of_a_built_in_destination_is_not_passed_over() -> None:
    found = configured("version: 1\ndestinations:\n  email: {mode: mirorr}\n")

    assert "mirorr" in faults_of(found, "email")
    assert found.find("orders").name == "orders"


def test_a_faulty_data_template_stops_the_destinations_that_name_it() -> None:
    found = configured(
        "version: 1\n"
        "destinations:\n"
        "  a: {channel: email, data_template: odd}\n"
        "  b: {channel: email, data_template: good}\n"
        "data_templates:\n"
        "  odd: {columns: {Mail: emial}}\n"
        "  good: {columns: {Mail: email}}\n"
    )

    assert "data_templates.odd" in faults_of(found, "a")
    sound = found.find("b")
    assert isinstance(sound, EmailDestination)
    assert sound.data_template
    assert sound.data_template.name == "good"


def test_of_two_entries_of_one_name_neither_is_used() -> None:
    found = configured("version: 1\ndestinations:\n  a: {channel: email, list: A}\n  a: {channel: email, list: B}\n")

    assert "stands here a second time, first on line 3" in faults_of(found, "a")


@pytest.mark.parametrize("text", ["version: 2\n", "version: 1\ndestinations: [a]\n", "version: 1\nother: 1\n", "a: ["])
def test_a_file_that_is_not_understood_as_a_whole_is_used_for_nothing(text: str) -> None:
    with pytest.raises(ConfigurationError, match="is not used"):
        configured(text)
