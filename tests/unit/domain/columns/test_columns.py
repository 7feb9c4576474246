"""What each column of a dropped file means."""

from __future__ import annotations

import pytest

from listrak_relay.domain.columns.column_names import usual_role
from listrak_relay.domain.columns.columns import columns_of
from listrak_relay.domain.columns.file_columns import FileColumns
from listrak_relay.domain.consent.doubts import Doubt
from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.destinations.data_template import ColumnRole, ColumnRule, DataTemplate
from listrak_relay.errors import FileRejectedError

FILE = "email/vip/people.csv"


def plan(*header: str, template: dict[str, ColumnRule] | None = None, channel: Channel = Channel.EMAIL) -> FileColumns:
    rules = DataTemplate("retail", template) if template else None
    return columns_of(header, rules, channel=channel, audience="vip", file=FILE)


def refusal(*header: str, template: dict[str, ColumnRule] | None = None) -> FileRejectedError:
    with pytest.raises(FileRejectedError) as caught:
        plan(*header, template=template)
    assert FILE in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    "name", ["email", "Email", "E-Mail", "EMAIL ADDRESS", "email_address", "emailAddress", " email_addr "]
)
def test_the_email_column_is_found_in_its_usual_spellings(name: str) -> None:
    assert plan("City", name).contact.index == 1


@pytest.mark.parametrize(
    "name",
    [
        "opt_in",
        "Opted In",
        "opted-in",
        "optin",
        "subscribed",
        "is_subscribed",
        "subscription_state",
        "Consent",
        "opt_status",
    ],
)
def test_a_column_that_asks_for_opted_in_is_found(name: str) -> None:
    found = plan("email", name)

    assert [column.role for column in found.consent] == [ColumnRole.OPT_IN]


@pytest.mark.parametrize(
    "name", ["optedOut", "opted_out", "Opt Out", "unsubscribed", "is_unsubscribed", "do_not_email"]
)
def test_a_column_that_asks_for_opted_out_is_found_as_such(name: str) -> None:
    assert [column.role for column in plan("email", name).consent] == [ColumnRole.OPT_OUT]


def test_every_column_that_tells_consent_is_read() -> None:
    found = plan("email", "opt_in", "Accepts Marketing", "unsubscribed_at")

    assert [column.header for column in found.consent] == ["opt_in", "Accepts Marketing", "unsubscribed_at"]
    assert not found.fields


def test_columns_whose_names_leave_it_open_are_told_with_the_doubt() -> None:
    found = plan("email", "gdpr flag", "Status", "city")

    assert {column.header: doubt for column, doubt in found.doubtful()} == {
        "gdpr flag": Doubt.STRONG,
        "Status": Doubt.STATUS,
        "city": Doubt.NONE,
    }


def test_what_the_template_says_a_column_is_leaves_no_doubt() -> None:
    found = plan("email", "gdpr flag", template={"gdpr flag": ColumnRule(ColumnRole.FIELD)})

    assert not list(found.doubtful())


def test_a_doubtful_column_that_is_read_as_consent_fills_no_field() -> None:
    found = plan("email", "Status", "city").read_as_consent(["Status"])

    assert [column.header for column in found.consent] == ["Status"]
    assert [column.header for column in found.fields] == ["city"]


@pytest.mark.parametrize(
    "name",
    ["Customer Email", "PersonEmail", "billing_email", "E-Mail-Adresse", "emailaddress1", "channels.email.address"],
)
def test_addresses_are_found_under_the_names_of_usual_platforms(name: str) -> None:
    assert plan("city", name).contact.header == name


def test_a_plain_name_goes_before_another_for_the_addresses() -> None:
    found = plan("billing_email", "email")

    assert found.contact.header == "email"
    assert [column.header for column in found.fields] == ["billing_email"]


def test_two_columns_that_could_hold_the_addresses_are_refused() -> None:
    assert refusal("billing_email", "Customer Email").code == "column_ambiguous"


def test_every_other_column_becomes_a_profile_field_named_as_in_the_header() -> None:
    found = plan("email", " First Name ", "loyalty_tier", "sms_opt_in")

    assert [column.field for column in found.fields] == ["First Name", "loyalty_tier", "sms_opt_in"]


def test_a_line_break_in_a_column_name_becomes_a_space() -> None:
    assert plan("email", "First\r\nName").fields[0].field == "First Name"


@pytest.mark.parametrize("name", ["__index_level_0__", "Unnamed: 0"])
def test_the_row_numbers_of_pandas_are_ignored(name: str) -> None:
    assert plan(name, "email").roles() == {name: "ignore", "email": "email"}


def test_the_row_number_column_of_amperity_is_ignored() -> None:
    found = plan("row_number", "email", "city")

    assert [column.field for column in found.fields] == ["city"]
    assert found.roles() == {"row_number": "ignore", "email": "email", "city": "field"}


def test_a_data_template_decides_over_the_usual_names() -> None:
    template = {
        "Contact": ColumnRule(ColumnRole.EMAIL),
        "email": ColumnRule(ColumnRole.IGNORE),
        "birth day": ColumnRule(ColumnRole.FIELD, field="Birthday", type="date"),
    }

    found = plan("email", "CONTACT", "Birth_Day", template=template)

    assert found.contact.header == "CONTACT"
    assert [column.field for column in found.fields] == ["Birthday"]


def test_a_template_that_names_an_absent_column_is_refused_with_the_columns_seen() -> None:
    error = refusal("email", "city", template={"Consent": ColumnRule(ColumnRole.OPT_IN)})

    assert error.code == "template_column_missing"
    assert '"Consent"' in str(error)
    assert '"city"' in str(error)


def test_a_template_does_not_silence_a_second_column_that_tells_consent() -> None:
    found = plan("email", "consent", "unsubscribed", template={"consent": ColumnRule(ColumnRole.OPT_IN)})

    assert [column.header for column in found.consent] == ["consent", "unsubscribed"]


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (("first", "last"), "no_email_column"),
        (("email", "email_address"), "column_ambiguous"),
        (("email", "First Name", "first_name"), "header_duplicate"),
        (("email", "city", "city"), "header_duplicate"),
        (("email", "", "city"), "header_empty_name"),
        (("email", " \t", "city"), "header_empty_name"),
        (("email", "city", ""), "header_empty_name"),
        (("email", "_", "city"), "header_empty_name"),
        (("email", "VIP"), "column_names_audience"),
        (("email", *(f"c{n}" for n in range(1000))), "too_many_columns"),
    ],
)
def test_a_header_that_cannot_be_used_is_refused(header: tuple[str, ...], code: str) -> None:
    assert refusal(*header).code == code


def test_a_file_of_phone_numbers_for_an_email_destination_is_told_where_it_may_go() -> None:
    assert "under a destination of channel sms" in str(refusal("phone", "opt_in"))
    assert "channel sms" not in str(refusal("first", "last"))


def test_a_header_that_is_separated_by_another_mark_than_the_rows_is_told_so() -> None:
    assert "if ';' is to separate columns, it must do so in every row" in str(refusal("email;first"))
    assert "separate columns" not in str(refusal("first", "last"))


def test_two_columns_for_one_profile_field_are_refused() -> None:
    error = refusal("email", "tier", "level", template={"level": ColumnRule(ColumnRole.FIELD, field="Tier")})

    assert error.code == "column_ambiguous"


def test_the_message_without_an_email_column_lists_the_columns_seen() -> None:
    assert '"first", "last"' in str(refusal("first", "last"))


def test_the_message_of_an_empty_name_tells_its_place() -> None:
    assert "column 2 of 3" in str(refusal("email", "", "city"))


def test_a_first_row_of_data_is_recognised_and_not_shown() -> None:
    error = refusal("ana@example.com", "Ana", "Lisbon")

    assert error.code == "header_missing"
    assert "ana@" not in str(error)
    assert "Lisbon" not in str(error)


def test_a_name_says_its_usual_role() -> None:
    assert [usual_role(n) for n in ("E_Mail", "Opt-In", "opt out", "Row Number", "city")] == [
        ColumnRole.EMAIL,
        ColumnRole.OPT_IN,
        ColumnRole.OPT_OUT,
        ColumnRole.IGNORE,
        ColumnRole.FIELD,
    ]


# --- for SMS ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["phone", "Phone Number", "PHONE_NUMBER", "Mobile", "mobile phone", "Cell", "sms-number"]
)
def test_the_phone_column_is_found_in_its_usual_spellings(name: str) -> None:
    assert plan("City", name, channel=Channel.SMS).contact.index == 1


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Email Address", ColumnRole.EMAIL),
        ("given_name", ColumnRole.FIRST_NAME),
        ("First Name", ColumnRole.FIRST_NAME),
        ("surname", ColumnRole.LAST_NAME),
        ("birthdate", ColumnRole.BIRTHDAY),
        ("Postal Code", ColumnRole.POSTAL_CODE),
        ("zip", ColumnRole.POSTAL_CODE),
        ("optedOut", ColumnRole.OPT_OUT),
        ("sms_opt_in", ColumnRole.OPT_IN),
        ("SMS Consent", ColumnRole.OPT_IN),
        ("text opt out", ColumnRole.OPT_OUT),
        ("Do Not Text", ColumnRole.OPT_OUT),
        ("email_opt_in", ColumnRole.FIELD),
        ("Do Not Email", ColumnRole.FIELD),
        ("phone_status", ColumnRole.FIELD),
        ("phone_opt_in", ColumnRole.FIELD),
        ("Loyalty_Tier", ColumnRole.FIELD),
        ("row_number", ColumnRole.IGNORE),
    ],
)
def test_a_columns_name_says_what_it_means_for_sms(name: str, role: ColumnRole) -> None:
    assert usual_role(name, Channel.SMS) is role


@pytest.mark.parametrize("name", ["phone", "First Name", "birthday", "zip", "sms_opt_in", "do_not_text"])
def test_what_means_something_for_sms_is_a_profile_field_for_email(name: str) -> None:
    assert usual_role(name, Channel.EMAIL) is ColumnRole.FIELD


def test_facts_are_kept_among_the_fields_in_the_order_of_the_file() -> None:
    found = plan("zip", "tier", "phone", "opt_in", "email", "dob", channel=Channel.SMS)

    assert [(column.header, column.value_type) for column in found.fields] == [
        ("zip", "text"),
        ("tier", None),
        ("email", "text"),
        ("dob", "date"),
    ]


def test_a_role_that_only_sms_has_makes_a_profile_field_for_email() -> None:
    template = {"Cell": ColumnRule(ColumnRole.PHONE), "Born": ColumnRule(ColumnRole.BIRTHDAY, type="date")}

    found = plan("email", "Cell", "Born", template=template)

    assert [(column.role, column.field) for column in found.fields] == [
        (ColumnRole.FIELD, "Cell"),
        (ColumnRole.FIELD, "Born"),
    ]


def test_a_phone_number_in_the_header_of_a_file_for_sms_is_somebodys_data() -> None:
    with pytest.raises(FileRejectedError) as caught:
        plan("(717) 555-0100", "yes", channel=Channel.SMS)

    assert caught.value.code == "header_missing"
    assert "555" not in str(caught.value)
