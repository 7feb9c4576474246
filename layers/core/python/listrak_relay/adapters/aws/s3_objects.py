"""Objects in S3: the WorkBucket and the DropBucket."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from botocore.exceptions import ClientError
from s3transfer.manager import TransferConfig, TransferManager

from listrak_relay.adapters.aws.errors import aws_errors, error_code
from listrak_relay.adapters.aws.s3_copy import CONNECTIONS, PART_SIZE, copy_parallel, copy_stream
from listrak_relay.adapters.aws.s3_stream import READ_BUFFER, S3Stream, S3Version, look_up, read_on
from listrak_relay.adapters.aws.s3_upload import S3Upload
from listrak_relay.domain.run.object_kinds import folder_of
from listrak_relay.domain.run.runs import UNVERSIONED, DroppedFile
from listrak_relay.errors import FileRejectedError
from listrak_relay.file_slices import FileSlice

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_TRANSFER = TransferConfig(
    multipart_threshold=2 * PART_SIZE,
    multipart_chunksize=PART_SIZE,
    max_request_concurrency=CONNECTIONS,
    max_in_memory_upload_chunks=CONNECTIONS,  # parts of a stream wait in memory
)

_MISSING = frozenset({"404", "NoSuchKey", "NotFound"})
_GONE = _MISSING | {"405", "MethodNotAllowed", "NoSuchVersion"}
"""A delete marker answers with "method not allowed"."""


class S3ObjectStore:
    """`ports.storage.ObjectStore` over one bucket.

    S3 tells a caller who may not list the bucket that a missing object is forbidden, so a role that is to learn of
    missing objects needs s3:ListBucket.
    """

    def __init__(self, bucket: str, client: S3Client) -> None:
        self._bucket = bucket
        self._client = client

    def open(self, key: str, first: int = 0) -> BinaryIO:
        with aws_errors(f"reading {self._name(key)}"), _missing_as_file_not_found(key):
            stream = read_on(self._client, self._bucket, key, first=first)
        return io.BufferedReader(stream, READ_BUFFER)

    def download(self, key: str, path: Path) -> None:
        with aws_errors(f"reading {self._name(key)}"), _missing_as_file_not_found(key):
            found = look_up(self._client, self._bucket, key)
        copy_parallel(self._client, found, path, 0, found.size)

    def put(self, key: str, body: bytes, content_type: str) -> None:
        with aws_errors(f"writing {self._name(key)}"):
            self._client.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType=content_type)

    def put_file(self, key: str, path: Path, content_type: str) -> None:
        """Above 32 MB in parts of 16 MB, sent side by side."""
        _upload(self._client, self._bucket, key, str(path), content_type)

    def put_slice(self, key: str, part: FileSlice, content_type: str) -> None:
        """As `put_file`."""
        with part.open() as stream:
            _upload(self._client, self._bucket, key, stream, content_type)

    @contextmanager
    def writing(self, key: str, content_type: str) -> Iterator[BinaryIO]:
        upload = S3Upload(self._client, self._bucket, key, content_type)
        try:
            yield cast("BinaryIO", upload)
            upload.finish()
        except BaseException:
            upload.abort()
            raise

    def delete(self, key: str) -> None:
        with aws_errors(f"deleting {self._name(key)}"):
            self._client.delete_object(Bucket=self._bucket, Key=key)

    def size(self, key: str) -> int:
        with aws_errors(f"reading {self._name(key)}"), _missing_as_file_not_found(key):
            return look_up(self._client, self._bucket, key).size

    def keys(self, prefix: str) -> list[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        with aws_errors(f"listing {self._name(prefix)}"):
            return sorted(found["Key"] for page in pages for found in page.get("Contents", []))

    def _name(self, key: str) -> str:
        return f"s3://{self._bucket}/{key}"


class S3DropStore:
    """`ports.storage.DropStore`. Each file names its own bucket.

    Without versioning (version id empty, ``null`` or `UNVERSIONED`) a file overwritten since its event cannot be had
    any more: it counts as gone, and the event of the new content brings that. All parts are asked for with one ETag, so
    that they are of one object.
    """

    def __init__(self, client: S3Client, sleep: Callable[[float], None] = time.sleep) -> None:
        self._client = client
        self._sleep = sleep

    def download(self, source: DroppedFile, path: Path, first: int = 0, end: int | None = None) -> None:
        if source.size <= PART_SIZE and not first and end is None:
            with self.open(source) as stream:
                copy_stream(stream, source.key, path)
            return
        found = self._find(source)
        copy_parallel(self._client, found, path, first, found.size if end is None else end, self._sleep)

    def open(self, source: DroppedFile, first: int = 0, end: int | None = None) -> BinaryIO:
        if end is None:
            stream = self._read_on(source, first)
        else:
            stream = S3Stream(self._client, self._find(source), first, end, self._sleep)
        return io.BufferedReader(stream, READ_BUFFER)

    def modified(self, source: DroppedFile) -> float:
        return self._find(source).modified

    def _read_on(self, source: DroppedFile, first: int) -> S3Stream:
        with _gone_as_rejected(source):
            stream = read_on(self._client, source.bucket, source.key, _version_id(source), first, self._sleep)
        try:
            _check(stream.version, source)
        except FileRejectedError:
            stream.close()
            raise
        return stream

    def _find(self, source: DroppedFile) -> S3Version:
        with _gone_as_rejected(source):
            found = look_up(self._client, source.bucket, source.key, _version_id(source))
        _check(found, source)
        return found

    def folder(self, marker: DroppedFile) -> list[DroppedFile]:
        """Asks for versions, so the role needs s3:ListBucketVersions."""
        prefix = folder_of(marker.key)
        pages = self._client.get_paginator("list_object_versions").paginate(Bucket=marker.bucket, Prefix=prefix)
        with aws_errors(f"listing s3://{marker.bucket}/{prefix}"):
            found = [version for page in pages for version in page.get("Versions", []) if version["IsLatest"]]
        return [
            DroppedFile(
                marker.bucket, v["Key"], v["VersionId"], v["Size"], v["LastModified"].strftime("%Y-%m-%dT%H:%M:%SZ")
            )
            for v in sorted(found, key=lambda version: version["Key"])
        ]


def _upload(client: S3Client, bucket: str, key: str, content: str | BinaryIO, content_type: str) -> None:
    """``content``: the name of a file, or a stream that can be wound back."""
    with aws_errors(f"writing s3://{bucket}/{key}"), TransferManager(client, _TRANSFER) as manager:
        manager.upload(content, bucket, key, extra_args={"ContentType": content_type}).result()


@contextmanager
def _missing_as_file_not_found(key: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        if error_code(error) in _MISSING:
            raise FileNotFoundError(key) from error
        raise


@contextmanager
def _gone_as_rejected(source: DroppedFile) -> Iterator[None]:
    with aws_errors(f"reading s3://{source.bucket}/{source.key}"):
        try:
            yield
        except ClientError as error:
            if error_code(error) in _GONE:
                raise _gone(source, "is no longer there") from error
            raise


def _version_id(source: DroppedFile) -> str:
    """Empty: its bucket keeps no versions."""
    unversioned = source.version_id in {"", "null"} or source.version_id.startswith(UNVERSIONED)
    return "" if unversioned else source.version_id


def _check(found: S3Version, source: DroppedFile) -> None:
    """Raises FileRejectedError: without versions it is told by its size, and its ETag where the event named one."""
    etag = source.version_id.removeprefix(UNVERSIONED) if source.version_id.startswith(UNVERSIONED) else ""
    if not found.version_id and (found.size != source.size or (etag and found.etag.strip('"') != etag)):
        raise _gone(source, "is not as it was when it was dropped: a later file took its place")


def _gone(source: DroppedFile, what: str) -> FileRejectedError:
    version = f" (version {source.version_id})" if source.version_id else ""
    return FileRejectedError("file_gone", f"s3://{source.bucket}/{source.key}{version} {what}; drop the file again")
