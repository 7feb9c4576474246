"""Each word of a report has a sentence."""

from __future__ import annotations

import re

import pytest

from listrak_relay.domain.report.words import REASONS, Mender, mender, reason_words, warning_words
from tests.support.paths import ROOT


def documented_reasons() -> set[str]:
    """Reasons of rows that the operators' page lists, without families such as ``ERROR_…``."""
    section = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").split("## Reasons of rows")[1]
    first_cells = re.findall(r"^\| (`[^|]+`) \|", section.split("\n## ")[0], re.MULTILINE)
    return {code for cell in first_cells for code in re.findall(r"`([a-z_]+)`", cell)}


def test_every_documented_reason_has_words() -> None:
    assert documented_reasons() == set(REASONS)


@pytest.mark.parametrize(
    ("code", "words", "who"),
    [
        ("not_on_list", "not on the list, and was only to be updated or unsubscribed", Mender.NOBODY),
        ("ERROR_INVALID_PHONE", "Listrak refused it and says ERROR_INVALID_PHONE", Mender.LISTRAK),
        ("ERROR_BANNED_PHONE_NUMBER", "Listrak has banned this number", Mender.LISTRAK),
        ("ERROR_INVALID_EMAIL_ADDRESS", "Listrak takes this for no email address", Mender.SOURCE),
        ("listrak_odd", "Listrak answered with a word that is not documented: odd", Mender.LISTRAK),
        ("list_unknown", "could not be delivered: list unknown", Mender.OPERATOR),
    ],
)
def test_families_of_reasons_have_words_too(code: str, words: str, who: Mender) -> None:
    assert reason_words(code) == words
    assert mender(code) is who


def test_a_warning_has_words_whether_it_compares_feeds_or_judges_a_value() -> None:
    assert warning_words("sku_not_in_latest_products").startswith("their product")
    assert warning_words("key_missing") == reason_words("key_missing")
    assert warning_words("new_kind_of_warning") == "new kind of warning"
