"""A file of orders dropped for an email list does not subscribe the buyers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from listrak_relay.domain.consent.buyers import check_buyers
from listrak_relay.domain.destinations.choices import MissingOptStatus, UnsureOptStatus
from listrak_relay.errors import FileRejectedError
from tests.support.files.audience_files import EMAIL


def test_a_file_of_orders_without_consent_is_turned_away() -> None:
    with pytest.raises(FileRejectedError, match="Drop it under the destination orders") as told:
        check_buyers(EMAIL, "email/vip/orders.csv")

    assert told.value.code == "opt_status_unsure"


def test_whoever_says_what_is_to_become_of_such_files_is_heeded() -> None:
    check_buyers(replace(EMAIL, missing_opt_status=MissingOptStatus.UPDATE), "email/vip/orders.csv")
    check_buyers(replace(EMAIL, unsure_opt_status=UnsureOptStatus.SUBSCRIBE), "email/vip/orders.csv")
