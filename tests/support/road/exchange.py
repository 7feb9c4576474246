"""A request as it was heard on the road, what it is called, and a reply. Imports nothing of the program."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

LISTRAK = "listrak"
SFTP = "sftp"
_CREDENTIAL = re.compile(r"Credential=[^/]+/\d+/[^/]+/(?P<service>[^/]+)/aws4_request")
_PERSON = re.compile(r"(?<=/Contact/)[^/]+|(?<=/ContactUnsubscribe/)[^/]+")
_CHANGING = re.compile(r"(?<=[/.])(?!v\d/|OAuth2/)[^/.]*\d[^/.]*")
"""A part of a path that another run would have otherwise."""


@dataclass(frozen=True, slots=True)
class Heard:
    """``target``: path and query as they came. ``headers``: in their order."""

    method: str
    target: str
    headers: Sequence[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for each, value in self.headers if each.lower() == name), "")

    @property
    def service(self) -> str:
        """As AWS signs for it, such as ``dynamodb``; `LISTRAK` for what is not signed."""
        found = _CREDENTIAL.search(self.header("authorization"))
        return found["service"] if found else LISTRAK

    @property
    def operation(self) -> str:
        """The same in each run: ``PutItem``, ``PUT /…/runs/…/report.json``, ``POST /email/v1/List/…/Contact``."""
        if target := self.header("x-amz-target"):
            return target.rpartition(".")[2]
        if self.service == "sns":
            return parse_qs(self.body.decode())["Action"][0]
        parts = urlsplit(self.target)
        path = _CHANGING.sub("…", _PERSON.sub("…", unquote(parts.path)))
        if self.service != "s3":
            return f"{self.method} {path}"
        flags = sorted({"uploads", "uploadId", "list-type", "versions"} & set(parse_qs(parts.query, True)))
        return " ".join([self.method, path, *flags])

    def fields(self) -> dict[str, Any]:
        """Of a body that is a JSON object."""
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Sequence[tuple[str, str]] = field(default=())
    body: bytes = b""
