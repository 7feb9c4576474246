"""Writing an S3 object whose size nobody knows beforehand, in constant memory."""

from __future__ import annotations

import io
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from listrak_relay.adapters.aws.errors import aws_errors
from listrak_relay.adapters.aws.s3_copy import PART_SIZE
from listrak_relay.errors import RelayError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import CompletedPartTypeDef


class S3Upload(io.RawIOBase):
    """Sends a part whenever it has one. Only `finish` makes what was written an object, in place of the one before;
    until then, and after `abort`, nothing has changed. What is smaller than a part is put as it is."""

    def __init__(self, client: S3Client, bucket: str, key: str, content_type: str) -> None:
        super().__init__()
        self._client, self._bucket, self._key, self._content_type = client, bucket, key, content_type
        self._waiting = bytearray()
        self._parts: list[CompletedPartTypeDef] = []
        self._upload_id = ""

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self._waiting += data
        while len(self._waiting) >= PART_SIZE:
            self._send_part(PART_SIZE)
        return len(data)

    def finish(self) -> None:
        if not self._upload_id:
            with aws_errors(self._doing()):
                self._client.put_object(
                    Bucket=self._bucket, Key=self._key, Body=bytes(self._waiting), ContentType=self._content_type
                )
            return
        if self._waiting:
            self._send_part(len(self._waiting))
        with aws_errors(self._doing()):
            self._client.complete_multipart_upload(
                Bucket=self._bucket, Key=self._key, UploadId=self._upload_id, MultipartUpload={"Parts": self._parts}
            )

    def abort(self) -> None:
        """What cannot be taken back now goes by the bucket's rule for uploads that were left."""
        if self._upload_id:
            with suppress(RelayError), aws_errors(self._doing()):
                self._client.abort_multipart_upload(Bucket=self._bucket, Key=self._key, UploadId=self._upload_id)

    def _send_part(self, size: int) -> None:
        with aws_errors(self._doing()):
            if not self._upload_id:
                self._upload_id = self._client.create_multipart_upload(
                    Bucket=self._bucket, Key=self._key, ContentType=self._content_type
                )["UploadId"]
            number = len(self._parts) + 1
            sent = self._client.upload_part(
                Bucket=self._bucket,
                Key=self._key,
                UploadId=self._upload_id,
                PartNumber=number,
                Body=bytes(self._waiting[:size]),
            )
        self._parts.append({"PartNumber": number, "ETag": sent["ETag"]})
        del self._waiting[:size]

    def _doing(self) -> str:
        return f"writing s3://{self._bucket}/{self._key}"
