"""What the names of columns say of consent: those of the usual platforms, and those that nobody can be sure of."""

from __future__ import annotations

import pytest

from listrak_relay.domain.consent.doubts import Doubt, doubt_of
from listrak_relay.domain.consent.names import consent_key, known_reading
from listrak_relay.domain.consent.platforms import KNOWN
from listrak_relay.domain.consent.statements import Question
from listrak_relay.domain.consent.suspicion import Doubtful, Values, Verdict, judge
from listrak_relay.domain.destinations.choices import Channel

EMAIL, SMS = Channel.EMAIL, Channel.SMS


@pytest.mark.parametrize(
    "name",
    [
        "Accepts Email Marketing",
        "Accepts Marketing",
        "email_subscribe",
        "Email_Opt_In__c",
        "Email Opt-In Status",
        "subscriptions_email_marketing_consent",
        "traits.email_subscribed",
        "customer_accepts_marketing",
        "Receive Marketing Emails?",
        "is_email_opted_in",
        "newsletter",
        "opt_in_email",
        "marketing_consent",
        "EMAIL_PERMISSION_STATUS_",
    ],
)
def test_columns_of_the_usual_platforms_are_known_for_email(name: str) -> None:
    found = known_reading(name, EMAIL)

    assert found
    assert found.question is Question.OPTED_IN


@pytest.mark.parametrize(
    "name", ["HasOptedOutOfEmail", "Email Opt Out", "do_not_email", "unsubscribed", "EMAIL_BLACKLIST", "donotbulkemail"]
)
def test_columns_that_ask_the_other_way_round_are_known_as_such(name: str) -> None:
    found = known_reading(name, EMAIL)

    assert found
    assert found.question is Question.OPTED_OUT


@pytest.mark.parametrize(
    "name",
    ["UNSUB_TIME", "unsubscribed_at", "opted_out_on", "Date Unsubscribed", "email unsubscribed on", "OptOut_Date"],
)
def test_days_of_opt_outs_are_known_by_their_names(name: str) -> None:
    found = known_reading(name, EMAIL)

    assert found
    assert found.question is Question.OPTED_OUT_ON


@pytest.mark.parametrize("name", ["Accepts SMS Marketing", "SMS_Opt_In__c", "push_subscribe", "WhatsApp consent"])
def test_consent_to_another_channel_is_none_to_this_one_and_no_matter_of_doubt(name: str) -> None:
    assert known_reading(name, EMAIL) is None
    assert doubt_of(name, EMAIL) is Doubt.ELSEWHERE
    assert _judge(name, {"unsubscribed": 3, "no": 2}) is Verdict.FIELD


def test_words_for_leaving_under_a_name_of_another_thing_stop_the_file() -> None:
    assert doubt_of("Partner", EMAIL) is Doubt.NONE
    assert _judge("Partner", {"unsubscribed": 3}) is Verdict.UNSURE


def test_whether_an_account_is_enabled_is_not_read_as_consent() -> None:
    assert _judge("State", {"enabled": 3, "disabled": 20}) is Verdict.UNSURE
    assert judge("State", Doubt.STATUS, Values({"enabled": 3, "disabled": 20}), others_read=True) is Verdict.FIELD


def test_whether_a_record_is_in_use_is_asked_before_somebody_is_unsubscribed_for_it() -> None:
    assert _judge("Status", {"active": 30, "inactive": 20}) is Verdict.UNSURE
    assert _judge("Status", {"active": 30}) is Verdict.READ
    assert _judge("Status", {"active": 30, "inactive": 20, "unsubscribed": 1}) is Verdict.READ
    assert judge("Status", Doubt.STATUS, Values({"active": 3, "inactive": 2}), others_read=True) is Verdict.READ


def test_a_code_beside_a_column_that_is_read_stops_nothing() -> None:
    assert judge("active", Doubt.STATUS, Values({"1": 3}), others_read=True) is Verdict.FIELD
    assert judge("active", Doubt.STATUS, Values({"1": 3}), others_read=False) is Verdict.UNSURE
    assert judge("marketing", Doubt.WEAK, Values({"1": 3, "0": 2}), others_read=True) is Verdict.UNSURE


def test_answers_in_words_among_other_words_are_answers() -> None:
    assert _judge("Marketing", {"yes": 30, "no": 10}, others=2) is Verdict.UNSURE
    assert _judge("Marketing", {"yes": 3}, others=40) is Verdict.FIELD


def test_a_day_under_a_name_of_leaving_stops_the_file() -> None:
    assert judge("Removed At", doubt_of("Removed At", EMAIL), Values({}, 4, 0, 90), others_read=False) is Verdict.UNSURE
    assert judge("Order Cancelled At", Doubt.NONE, Values({}, 4, 0, 90), others_read=False) is Verdict.FIELD


@pytest.mark.parametrize(
    "name", ["Accepts SMS Marketing", "SMS_Opt_In__c", "text consent", "et4ae5__HasOptedOutOfMobile__c"]
)
def test_consent_to_texts_is_known_for_sms(name: str) -> None:
    assert known_reading(name, SMS) is not None


@pytest.mark.parametrize(
    "name",
    [
        "ok_to_mail_list",
        "gdpr flag",
        "Wants our newsletter",
        "Einwilligung Werbung",
        "marketing_pref_ok",
        "agrees to commercial mails",
        "désinscrit",
        "email_suppression",
        "Do Not Solicit Customer",
        "CASL_status",
    ],
)
def test_a_name_that_speaks_of_consent_but_is_not_known_is_doubtful(name: str) -> None:
    assert known_reading(name, EMAIL) is None
    assert doubt_of(name, EMAIL) is Doubt.STRONG


@pytest.mark.parametrize("name", ["first_name", "Mailing City", "MailingStreet", "options", "adoption_date", "captain"])
def test_other_names_are_not_doubtful(name: str) -> None:
    assert doubt_of(name, EMAIL) is Doubt.NONE


def test_no_name_of_the_table_stands_there_twice_with_another_meaning_for_one_channel() -> None:
    for channel in (EMAIL, SMS):
        seen: dict[str, Question] = {}
        for row in KNOWN:
            for name in row.names.split("|"):
                if channel in row.channels:
                    assert seen.setdefault(consent_key(name), row.question) is row.question, name


def test_every_row_of_the_table_has_its_source() -> None:
    assert all(row.source.startswith("https://") and row.names and row.channels for row in KNOWN)
    assert len({platform for row in KNOWN for platform in row.platform.split(", ")}) >= 20


def test_a_status_is_read_if_all_its_values_are_states() -> None:
    assert _judge("Status", {"active": 3, "unsubscribed": 2, "held": 1}) is Verdict.READ


def test_a_status_with_states_and_words_that_are_not_known_stops_the_file() -> None:
    assert _judge("Status", {"unsubscribed": 2}, others=1) is Verdict.UNSURE


def test_a_status_of_something_else_is_a_profile_field() -> None:
    assert _judge("Status", {}, others=9) is Verdict.FIELD
    assert _judge("order_status", {}, others=9) is Verdict.FIELD
    assert _judge("State", {"on": 4}, others=9) is Verdict.FIELD


def test_answers_under_a_doubtful_name_stop_the_file() -> None:
    assert _judge("marketing segment", {"yes": 3, "no": 1}) is Verdict.UNSURE
    assert _judge("gdpr flag", {}, others=4) is Verdict.UNSURE


def test_numbers_among_which_is_one_are_no_answers() -> None:
    assert _judge("emails sent", {"1": 3, "0": 8}, others=12) is Verdict.FIELD


def test_words_that_are_about_nothing_but_consent_stop_the_file_under_any_name() -> None:
    assert _judge("zz", {"unsubscribed": 1}, others=5) is Verdict.UNSURE


def test_a_column_without_any_value_stops_nothing() -> None:
    assert _judge("gdpr flag", {}, blanks=10) is Verdict.FIELD


def test_what_rows_apart_say_is_judged_together() -> None:
    one = Doubtful({"Status": Values({"active": 1})})
    other = Doubtful({"Status": Values({"gold": 0} | {"unsubscribed": 1}, others=1)})

    assert one.judged(EMAIL).read == ("Status",)
    assert [header for header, _ in one.joined(other).judged(EMAIL).unsure] == ["Status"]


def _judge(name: str, words: dict[str, int], *, others: int = 0, blanks: int = 0) -> Verdict:
    return judge(name, doubt_of(name, EMAIL), Values(words, 0, others, blanks), others_read=False)
