"""Reading one S3 object from start to end over connections that may break."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, HTTPClientError, IncompleteReadError
from botocore.exceptions import ConnectionError as BotoConnectionError

from listrak_relay.adapters.aws_errors import aws_errors, error_code
from listrak_relay.errors import RetryableError

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from mypy_boto3_s3 import S3Client

_WAITS = (0.2, 0.5, 1.0, 2.0)
"""Seconds before each new connection in a row that brings nothing; one that brings anything starts the row anew."""

_BROKEN = (BotoConnectionError, HTTPClientError, IncompleteReadError)
_CHANGED = frozenset({"PreconditionFailed", "412", "NoSuchKey", "NoSuchVersion", "404"})


class S3Stream(io.RawIOBase):
    """The object as it is when this is made; after a break it goes on at the same byte of the same object.

    Raises:
        ClientError: as GetObject answers the first request.
        RetryableError: S3 stays unreachable, or the object was replaced meanwhile.
    """

    def __init__(self, client: S3Client, bucket: str, key: str, sleep: Callable[[float], None] = time.sleep) -> None:
        super().__init__()
        self._client = client
        self._bucket, self._key = bucket, key
        self._name = f"s3://{bucket}/{key}"
        self._sleep = sleep
        self._offset = 0
        self._body: StreamingBody | None = None
        answer = client.get_object(Bucket=bucket, Key=key)
        self._etag = answer["ETag"]
        self._body = answer["Body"]

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        view = memoryview(buffer)
        with aws_errors(f"reading {self._name}"):
            data = self._read(len(view))
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
                    self._body = self._reconnected()
                return self._body.read(size)
            except _BROKEN:
                self._drop_connection()
                if wait is None:
                    raise
                self._sleep(wait)
        raise AssertionError("the last wait is None")

    def _reconnected(self) -> StreamingBody:
        try:
            answer = self._client.get_object(
                Bucket=self._bucket, Key=self._key, Range=f"bytes={self._offset}-", IfMatch=self._etag
            )
        except ClientError as error:
            if error_code(error) in _CHANGED:
                raise RetryableError(f"{self._name} was replaced while it was being read") from error
            raise
        return answer["Body"]

    def _drop_connection(self) -> None:
        body, self._body = self._body, None
        if body is not None:
            body.close()
