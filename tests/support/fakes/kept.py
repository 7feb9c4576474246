"""What a stack keeps in its buckets, for commands that look through it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

from botocore.response import StreamingBody


class KeptObjects:
    """Has of `cli.aws.stack.Stack` what reads and writes objects. ``objects``: key → body, of whatever bucket."""

    work_bucket = "work"

    def __init__(self, objects: dict[str, str]) -> None:
        self.objects = dict(objects)
        self.s3 = self

    def read(self, key: str, _bucket: str | None = None) -> bytes:
        if key not in self.objects:
            raise FileNotFoundError(key)
        return self.objects[key].encode()

    def keys(self, _bucket: str, prefix: str) -> Iterator[str]:
        yield from sorted(key for key in self.objects if key.startswith(prefix))

    def report(self, run_id: str) -> Any:
        return json.loads(self.read(f"runs/{run_id}/report.json"))

    # --- as boto3 has it ---------------------------------------------------------------------------------------------

    def get_object(self, Bucket: str, Key: str) -> dict[str, Any]:  # noqa: N803
        body = self.read(Key, Bucket)
        return {"Body": StreamingBody(io.BytesIO(body), len(body))}

    def put_object(self, Bucket: str, Key: str, Body: bytes) -> None:  # noqa: N803
        self.objects[Key] = Body.decode()

    def get_paginator(self, _operation: str) -> KeptObjects:
        return self

    def paginate(self, **_asked: Any) -> Iterator[dict[str, Any]]:
        """No object has earlier versions."""
        yield {}
