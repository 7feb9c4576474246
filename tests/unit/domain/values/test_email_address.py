"""Which text is an email address, and its normal form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.adapters.libraries.unusual_email import check_unusual_email
from listrak_relay.domain.values.email_address import COMMON_PATTERN, USUAL_PATTERN, is_usual, normalise
from tests.support.examples import examples

LABEL = st.from_regex(r"[A-Za-z0-9]{1,8}(-[A-Za-z0-9]{1,8}){0,2}", fullmatch=True)
LOCAL = st.from_regex(r"[A-Za-z0-9_+'-]{1,10}(\.[A-Za-z0-9_+'-]{1,10}){0,2}", fullmatch=True)
ENDING = st.from_regex("[A-Za-z]{2,9}", fullmatch=True) | st.sampled_from(["test", "local", "arpa", "ONION", "example"])
LOOKS_USUAL = st.builds(
    lambda local, labels, ending: f"{local}@{'.'.join(labels)}.{ending}",
    LOCAL,
    st.lists(LABEL, min_size=1, max_size=3),
    ENDING,
)
NEARLY = st.text(alphabet="ab.@-_+' \"1é\t", max_size=20)


@given(LOOKS_USUAL | st.from_regex(USUAL_PATTERN, fullmatch=True) | NEARLY)
def test_an_address_of_the_usual_form_passes_the_full_check_in_the_same_form(text: str) -> None:
    if is_usual(text):
        assert check_unusual_email(text.lower()) == text.lower()


@examples(15)  # drawing one takes long
@given(st.from_regex(COMMON_PATTERN, fullmatch=True).filter(lambda text: len(text) <= 64))
def test_the_common_form_is_part_of_the_usual_form(text: str) -> None:
    assert is_usual(text)


@given(st.text(max_size=40) | LOOKS_USUAL)
def test_a_normal_form_does_not_change_when_normalised_again(text: str) -> None:
    once = normalise(text, check_unusual_email)

    if once is not None:
        assert normalise(once, check_unusual_email) == once


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ana@example.com", "ana@example.com"),
        ("  Ana.Lima@Example.COM\t", "ana.lima@example.com"),
        ("\u00a0ana@example.com\ufeff", "ana@example.com"),
        ("o'neil+vip@mail.example.co.uk", "o'neil+vip@mail.example.co.uk"),
        ("a!b#c@example.com", "a!b#c@example.com"),
        ("ana@bücher.example.com", "ana@xn--bcher-kva.example.com"),
        ("ANA@BÜCHER.example.com", "ana@xn--bcher-kva.example.com"),
        ("jörg@example.com", "jörg@example.com"),
        ('"ana lima"@example.com', '"ana lima"@example.com'),
        ('"ana"@example.com', "ana@example.com"),
        ("ana@xn--bcher-kva.example.com", "ana@xn--bcher-kva.example.com"),
    ],
)
def test_a_valid_address_is_trimmed_lower_cased_and_has_an_ascii_domain(text: str, address: str) -> None:
    assert normalise(text, check_unusual_email) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "ana",
        "@example.com",
        "ana@",
        "ana@example",
        "ana@@example.com",
        "ana@example..com",
        ".ana@example.com",
        "ana.@example.com",
        "ana@-example.com",
        "ana lima@example.com",
        "ana@example.com, bob@example.com",
        "ana@[127.0.0.1]",
        "ana@server.local",
        "ana@shop.TEST",
        "ana@example.com\n.evil",
        "ana@example.com\ufe0fx",
        "ana@exa\u2060mple.com",
        f"{'a' * 65}@example.com",
        f"ana@{'b' * 64}.com",
        f"ana@{'b.' * 130}com",
    ],
)
def test_what_is_no_address_that_mail_can_reach_is_turned_away(text: str) -> None:
    assert normalise(text, check_unusual_email) is None


def test_the_full_check_is_not_asked_about_usual_addresses_nor_about_hopeless_text() -> None:
    asked: list[str] = []

    def check(text: str) -> str | None:
        asked.append(text)
        return None

    for text in ("ana@example.com", "no address", "a" * 300 + "@example.com", "Ä@example.com"):
        normalise(text, check)

    assert asked == ["ä@example.com"]


@pytest.mark.parametrize(
    "text",
    [
        "\u200ea@example.com\u202c",
        "\u2066a@example.com\u2069",
        "\ufe0fa@example.com\u00ad",
        "\u2003a@example.com\u3164",
        "mailto:a@example.com",
        "MAILTO:a@example.com?subject=x",
        "Ana Lima <a@example.com>",
        '"Lima, Ana" <a@example.com>',
        "<a@example.com>",
        "<mailto:a@example.com>",
        "'a@example.com",
        '"a@example.com"',
        "\u201ca@example.com\u201d",
        "\u2018a@example.com\u2019",
        "'a@example.com'",
    ],
)
def test_what_stands_around_an_address_is_taken_off(text: str) -> None:
    assert normalise(text, lambda _: None) == "a@example.com"


@pytest.mark.parametrize(
    "text", ["a\u200b@example.com", "Ana <a@example.com> <b@example.com>", "<>", "mailto:", "a@b@example.com"]
)
def test_what_is_inside_an_address_is_not_taken_out(text: str) -> None:
    assert normalise(text, lambda _: None) is None
