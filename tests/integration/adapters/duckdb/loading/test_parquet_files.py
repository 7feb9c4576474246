"""Parquet files: what values become, and which files are refused."""

from __future__ import annotations

import base64

import pytest

from listrak_relay.errors import FileRejectedError
from tests.support.files.audience_files import read
from tests.support.files.parquet_files import parquet, row


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("17175550100::DOUBLE", "17175550100"),
        ("1e20::DOUBLE", "100000000000000000000"),
        ("0.25::FLOAT", "0.25"),
        ("'-0.0'::DOUBLE", "0"),
        ("'nan'::DOUBLE", ""),
        ("1.10::DECIMAL(9, 2)", "1.10"),
        ("18446744073709551615::UBIGINT", "18446744073709551615"),
        ("true", "true"),
        ("DATE '1990-02-28'", "02/28/1990"),
        ("['a', 'b,c']", '["a","b,c"]'),
        ("{'a': 1, 'b': NULL}", '{"a":1,"b":null}'),
        ("MAP {'k': 1}", '{"k":1}'),
        ("[12.50::DECIMAL(9, 2), NULL]", "[12.50,null]"),
        ("[]::DECIMAL(9, 2)[]", "[]"),
        ("[0.1::FLOAT, 'nan'::FLOAT, '-inf'::FLOAT]", '[0.1,null,"-inf"]'),
        ("[99999999999999999999999999999999999999::DECIMAL(38, 0)]", f"[{'9' * 38}]"),
        ("{'a \"b\"''s': 1.50::DECIMAL(9, 2), 'n': 'c\"d', 'x': NULL}", '{"a \\"b\\"\'s":1.50,"n":"c\\"d","x":null}'),
        ("[{'m': MAP {'k': [2.10::DECIMAL(9, 2)], 'l': NULL}}, NULL]", '[{"m":{"k":[2.10],"l":null}},null]'),
        ("MAP {1.50::DECIMAL(9, 2): 0.1::FLOAT}", '{"1.50":0.1}'),
        ("{'a': [1, 2]}::VARIANT", '{"a":[1,2]}'),
        ("'a\"b'::VARIANT", 'a"b'),
        ("1.50::DECIMAL(9, 2)::VARIANT", "1.50"),
        ("'Zoë'::BLOB", "Zoë"),
    ],
)
def test_values_become_text_as_in_other_formats(value: str, text: str) -> None:
    found = read(parquet(row("a", value.replace("'Zoë'::BLOB", "encode('Zoë')"))))

    assert found.values == {1: ["a@example.com", text]}


@pytest.mark.parametrize("codec", ["uncompressed", "snappy", "gzip", "zstd", "lz4", "brotli"])
def test_every_codec_is_read(codec: str) -> None:
    assert read(parquet(row("a", "1"), options=f", COMPRESSION {codec}")).values == {1: ["a@example.com", "1"]}


def test_a_text_that_very_many_rows_share_is_refused_by_what_it_comes_to() -> None:
    rows = "SELECT 'a@example.com' AS email, repeat('y', 100000) AS n FROM range(60000)"

    with pytest.raises(FileRejectedError, match="6,000") as caught:
        read(parquet(rows, options=", DICTIONARY_SIZE_LIMIT 1000, STRING_DICTIONARY_PAGE_SIZE_LIMIT 1000000"))

    assert caught.value.code == "file_too_large"


def test_two_columns_of_one_name_are_refused() -> None:
    renamed = parquet("SELECT 'a@example.com' AS email, 'b@example.com' AS emaij").replace(b"emaij", b"email")

    with pytest.raises(FileRejectedError) as caught:
        read(renamed)
    assert caught.value.code == "header_duplicate"


def test_an_encrypted_file_is_known_by_both_its_ends() -> None:
    with pytest.raises(FileRejectedError, match="encrypted") as caught:
        read(b"PARE" + b"\x15\xf7" * 40 + b"PARE")

    assert caught.value.code == "parquet_unreadable"
    assert read("PARENT,email\n1,a@example.com\n").values == {2: ["a@example.com", "1"]}


HALVES = base64.b64decode(
    "UEFSMRUAFZQBFZQBLBUIFQAVBhUGHAAAAAIAAAAIAQ0AAABhQGV4YW1wbGUuY29tDQAAAGJAZXhhbXBsZS5jb20NAAAAY0BleGFt"
    "cGxlLmNvbQ0AAABkQGV4YW1wbGUuY29tFQAVHBUcLBUIFQAVBhUGHAAAAAIAAAAIAWYuAEEAaAB+FQQZPDUAGAZzY2hlbWEVBAAV"
    "DCUCGAVlbWFpbCUATBwAAAAVDhUEFQIYAXZs/AAAABYIGRwZLCYAHBUMGSUGABkYBWVtYWlsFQAWCBa+ARa+ASYISRwVABUAFQIA"
    "PBZoGQYZJgAIAAAAJgAcFQ4ZJQYAGRgBdhUAFggWQhZCJsYBSRwVABUAFQIAPCkGGSYACAAAABaAAhYIJggWgAIAKCBwYXJxdWV0"
    "LWNwcC1hcnJvdyB2ZXJzaW9uIDI2LjAuMRksHAAAHAAAAMoAAABQQVIx"
)
"""Of PyArrow: 0.1, 2.5, 2048 and NaN as numbers of two bytes."""


def test_numbers_of_two_bytes_have_the_digits_that_were_written() -> None:
    assert [row[1] for row in read(HALVES).values.values()] == ["0.1", "2.5", "2048", ""]
