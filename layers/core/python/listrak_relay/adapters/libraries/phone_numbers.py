"""Numbering plans of all countries, by the library phonenumberslite (Google's libphonenumber without its geography)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumberDesc, PhoneNumberFormat

from listrak_relay.domain.values.phone_number import NumberingPlan

_NORTH_AMERICA = 1


def check_phone_number(text: str, region: str) -> str | None:
    """See `domain.phone_number.NumberCheck`: a number must be possible and valid, and have no extension."""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    # Some countries write an operator's digits before the number; E.164 has no place for them.
    if number.extension or not phonenumbers.is_possible_number(number) or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def region_plan(region: str) -> NumberingPlan | None:
    """The plan that decides most numbers of a destination of this region; None if each must be checked by itself."""
    return _plan(phonenumbers.country_code_for_region(region))


def plans_for(starts: Iterable[str]) -> list[NumberingPlan]:
    """The plans of the country codes with which these digits begin, for numbers that have the code and a plus."""
    codes = {int(start[:length]) for start in starts for length in (1, 2, 3) if start[:length].isdecimal()}
    return [replace(plan, bare=False) for code in sorted(codes) if (plan := _plan(code))]


def _plan(calling_code: int) -> NumberingPlan | None:
    """Fixed lines and mobiles of the code's main country, which the library asks first: what is valid there is valid.

    None where the library first looks at leading digits, or rewrites numbers by a rule of the country.
    """
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(calling_code)
    main = PhoneMetadata.metadata_for_region(regions[0], None) if regions else None
    if main is None or main.leading_digits or main.national_prefix_transform_rule:
        return None
    if calling_code == _NORTH_AMERICA:
        # Its prefix is the country code itself, and no number begins with that.
        return NumberingPlan(str(calling_code), _pattern(main, PhoneMetadata.metadata_for_region("CA")), bare=True)
    lengths = _lengths(main)
    return NumberingPlan(str(calling_code), _pattern(main), prefix=main.national_prefix_for_parsing, lengths=lengths)


def _lengths(country: PhoneMetadata) -> tuple[int, ...] | None:
    """Possible for fixed lines and for mobiles: the library looks at them besides the patterns, which allow more."""
    told = [set(kind.possible_length) for kind in _kinds(country) if kind.possible_length]
    return tuple(sorted(set.intersection(*told))) if told else None


def _kinds(*countries: PhoneMetadata | None) -> list[PhoneNumberDesc]:
    kinds = [kind for country in countries if country for kind in (country.fixed_line, country.mobile)]
    return [kind for kind in kinds if kind and kind.national_number_pattern]


def _pattern(*countries: PhoneMetadata | None) -> str:
    return "|".join(dict.fromkeys(kind.national_number_pattern or "" for kind in _kinds(*countries)))
