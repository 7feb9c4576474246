"""What is no table is named as what it is."""

from __future__ import annotations

import random

import pytest

from listrak_relay.adapters.formats.kinds import refuse_other_kinds
from listrak_relay.errors import FileRejectedError

WIDE = "email,name\n" + "ada@example.com,Ada \U0001f600 \u4e2d\u6587\u0141\n" * 20
NOISE = random.Random(1).randbytes(4_096)


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "an HTML page"),
        (b"\xef\xbb\xbf  \n<HTML><head>", "an HTML page"),
        (b'<?xml version="1.0"?><rows><row/></rows>', "an XML document"),
        (b"<customers>\n  <customer>", "an XML document"),
        ("<html><table><tr><td>email".encode("utf-16"), "an HTML page"),
        (b"\x89PNG\r\n\x1a\n", "a PNG image"),
        (b"%PDF-1.7", "a PDF document"),
        (b"Obj\x01", "an Avro file"),
        (b"ORC" + NOISE, "an ORC file"),
        (b"email\x1fname\x1eada@example.com\x1fAda\x1e", "text with signs for the ends of values and rows"),
        (NOISE, "binary data, no text"),
        (b"".join(NOISE[n : n + 1] + b"\0" for n in range(1_000)), "binary data, no text"),
    ],
)
def test_a_file_of_another_kind_is_named(start: bytes, words: str) -> None:
    with pytest.raises(FileRejectedError, match=f"this is {words}.*, which is not read") as caught:
        refuse_other_kinds(start, "email/vip/file")

    assert caught.value.code == "format_unsupported"


@pytest.mark.parametrize(
    "start",
    [
        b"email,name\nada@example.com,Ada\n",
        b"<email>,<name>\nada@example.com,Ada\n",
        b"email,name\n" + b"a\0@example.com,Ada\n" * 2,
        "email,name\nada@example.com,\u00c4da\n".encode("utf-16-le"),
        "email,name\nada@example.com,\u00c4da\n".encode("utf-16"),
        WIDE.encode("utf-16-le"),
        WIDE.encode("utf-16-be"),
        b"ORCID,email\n0000-0002-1825-0097,ada@example.com\n",
        ("email,name\nada@example.com," + "\u00e4\u00f6\u00fc\u00df" * 400).encode("windows-1252"),
        ("email,name\nada@example.com,<b>\n" * 9).encode("utf-16"),
        ("\u30e1\u30fc\u30eb,\u540d\u524d\n" * 200).encode("shift-jis"),
    ],
)
def test_a_table_is_let_through_in_any_encoding(start: bytes) -> None:
    refuse_other_kinds(start, "email/vip/file")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-32-le"])
def test_wide_text_without_latin_letters_is_let_through_where_its_encoding_is_told(encoding: str) -> None:
    start = ("\u4e2d\u6587\U0001f600" * 300).encode(encoding)

    refuse_other_kinds(start, "email/vip/file", encoding)
