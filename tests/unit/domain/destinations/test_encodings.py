"""What encodings are called, and which can be read line by line."""

from __future__ import annotations

import pytest

from listrak_relay.domain.destinations.encodings import codec_named, lines_stand_alone, shown_name


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("UTF-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("windows-1252", "cp1252"),
        ("Latin-1", "iso8859-1"),
        ("macintosh", "mac-roman"),
        ("MS932", "cp932"),
        ("ibm037", "cp037"),
    ],
)
def test_an_encoding_goes_by_any_name_that_python_knows(name: str, codec: str) -> None:
    assert codec_named(name) == codec


@pytest.mark.parametrize("name", ["", "klingon", "base64", "hex", "rot13", "idna", "punycode", "undefined", "a\0b"])
def test_what_is_no_encoding_of_files_has_no_codec(name: str) -> None:
    assert codec_named(name) is None


@pytest.mark.parametrize("codec", ["utf-8", "utf-16-le", "cp1250", "mac-roman", "shift_jis", "gb18030", "big5"])
def test_lines_can_be_found_where_their_end_is_as_in_ascii(codec: str) -> None:
    assert lines_stand_alone(codec)


@pytest.mark.parametrize("codec", ["utf-7", "utf-32", "iso2022_jp", "hz", "cp037"])
def test_lines_cannot_be_found_where_they_depend_on_others_or_end_otherwise(codec: str) -> None:
    assert not lines_stand_alone(codec)


def test_encodings_are_shown_by_the_names_that_people_use() -> None:
    assert [shown_name(codec) for codec in ("utf-8", "cp1252", "iso8859-1", "mac-roman", "cp850")] == [
        "UTF-8",
        "Windows-1252",
        "Latin-1",
        "mac-roman",
        "cp850",
    ]
