"""A file inside a JSON body: the announced length, the content, and a file that is not as long as said."""

import base64
import json
import tracemalloc
from io import BytesIO, RawIOBase
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listrak_relay.adapters.listrak.base64_body import Base64JsonBody, SizeMismatchError

BLOCK = 3 * (1 << 16)
AROUND_A_BLOCK = [0, 1, 2, 3, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 2]
json_values = st.dictionaries(st.text(), st.booleans() | st.integers() | st.text() | st.none() | st.lists(st.text()))


class Dribbling(RawIOBase):
    """Gives at most ``most`` bytes at a time."""

    def __init__(self, content: bytes, most: int) -> None:
        self._file, self._most = BytesIO(content), most

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        block = self._file.read(min(len(buffer), self._most))
        buffer[: len(block)] = block
        return len(block)


class Zeros(RawIOBase):
    """``size`` zero bytes out of nowhere."""

    def __init__(self, size: int) -> None:
        self._left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count = min(len(buffer), self._left)
        buffer[:count] = bytes(count)
        self._left -= count
        return count


def body_of(content: bytes, values: dict[str, Any] | None = None) -> Base64JsonBody:
    return Base64JsonBody(values or {}, "file", BytesIO(content), len(content))


def drained(body: Base64JsonBody, piece: int = 1 << 18) -> bytes:
    return b"".join(iter(lambda: body.read(piece) or b"", b""))


@given(values=json_values, name=st.text(min_size=1), content=st.binary(max_size=700), piece=st.integers(1, 400))
def test_the_body_is_json_of_the_announced_length_with_the_file_unchanged(
    values: dict[str, Any], name: str, content: bytes, piece: int
) -> None:
    values.pop(name, None)
    body = Base64JsonBody(values, name, BytesIO(content), len(content))

    announced, sent = len(body), drained(body, piece)

    assert len(sent) == announced == body.tell()
    document = json.loads(sent)
    assert base64.b64decode(document.pop(name), validate=True) == content
    assert document == values


@pytest.mark.parametrize("size", AROUND_A_BLOCK)
def test_the_length_is_exact_around_the_borders_of_blocks(size: int) -> None:
    content = (bytes(range(256)) * (size // 256 + 1))[:size]
    body = body_of(content, {"fileName": "people.csv"})

    announced, sent = len(body), drained(body)

    assert len(sent) == announced
    assert base64.b64decode(json.loads(sent)["file"], validate=True) == content


@given(content=st.binary(min_size=1, max_size=300), most=st.integers(1, 7))
def test_a_file_that_comes_in_small_pieces_is_joined(content: bytes, most: int) -> None:
    body = Base64JsonBody({}, "file", Dribbling(content, most), len(content))  # type: ignore[arg-type]

    assert base64.b64decode(json.loads(drained(body))["file"]) == content


@pytest.mark.parametrize("missing", [1, 2, 3, BLOCK])
def test_a_short_file_leaves_a_body_without_its_end(missing: int) -> None:
    body = Base64JsonBody({}, "file", BytesIO(b"x" * BLOCK), BLOCK + missing)

    sent = bytearray()
    with pytest.raises(SizeMismatchError):
        sent += drained(body)

    assert body.tell() < len(body)
    assert drained(body) == b""


@given(content=st.binary(max_size=300), more=st.binary(min_size=1, max_size=9))
def test_a_long_file_is_never_cut_in_silence(content: bytes, more: bytes) -> None:
    body = Base64JsonBody({}, "file", BytesIO(content + more), len(content))

    with pytest.raises(SizeMismatchError):
        drained(body)

    assert body.tell() < len(body)


def test_memory_does_not_grow_with_the_file() -> None:
    size = 12_000_000
    body = Base64JsonBody({}, "file", Zeros(size), size)  # type: ignore[arg-type]

    tracemalloc.start()
    sent = sum(len(piece) for piece in iter(lambda: body.read(1 << 18) or b"", b""))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert sent == len(body)
    assert peak < 4_000_000
