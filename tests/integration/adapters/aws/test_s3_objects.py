"""What only S3 can do wrong: broken connections, files overwritten meanwhile, missing permissions and buckets."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from listrak_relay.adapters.aws.s3_objects import S3DropStore, S3ObjectStore
from listrak_relay.adapters.aws.s3_stream import S3Stream, look_up
from listrak_relay.domain.run.runs import DroppedFile
from listrak_relay.errors import ConfigurationError, FileRejectedError, FileTooLargeError, RetryableError
from listrak_relay.file_slices import FileSlice
from tests.support.aws.breaking_proxy import breaking_proxy
from tests.support.aws.emulator import Emulator

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

MEGABYTE = 2**20


def no_wait(_: float) -> None:
    return


def reading(client: S3Client, bucket: str) -> S3Stream:
    return S3Stream(client, look_up(client, bucket, "chunk"), sleep=no_wait)


# --- reading from the WorkBucket -------------------------------------------------------------------------------------


def test_a_read_goes_on_where_the_connection_broke(emulator: Emulator, bucket: str) -> None:
    body = os.urandom(3 * MEGABYTE)
    emulator.s3.put_object(Bucket=bucket, Key="chunk", Body=body)

    with breaking_proxy(emulator.endpoint, None, MEGABYTE, 100, MEGABYTE) as proxy:
        with reading(emulator.client("s3", proxy.endpoint), bucket) as stream:
            read = stream.readall()

        assert read == body
        assert proxy.connections == 5


def test_an_answer_that_breaks_off_in_its_headers_does_not_end_the_object(emulator: Emulator, bucket: str) -> None:
    emulator.s3.put_object(Bucket=bucket, Key="chunk", Body=b"everything")

    with (
        breaking_proxy(emulator.endpoint, None, 60) as proxy,
        reading(emulator.client("s3", proxy.endpoint), bucket) as stream,
    ):
        assert stream.readall() == b"everything"


def test_a_read_whose_connections_all_break_is_for_later(emulator: Emulator, bucket: str) -> None:
    emulator.s3.put_object(Bucket=bucket, Key="chunk", Body=os.urandom(MEGABYTE))

    with (
        breaking_proxy(emulator.endpoint, None, MEGABYTE // 2, *[100] * 20) as proxy,
        reading(emulator.client("s3", proxy.endpoint), bucket) as stream,
        pytest.raises(RetryableError),
    ):
        stream.readall()


def test_a_read_never_joins_two_objects(emulator: Emulator, bucket: str) -> None:
    emulator.s3.put_object(Bucket=bucket, Key="chunk", Body=os.urandom(MEGABYTE))

    with (
        breaking_proxy(emulator.endpoint, None, MEGABYTE // 2) as proxy,
        reading(emulator.client("s3", proxy.endpoint), bucket) as stream,
    ):
        emulator.s3.put_object(Bucket=bucket, Key="chunk", Body=os.urandom(MEGABYTE))
        with pytest.raises(RetryableError, match="replaced"):
            stream.readall()


@pytest.mark.parametrize("first", [0, 3])
def test_an_object_is_read_by_one_call(emulator: Emulator, bucket: str, first: int) -> None:
    emulator.s3.put_object(Bucket=bucket, Key="chunk", Body=b"everything")

    with breaking_proxy(emulator.endpoint) as proxy:
        with S3ObjectStore(bucket, emulator.client("s3", proxy.endpoint)).open("chunk", first) as stream:
            assert stream.read() == b"everything"[first:]

        assert proxy.connections == 1


def test_an_object_of_no_bytes_is_read_as_such(emulator: Emulator, bucket: str) -> None:
    emulator.s3.put_object(Bucket=bucket, Key="chunk", Body=b"")

    with S3ObjectStore(bucket, emulator.s3).open("chunk") as stream:
        assert stream.read() == b""


def test_a_store_that_cannot_be_reached_is_for_later(emulator: Emulator) -> None:
    store = S3ObjectStore("bucket", emulator.client("s3", "http://127.0.0.1:1"))

    with pytest.raises(RetryableError):
        store.open("key")
    with pytest.raises(RetryableError):
        store.put("key", b"", "text/plain")


def test_a_missing_bucket_is_a_fault_of_the_settings(emulator: Emulator, tmp_path: Path) -> None:
    store = S3ObjectStore("no-such-bucket", emulator.s3)
    (tmp_path / "file").write_bytes(b"content")

    for call in (
        lambda: store.put("key", b"", "text/plain"),
        lambda: store.put_file("key", tmp_path / "file", "text/plain"),
        lambda: store.put_slice("key", FileSlice(tmp_path / "file", 0, 7), "text/plain"),
        lambda: store.keys(""),
    ):
        with pytest.raises(ConfigurationError, match="no-such-bucket") as raised:
            call()
        assert raised.value.code == "aws_resource_missing"


def test_objects_keep_their_content_type(emulator: Emulator, bucket: str, tmp_path: Path) -> None:
    store = S3ObjectStore(bucket, emulator.s3)
    (tmp_path / "file").write_bytes(b"a,b\n")

    store.put("a", b"{}", "application/json")
    store.put_file("b", tmp_path / "file", "text/csv")
    store.put_slice("c", FileSlice(tmp_path / "file", 0, 3), "text/plain")

    kept = [emulator.s3.head_object(Bucket=bucket, Key=key)["ContentType"] for key in ("a", "b", "c")]
    assert kept == ["application/json", "text/csv", "text/plain"]


# --- reading from the DropBucket -------------------------------------------------------------------------------------


def dropped(emulator: Emulator, bucket: str, body: bytes) -> DroppedFile:
    version = emulator.s3.put_object(Bucket=bucket, Key="email/vip/people.csv", Body=body).get("VersionId", "")
    return DroppedFile(bucket, "email/vip/people.csv", version, len(body), "2027-01-15T08:00:00Z")


def test_a_large_file_is_read_in_parts_over_connections_that_break(
    emulator: Emulator, bucket: str, tmp_path: Path
) -> None:
    body = os.urandom(70 * MEGABYTE)
    source = dropped(emulator, bucket, body)
    dropped(emulator, bucket, b"overwritten")

    with breaking_proxy(emulator.endpoint, None, MEGABYTE, 5 * MEGABYTE, 100) as proxy:
        S3DropStore(emulator.client("s3", proxy.endpoint), no_wait).download(source, tmp_path / "file")

        assert proxy.connections > 4
    assert (tmp_path / "file").read_bytes() == body


def test_a_file_whose_connections_all_break_is_for_later(emulator: Emulator, bucket: str, tmp_path: Path) -> None:
    source = dropped(emulator, bucket, os.urandom(MEGABYTE))

    with (
        breaking_proxy(emulator.endpoint, MEGABYTE // 2, *[100] * 20) as proxy,
        pytest.raises(RetryableError),
    ):
        S3DropStore(emulator.client("s3", proxy.endpoint), no_wait).download(source, tmp_path / "file")

    assert not (tmp_path / "file").exists()


def test_a_file_that_does_not_fit_on_the_disk_is_left_to_be_read_in_ranges(
    emulator: Emulator, bucket: str, tmp_path: Path
) -> None:
    version = emulator.s3.put_object(Bucket=bucket, Key="email/vip/people.csv", Body=b"email\n")["VersionId"]
    source = DroppedFile(bucket, "email/vip/people.csv", version, 6, "2027-01-15T08:00:00Z")
    full_disk = tmp_path / "dropped"
    full_disk.symlink_to("/dev/full")

    with pytest.raises(FileTooLargeError, match=r"email/vip/people.csv.*IngestTmpMb"):
        S3DropStore(emulator.s3).download(source, full_disk)

    assert not full_disk.is_symlink()


@pytest.mark.parametrize("version", ["", "null"])
def test_a_file_in_a_bucket_without_versions_is_read(emulator: Emulator, tmp_path: Path, version: str) -> None:
    source = dropped(emulator, emulator.create_bucket(versioned=False), b"email\na@example.com\n")

    S3DropStore(emulator.s3).download(
        DroppedFile(source.bucket, source.key, version, source.size, source.dropped_at), tmp_path / "file"
    )

    assert (tmp_path / "file").read_bytes() == b"email\na@example.com\n"


def test_a_file_overwritten_in_a_bucket_without_versions_is_gone(emulator: Emulator, tmp_path: Path) -> None:
    source = dropped(emulator, emulator.create_bucket(versioned=False), b"email\na@example.com\n")
    dropped(emulator, source.bucket, b"email\nsomeone.else@example.com\n")

    with pytest.raises(FileRejectedError, match="later file") as refused:
        S3DropStore(emulator.s3).download(source, tmp_path / "file")

    assert refused.value.code == "file_gone"


def test_a_file_of_the_same_size_in_a_bucket_without_versions_is_told_by_its_content(
    emulator: Emulator, tmp_path: Path
) -> None:
    source = dropped(emulator, emulator.create_bucket(versioned=False), b"email\na@example.com\n")
    etag = emulator.s3.head_object(Bucket=source.bucket, Key=source.key)["ETag"].strip('"')
    told = DroppedFile(source.bucket, source.key, f"etag:{etag}", source.size, source.dropped_at)
    S3DropStore(emulator.s3).download(told, tmp_path / "file")
    dropped(emulator, source.bucket, b"email\nb@example.com\n")

    with pytest.raises(FileRejectedError, match="later file"):
        S3DropStore(emulator.s3).download(told, tmp_path / "file")


def test_a_file_deleted_from_a_bucket_without_versions_is_gone(emulator: Emulator, tmp_path: Path) -> None:
    source = dropped(emulator, emulator.create_bucket(versioned=False), b"email\na@example.com\n")
    emulator.s3.delete_object(Bucket=source.bucket, Key=source.key)

    with pytest.raises(FileRejectedError, match="no longer there"):
        S3DropStore(emulator.s3).download(source, tmp_path / "file")
