"""What every object store does, the real one and the fake."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from listrak_relay.adapters.aws.s3_objects import S3ObjectStore
from listrak_relay.errors import RetryableError
from listrak_relay.file_slices import FileSlice
from listrak_relay.ports.storage import ObjectStore
from tests.support.aws.emulator import Emulator
from tests.support.fakes import FakeObjectStore


@pytest.fixture(params=["fake", "s3"])
def store(request: pytest.FixtureRequest) -> ObjectStore:
    if request.param == "fake":
        return FakeObjectStore()
    emulator: Emulator = request.getfixturevalue("emulator")
    return S3ObjectStore(emulator.create_bucket(), emulator.s3)


def content(store: ObjectStore, key: str) -> bytes:
    with store.open(key) as stream:
        return stream.read()


def test_an_object_comes_back_as_it_was_put(store: ObjectStore) -> None:
    store.put("runs/r 1/ü+%2F.json", b"\x00{}\r\n", "application/json")

    assert content(store, "runs/r 1/ü+%2F.json") == b"\x00{}\r\n"
    assert store.size("runs/r 1/ü+%2F.json") == 5


def test_a_second_put_replaces_the_first(store: ObjectStore) -> None:
    store.put("a", b"first and longer", "text/plain")
    store.put("a", b"second", "text/plain")

    assert content(store, "a") == b"second"


def test_an_empty_object_is_an_object(store: ObjectStore) -> None:
    store.put("a", b"", "text/plain")

    assert content(store, "a") == b""
    assert store.size("a") == 0


@pytest.mark.parametrize("size", [0, 10, 35_000_000])
def test_a_file_comes_back_as_it_was_put(store: ObjectStore, tmp_path: Path, size: int) -> None:
    path = tmp_path / "chunk.csv"
    path.write_bytes(os.urandom(size))

    store.put_file("chunks/r/subscribe-0001.csv", path, "text/csv")

    assert content(store, "chunks/r/subscribe-0001.csv") == path.read_bytes()
    store.download("chunks/r/subscribe-0001.csv", tmp_path / "again")
    assert (tmp_path / "again").read_bytes() == path.read_bytes()
    assert store.size("chunks/r/subscribe-0001.csv") == size


@pytest.mark.parametrize("size", [0, 10, 35_000_000])
def test_of_a_slice_only_its_bytes_are_put(store: ObjectStore, tmp_path: Path, size: int) -> None:
    path, body = tmp_path / "subscribe.csv", os.urandom(size)
    path.write_bytes(b"chunk before" + body + b"chunk behind")

    store.put_slice("chunks/r/subscribe-0002.csv", FileSlice(path, 12, 12 + size), "text/csv")

    assert content(store, "chunks/r/subscribe-0002.csv") == body


@pytest.mark.parametrize("size", [0, 10, 16 * 2**20, 35_000_000])
def test_what_is_written_piece_by_piece_is_one_object(store: ObjectStore, size: int) -> None:
    body = os.urandom(size)
    store.put("a", b"the one before", "text/plain")

    with store.writing("a", "text/csv") as out:
        for first in range(0, size, 1_000_003):
            out.write(body[first : first + 1_000_003])
        assert content(store, "a") == b"the one before"

    assert content(store, "a") == body


@pytest.mark.parametrize("size", [10, 35_000_000])
def test_writing_that_breaks_off_changes_nothing(store: ObjectStore, size: int) -> None:
    store.put("a", b"the one before", "text/plain")

    def broken() -> None:
        with store.writing("a", "text/csv") as out:
            out.write(bytes(size))
            raise RetryableError("Listrak is away")

    with pytest.raises(RetryableError):
        broken()

    assert content(store, "a") == b"the one before"


def test_a_deleted_object_is_gone_and_one_that_was_never_there_can_be_deleted(store: ObjectStore) -> None:
    store.put("a", b"", "text/plain")

    store.delete("a")
    store.delete("never-there")

    assert store.keys("") == []


def test_an_object_is_read_line_by_line_and_in_pieces(store: ObjectStore) -> None:
    store.put("a", b"one\ntwo\nthree\n", "text/csv")

    with store.open("a") as stream:
        assert stream.read(2) == b"on"
        assert stream.readline() == b"e\n"
        assert list(stream) == [b"two\n", b"three\n"]


def test_a_missing_object_is_a_missing_file(store: ObjectStore, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        store.open("nowhere")
    with pytest.raises(FileNotFoundError):
        store.download("nowhere", tmp_path / "nothing")
    with pytest.raises(FileNotFoundError):
        store.size("nowhere")


def test_keys_are_those_with_the_prefix_in_lexical_order(store: ObjectStore) -> None:
    for key in ("runs/b/2", "runs/b/10", "runs/a", "chunks/b/1", "runs/b/ä"):
        store.put(key, b"", "text/plain")

    assert store.keys("runs/b/") == ["runs/b/10", "runs/b/2", "runs/b/ä"]
    assert store.keys("nothing/") == []
