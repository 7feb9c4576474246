"""What each column of a dropped file means."""

from __future__ import annotations

import pytest

from listrak_relay.domain.column_names import usual_role
from listrak_relay.domain.columns import ColumnPlan, plan_columns
from listrak_relay.domain.destinations import ColumnRole, ColumnRule, DataTemplate
from listrak_relay.errors import FileRejectedError

FILE = "email/vip/people.csv"


def plan(*header: str, template: dict[str, ColumnRule] | None = None) -> ColumnPlan:
    rules = DataTemplate("retail", template) if template else None
    return plan_columns(header, rules, audience="vip", file=FILE)


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

    assert found.opt_status is not None
    assert not found.inverted


@pytest.mark.parametrize(
    "name", ["optedOut", "opted_out", "Opt Out", "unsubscribed", "is_unsubscribed", "do_not_email"]
)
def test_a_column_that_asks_for_opted_out_is_found_and_inverted(name: str) -> None:
    assert plan("email", name).inverted


def test_every_other_column_becomes_a_profile_field_named_as_in_the_header() -> None:
    found = plan("email", " First Name ", "loyalty_tier", "sms_opt_in")

    assert [column.field for column in found.fields] == ["First Name", "loyalty_tier", "sms_opt_in"]
    assert found.unread_consent() == ("sms_opt_in",)


def test_a_line_break_in_a_column_name_becomes_a_space() -> None:
    assert plan("email", "First\r\nName").fields[0].field == "First Name"


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


def test_a_template_does_not_silence_a_second_column_that_claims_the_role() -> None:
    error = refusal("email", "consent", "unsubscribed", template={"consent": ColumnRule(ColumnRole.OPT_IN)})

    assert error.code == "column_ambiguous"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (("first", "last"), "no_email_column"),
        (("email", "email_address"), "column_ambiguous"),
        (("email", "opt_in", "opted_out"), "column_ambiguous"),
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
