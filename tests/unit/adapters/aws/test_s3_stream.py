"""What the first answer of a read tells of its object, and when it is not believed."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.adapters.aws.s3_stream import read_on

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

BODY = b"0123456789" * 10
ETAG = '"5d41402abc4b2a76b9719d911017c592"'
HEADERS = ("ContentRange", "ETag", "LastModified")
CHANGED = datetime(2027, 1, 15, 8, tzinfo=UTC)


class FakeS3:
    """One object. ``changes``: what the first answer of GetObject has instead, None for nothing at all."""

    def __init__(self, changes: dict[str, Any], first_body: bytes) -> None:
        self.calls: list[str] = []
        self._changes = changes
        self._first_body = first_body

    def head_object(self, **_asked: str) -> dict[str, Any]:
        self.calls.append("HeadObject")
        return {"ETag": ETAG, "ContentLength": len(BODY), "LastModified": CHANGED}

    def get_object(self, **asked: str) -> dict[str, Any]:
        self.calls.append("GetObject")
        first = int(asked["Range"].removeprefix("bytes=").partition("-")[0])
        answer = {"ETag": ETAG, "ContentRange": f"bytes {first}-{len(BODY) - 1}/{len(BODY)}", "LastModified": CHANGED}
        if len(self.calls) > 1:
            return answer | {"Body": io.BytesIO(BODY[first:])}
        left = {name: value for name, value in (answer | self._changes).items() if value is not None}
        return left | {"Body": io.BytesIO(self._first_body)}


def read(changes: dict[str, Any], first: int, first_body: bytes) -> tuple[bytes, list[str]]:
    """What was read, and by which calls."""
    s3 = FakeS3(changes, first_body)
    with read_on(cast("S3Client", s3), "bucket", "key", first=first, sleep=lambda _: None) as stream:
        return stream.readall(), s3.calls


@pytest.mark.parametrize("first", [0, 37])
def test_a_whole_answer_is_all_that_is_asked_for(first: int) -> None:
    assert read({}, first, BODY[first:]) == (BODY[first:], ["GetObject"])


@given(
    first=st.integers(0, 99), kept=st.integers(0, 14), last=st.sampled_from(["ContentRange", "ETag", "LastModified"])
)
def test_an_answer_that_broke_off_in_its_headers_is_not_believed(first: int, kept: int, last: str) -> None:
    """``last``: the header of which ``kept`` signs are left; there is none after it, and no body."""
    whole = f"bytes {first}-{len(BODY) - 1}/{len(BODY)}"
    changes: dict[str, dict[str, Any]] = {
        "ContentRange": {"ContentRange": whole[:kept], "ETag": None, "LastModified": None},
        "ETag": {"ETag": ETAG[:kept], "LastModified": None},
        "LastModified": {"LastModified": None},
    }

    got, calls = read(changes[last], first, b"")

    assert got == BODY[first:]
    assert calls == ["GetObject", "HeadObject", "GetObject"]


def test_half_a_range_is_not_taken_for_a_shorter_object() -> None:
    got, _ = read({"ContentRange": "bytes 0-99/10"}, 0, BODY[:10])

    assert got == BODY
