"""A record of the rejects file names a person in whatever way its file is written."""

from __future__ import annotations

import pytest

from listrak_relay.domain.run.rejects import tells_of

ADDRESS = "ana@example.com"


@pytest.mark.parametrize(
    "record",
    [
        "Ana@Example.com,x",
        "1; ana@example.com ;x",
        'x\t"ana@example.com"',
        '{"email":"ana@example.com","n":1}',
        "'ana@example.com",
        "Ana <ana@example.com>|x",
        "mailto:ana@example.com",
        "ana@example.com.",
        'x,"two\r\nlines",ana@example.com',
    ],
)
def test_a_person_is_found(record: str) -> None:
    assert tells_of(record, ADDRESS)


@pytest.mark.parametrize(
    "record",
    [
        "",
        "x,y",
        "susana@example.com",
        "joe.ana@example.com",
        "o'ana@example.com",
        "ana@example.com.au",
        "ana@example.company",
    ],
)
def test_another_person_is_not_taken_for_them(record: str) -> None:
    assert not tells_of(record, ADDRESS)


def test_a_number_is_found_as_it_is_written() -> None:
    assert tells_of("1;+17175550100;x", "+17175550100")
    assert not tells_of("1;+171755501009;x", "+17175550100")
