"""Which text is a phone number, and its normal form."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from listrak_relay.adapters.libraries.phone_numbers import check_phone_number
from listrak_relay.domain.values.contact_faults import ContactFault
from listrak_relay.domain.values.phone_number import (
    EXTENSION,
    FAULTS,
    INVALID,
    LETTERS,
    LONGEST,
    MISSING,
    REGIONS,
    ROUNDED,
    SEVERAL,
    read,
)

EXAMPLES = [
    (region, example)
    for region in sorted(phonenumbers.SUPPORTED_REGIONS)
    for kind in PhoneNumberType.values()
    if (example := phonenumbers.example_number_for_type(region, kind))
]


def read_number(text: str, region: str = "US") -> str | ContactFault:
    return read(text, region, check_phone_number)


def test_the_regions_are_those_whose_plans_the_library_knows() -> None:
    assert phonenumbers.SUPPORTED_REGIONS == REGIONS


def test_the_example_numbers_of_every_region_pass_in_the_spelling_of_their_country_and_of_the_world() -> None:
    wrong = []
    for region, example in EXAMPLES:
        expected = phonenumbers.format_number(example, PhoneNumberFormat.E164)
        spellings = [
            phonenumbers.format_number(example, PhoneNumberFormat.NATIONAL),
            phonenumbers.format_number(example, PhoneNumberFormat.INTERNATIONAL),
            expected,
        ]
        wrong += [(region, text) for text in spellings if read_number(text, region) != expected]
        wrong += [(region, text) for text in spellings[1:] if read_number(text) != expected]

    assert len(EXAMPLES) > 1_000
    assert not wrong


def test_an_example_number_cut_short_or_drawn_out_never_becomes_the_example() -> None:
    for region, example in EXAMPLES:
        number = phonenumbers.format_number(example, PhoneNumberFormat.E164)
        for text in (number[:-1], number + "00000"):
            assert read_number(text, region) != number


@pytest.mark.parametrize(
    "text",
    [
        "7175550100",
        "17175550100",
        "+17175550100",
        "717-555-0100",
        "717.555.0100",
        "(717) 555-0100",
        "1 (717) 555 0100",
        "1-717-555-0100",
        "+1 717 555 0100",
        "  717 555 0100\t",
        "\u00a0717\u00a0555\u00a00100\ufeff",
        "\uff17\uff11\uff17\uff15\uff15\uff15\uff10\uff11\uff10\uff10",
        "\u0667\u0661\u0667\u0665\u0665\u0665\u0660\u0661\u0660\u0660",
        "\uff0b1 717\u2013555\u20110100",
        "\u202a+1 717 555 0100\u202c",
        "tel:+1-717-555-0100",
        "TEL: 717-555-0100",
        "sms:+17175550100",
        "'7175550100",
        "011 1 717 555 0100",
        "7175550100.0",
        "17175550100.0",
        "+17175550100.0",
        "1.7175550100E10",
        "1.7175550100e+10",
        "1,7175550100E+010",
        "7.175550100E9",
        "7175550100e0",
        "717\ufe0f555\u2060-\u202d0100",
        "717\u2007555\u202f0100",
    ],
)
def test_every_spelling_of_one_number_gives_the_same_e164(text: str) -> None:
    assert read_number(text) == "+17175550100"


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("07400 123456", "GB", "+447400123456"),
        ("+44 (0)7400 123456", "US", "+447400123456"),
        ("0044 7400 123456", "DE", "+447400123456"),
        ("011 44 7400 123456", "US", "+447400123456"),
        ("506 234 5678", "US", "+15062345678"),
        ("506 234 5678", "CA", "+15062345678"),
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("0151 23456789", "DE", "+4915123456789"),
        ("312 345 6789", "IT", "+393123456789"),
        ("02 1234 5678", "IT", "+390212345678"),
        ("8 912 345-67-89", "RU", "+79123456789"),
        ("011 15-2345-6789", "AR", "+5491123456789"),
        ("(11) 96123-4567", "BR", "+5511961234567"),
        ("787 234 5678", "US", "+17872345678"),
        ("800 234 5678", "US", "+18002345678"),
    ],
)
def test_a_number_without_a_country_is_one_of_the_region(text: str, region: str, number: str) -> None:
    assert read_number(text, region) == number


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", MISSING),
        (" \t\u00a0", MISSING),
        ("n/a", INVALID),
        ("-", INVALID),
        ("+", INVALID),
        ("0", INVALID),
        ("911", INVALID),
        ("555-0100", INVALID),
        ("5555550100", INVALID),
        ("0175550100", INVALID),
        ("117-555-0100", INVALID),
        ("717-155-0100", INVALID),
        ("717-055-0100", INVALID),
        ("0000000000", INVALID),
        ("1234567890", INVALID),
        ("9999999999", INVALID),
        ("71755501000", INVALID),
        ("217175550100", INVALID),
        ("717555010", INVALID),
        ("+7175550100", INVALID),
        ("++", INVALID),
        ("+999 123 456 789", INVALID),
        ("+0 717 555 0100", INVALID),
        ("717-555-0100, 717-555-0101", SEVERAL),
        ("717-555-0100 / 717-555-0101", SEVERAL),
        ("717-555-0100; 717-555-0101", SEVERAL),
        ("ana@example.com", INVALID),
        ("2026-01-31", INVALID),
        ("1717555010.0", INVALID),
        ("717555.0100.0", INVALID),
        ("\u4e03\u4e00\u4e03", INVALID),
        ("7" * 300, INVALID),
        ("(" * 99 + "7175550100", INVALID),
        ("7175550100 7175550101", SEVERAL),
        ("7175550100\n7175550101", SEVERAL),
        ("717 555 0100 or 0101", SEVERAL),
        ("7175550100,,12", SEVERAL),
        ("1-800-FLOWERS", LETTERS),
        ("home 717 555 0100", LETTERS),
        ("717 555 0100 do not text", LETTERS),
        ("ana7175550100@example.com", LETTERS),
        ("tel:+1-717-555-0100;phone-context=example.com", LETTERS),
        ("717-555-0100 x12", EXTENSION),
        ("717-555-0100 ext. 12", EXTENSION),
        ("717-555-0100, Extension 12", EXTENSION),
        ("717-555-0100 #12", EXTENSION),
        ("(717)5550100x5", EXTENSION),
        ("tel:+1-717-555-0100;ext=12", EXTENSION),
        ("1.71756E+10", ROUNDED),
        ("1,71756e+10", ROUNDED),
        ("7.18E9", ROUNDED),
        ("1.717555E10", ROUNDED),
        ("1.7E10", ROUNDED),
    ],
)
def test_what_is_no_number_that_a_text_can_reach_is_turned_away_with_the_reason(text: str, fault: ContactFault) -> None:
    assert read_number(text) == fault


@given(st.text(max_size=LONGEST + 5) | st.text(alphabet="+0123456789 ().-/x#;,tel:E\uff10\u0660", max_size=30))
def test_any_text_gives_a_number_that_is_valid_or_a_known_fault(text: str) -> None:
    found = read_number(text)

    if isinstance(found, ContactFault):
        assert found in FAULTS
    else:
        number = phonenumbers.parse(found, None)
        assert phonenumbers.is_possible_number(number)
        assert phonenumbers.is_valid_number(number)
        assert read_number(found, "ZW") == found


def test_every_fault_says_what_to_do_under_two_codes() -> None:
    assert {fault.reason for fault in FAULTS} == {"phone_missing", "phone_invalid"}
    assert all(";" in fault.detail for fault in FAULTS)
