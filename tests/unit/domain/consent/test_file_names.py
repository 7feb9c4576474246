"""The name of a file may say that everybody in it has left."""

from __future__ import annotations

from dataclasses import replace

import pytest

from listrak_relay.domain.consent.file_names import check_names, tells_of_opt_outs
from listrak_relay.domain.destinations.choices import MissingOptStatus, UnsureOptStatus
from listrak_relay.errors import FileRejectedError
from tests.support.files.audience_files import EMAIL


@pytest.mark.parametrize(
    "name",
    [
        *("unsubscribes_2026.csv", "Suppression List", "OptedOutUsers.csv", "email-opt-out.csv", "DNC.csv", "Bounced"),
        *("cleaned_members_export.csv", "winback_unsubscribed", "do_not_email.csv", "Don't mail", "non-subscribers"),
        *("desuscritos.csv", "dezabonati.csv", "uitschrijvingen.csv", "avprenumererade.csv", "odhlášení.csv"),
        *("탈퇴.csv", "отписавшиеся.csv", "nomail_list.csv", "gdpr_erasure.csv"),
        *("désinscrits.csv", "Abmeldungen.xlsx", "Bajas", "退订名单.csv", "sms_stop_list.csv"),
    ],
)
def test_names_of_people_who_want_no_messages_are_known(name: str) -> None:
    assert tells_of_opt_outs(name)


@pytest.mark.parametrize(
    "name",
    [
        *("vip.csv", "subscribed_members_export.csv", "all_without_optouts.csv", "vip_no_unsubs.csv", "unsubs_removed"),
        *("outdoor.csv", "shop_outlet.csv", "opt-outdoor", "adopt_outreach", "bounceback_offer.csv", "London emails"),
        *("exclusive_offers.csv", "data_cleaned.csv", "parent_contacts.csv", "newsletter.csv"),
        *(
            "Likely to unsubscribe",
            "baja_california",
            "Robinsons",
            "forgotten_cart",
            "no_mailing_address",
            "nomailing.csv",
        ),
    ],
)
def test_other_names_are_not(name: str) -> None:
    assert not tells_of_opt_outs(name)


def test_the_error_says_what_to_do() -> None:
    with pytest.raises(FileRejectedError, match="opt_in with no in each row") as raised:
        check_names(["vip", "unsubscribes.csv"], EMAIL, "audiences/email/vip/unsubscribes.csv")

    assert raised.value.code == "opt_status_unsure"


@pytest.mark.parametrize(
    "destination",
    [
        replace(EMAIL, missing_opt_status=MissingOptStatus.UPDATE),
        replace(EMAIL, unsure_opt_status=UnsureOptStatus.SUBSCRIBE),
    ],
)
def test_where_nobody_is_subscribed_unasked_or_it_was_agreed_any_name_will_do(destination: object) -> None:
    check_names(["unsubscribes.csv"], destination, "unsubscribes.csv")  # type: ignore[arg-type]
