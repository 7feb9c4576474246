"""Reading one S3 object, or a range of it, over connections that may break."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, HTTPClientError, IncompleteReadError
from botocore.exceptions import ConnectionError as BotoConnectionError

from listrak_relay.adapters.aws.errors import aws_errors, error_code
from listrak_relay.errors import RetryableError

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import GetObjectOutputTypeDef

READ_BUFFER = 2**20

_WAITS = (0.2, 0.5, 1.0, 2.0)
"""Seconds before each new connection in a row that brings nothing; one that brings anything starts the row anew."""

_BROKEN = (BotoConnectionError, HTTPClientError, IncompleteReadError)
_SPAN = re.compile(r"bytes (?P<first>\d+)-(?P<last>\d+)/(?P<size>\d+)")
_ETAG = re.compile(r'"[^"]+"')
_NO_BYTES = frozenset({"InvalidRange", "416"})
_CHANGED = frozenset({"PreconditionFailed", "412", "NoSuchKey", "NoSuchVersion", "404"})


@dataclass(frozen=True, slots=True)
class S3Version:
    """One object as it was at one moment. ``version_id`` empty: the bucket keeps no versions. ``size`` in bytes.
    ``modified``: epoch seconds.
    """

    bucket: str
    key: str
    version_id: str
    etag: str
    size: int
    modified: float

    @property
    def name(self) -> str:
        return f"s3://{self.bucket}/{self.key}"


def look_up(client: S3Client, bucket: str, key: str, version_id: str = "") -> S3Version:
    """Raises ClientError: as HeadObject answers."""
    answer = client.head_object(Bucket=bucket, Key=key, **_pinned(version_id))
    try:
        modified = answer["LastModified"].timestamp()
        return S3Version(bucket, key, version_id, answer["ETag"], answer["ContentLength"], modified)
    except KeyError:
        raise RetryableError(f"s3://{bucket}/{key}: the answer broke off") from None


def read_on(
    client: S3Client,
    bucket: str,
    key: str,
    version_id: str = "",
    first: int = 0,
    sleep: Callable[[float], None] = time.sleep,
) -> S3Stream:
    """All from the byte ``first`` of an object, which is what the answer with the bytes says it is. It is looked up
    only if it has no bytes there, or if that answer broke off.

    Raises ClientError: as GetObject or HeadObject answers.
    """
    try:
        answer = client.get_object(Bucket=bucket, Key=key, Range=f"bytes={first}-", **_pinned(version_id))
    except ClientError as error:
        if error_code(error) not in _NO_BYTES:
            raise
    else:
        if told := _told_by(answer, first):
            found = S3Version(bucket, key, version_id, *told)
            return S3Stream(client, found, first, sleep=sleep, body=answer["Body"])
        answer["Body"].close()
    return S3Stream(client, look_up(client, bucket, key, version_id), first, sleep=sleep)


def _told_by(answer: GetObjectOutputTypeDef, first: int) -> tuple[str, int, float] | None:
    """ETag, size and time of change; None: it broke off. A range that did so within a number ends at another byte than
    the one before the size."""
    span, etag = _SPAN.fullmatch(answer.get("ContentRange", "")), answer.get("ETag", "")
    if not span or not _ETAG.fullmatch(etag) or "LastModified" not in answer:
        return None
    size = int(span["size"])
    if (int(span["first"]), int(span["last"])) != (first, size - 1):
        return None
    return etag, size, answer["LastModified"].timestamp()


def _pinned(version_id: str) -> dict[str, Any]:
    return {"VersionId": version_id} if version_id else {}


class S3Stream(io.RawIOBase):
    """The bytes from ``first`` up to ``end`` (None: all) of an object; after a break it goes on at the same byte.

    A connection that ends within the headers of an answer leaves what looks like a whole, empty answer, and botocore
    takes it for one. So every answer must name the range that was asked for, and every byte of it must arrive.

    Raises:
        RetryableError: S3 stays unreachable, or the object was replaced meanwhile.
    """

    def __init__(
        self,
        client: S3Client,
        version: S3Version,
        first: int = 0,
        end: int | None = None,
        sleep: Callable[[float], None] = time.sleep,
        body: StreamingBody | None = None,
    ) -> None:
        """``body``: of an answer that begins at ``first``; None asks for one."""
        super().__init__()
        self._client = client
        self.version = version
        self._offset = first
        self._end = version.size if end is None else end
        self._sleep = sleep
        self._body = body

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        view = memoryview(buffer)
        wanted = min(len(view), self._end - self._offset)
        if not wanted:
            return 0
        with aws_errors(f"reading {self.version.name}"):
            data = self._read(wanted)
        view[: len(data)] = data
        self._offset += len(data)
        return len(data)

    def close(self) -> None:
        self._drop_connection()
        super().close()

    def _read(self, size: int) -> bytes:
        for wait in (*_WAITS, None):
            try:
                if self._body is None:
                    self._body = self._connected()
                if data := self._body.read(size):
                    return data
                raise IncompleteReadError(actual_bytes=self._offset, expected_bytes=self._end)
            except _BROKEN:
                self._drop_connection()
                if wait is None:
                    raise
                self._sleep(wait)
        raise AssertionError("the last wait is None")

    def _connected(self) -> StreamingBody:
        version = self.version
        span = f"{self._offset}-{self._end - 1}"
        try:
            answer = self._client.get_object(
                Bucket=version.bucket,
                Key=version.key,
                Range=f"bytes={span}",
                IfMatch=version.etag,
                **_pinned(version.version_id),
            )
        except ClientError as error:
            if error_code(error) in _CHANGED:
                raise RetryableError(f"{version.name} was replaced while it was being read") from error
            raise
        if answer.get("ContentRange") != f"bytes {span}/{version.size}":
            answer["Body"].close()
            raise IncompleteReadError(actual_bytes=self._offset, expected_bytes=self._end)
        return answer["Body"]

    def _drop_connection(self) -> None:
        body, self._body = self._body, None
        if body is not None:
            body.close()
