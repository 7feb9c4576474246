"""What every drop store does, the real one and the fake."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pytest

from listrak_relay.adapters.aws.s3_objects import S3DropStore
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.errors import FileRejectedError
from listrak_relay.ports.storage import DropStore
from tests.support.aws.emulator import Emulator
from tests.support.fakes import FakeDropStore


class Upstream(Protocol):
    """Whoever drops files, and the lifecycle rule that removes them."""

    @property
    def store(self) -> DropStore: ...

    def drop(self, key: str, body: bytes) -> DroppedFile: ...

    def remove(self, source: DroppedFile) -> None: ...


class FakeUpstream:
    def __init__(self) -> None:
        self.store = FakeDropStore()

    def drop(self, key: str, body: bytes) -> DroppedFile:
        return self.store.drop(key, body)

    def remove(self, source: DroppedFile) -> None:
        self.store.remove(source)


class S3Upstream:
    def __init__(self, emulator: Emulator) -> None:
        self.store = S3DropStore(emulator.s3)
        self._s3 = emulator.s3
        self._bucket = emulator.create_bucket()

    def drop(self, key: str, body: bytes) -> DroppedFile:
        version = self._s3.put_object(Bucket=self._bucket, Key=key, Body=body)["VersionId"]
        return DroppedFile(self._bucket, key, version, len(body), "2027-01-15T08:00:00Z")

    def remove(self, source: DroppedFile) -> None:
        self._s3.delete_object(Bucket=source.bucket, Key=source.key, VersionId=source.version_id)


@pytest.fixture(params=["fake", "s3"])
def upstream(request: pytest.FixtureRequest) -> Upstream:
    return FakeUpstream() if request.param == "fake" else S3Upstream(request.getfixturevalue("emulator"))


def test_the_time_of_a_drop_is_that_of_the_version_in_whole_seconds(upstream: Upstream) -> None:
    source = upstream.drop("email/vip/people.csv", b"email\n")

    modified = upstream.store.modified(source)

    assert modified == int(modified) > 1_700_000_000


def test_a_version_that_is_gone_has_no_time(upstream: Upstream) -> None:
    source = upstream.drop("email/vip/people.csv", b"email\n")
    upstream.remove(source)

    with pytest.raises(FileRejectedError):
        upstream.store.modified(source)


def test_the_pinned_version_is_read_though_the_file_was_overwritten(upstream: Upstream, tmp_path: Path) -> None:
    source = upstream.drop("email/vip/people list+ü.csv", b"email\nfirst@example.com\n")
    upstream.drop("email/vip/people list+ü.csv", b"email\nsecond@example.com\n")

    upstream.store.download(source, tmp_path / "file")

    assert (tmp_path / "file").read_bytes() == b"email\nfirst@example.com\n"


@pytest.mark.parametrize(("first", "end"), [(0, 3), (3, None), (2, 9), (20, 20)])
def test_a_range_of_the_pinned_version_is_read(upstream: Upstream, tmp_path: Path, first: int, end: int | None) -> None:
    source = upstream.drop("email/vip/people.csv", b"email\nfirst@example.com\n")
    upstream.drop("email/vip/people.csv", b"email\nsecond@example.com\n")

    upstream.store.download(source, tmp_path / "file", first, end)

    assert (tmp_path / "file").read_bytes() == b"email\nfirst@example.com\n"[first:end]
    with upstream.store.open(source, first, end) as stream:
        assert stream.read() == (tmp_path / "file").read_bytes()


def test_an_empty_file_is_read(upstream: Upstream, tmp_path: Path) -> None:
    source = upstream.drop("email/vip/empty.csv", b"")

    upstream.store.download(source, tmp_path / "file")

    assert (tmp_path / "file").read_bytes() == b""


def test_a_version_that_was_removed_is_gone(upstream: Upstream, tmp_path: Path) -> None:
    source = upstream.drop("email/vip/people.csv", b"email\n")
    upstream.drop("email/vip/people.csv", b"email\n")
    upstream.remove(source)

    with pytest.raises(FileRejectedError) as refused:
        upstream.store.download(source, tmp_path / "file")

    assert refused.value.code == "file_gone"
    assert "email/vip/people.csv" in str(refused.value)
    with pytest.raises(FileRejectedError, match="people"):
        upstream.store.open(source)


def test_a_folder_lists_the_newest_version_of_what_lies_in_it_and_below(upstream: Upstream) -> None:
    upstream.drop("email/vip/may/b.csv", b"old")
    newest = [
        upstream.drop("email/vip/may/a.csv", b"a"),
        upstream.drop("email/vip/may/b.csv", b"newer"),
        upstream.drop("email/vip/may/deep/c.csv", b"c"),
        upstream.drop("email/vip/may/x.DONE", b""),
    ]
    upstream.drop("email/vip/june/d.csv", b"d")
    upstream.drop("email/vip/maybe.csv", b"e")

    found = upstream.store.folder(newest[-1])

    assert [(part.key, part.version_id, part.size) for part in found] == [
        (part.key, part.version_id, part.size) for part in newest
    ]
    assert all(part.bucket == newest[0].bucket for part in found)
