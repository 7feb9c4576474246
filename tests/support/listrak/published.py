"""A Listrak that answers as its published documents say, or a little otherwise."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from listrak_relay.adapters.listrak.answer import Answer
from listrak_relay.adapters.listrak.base64_body import Base64JsonBody
from tests.support.listrak.client import Client, listrak_client, token_reply
from tests.support.listrak.published_api import PublishedApi
from tests.support.listrak.scripted_server import Reply, Request

EMAIL_URL, AUTH_URL = "https://listrak.example/email/v1", "https://listrak.example/OAuth2/Token"
REPLACEMENTS: list[Any] = [None, True, 0, -1, 1.5, 10**400, "", "x", "0", [], [None], [[]], ["x"], {}, {"data": {}}]


@dataclass
class Published:
    """Answers as the document says, with ``change`` made to the body, and judges each request."""

    api: PublishedApi
    change: Callable[[Any], Any] = lambda body: body
    filled: bool = False
    """Whether answers hold values instead of the examples' nulls."""

    violations: list[str] = field(default_factory=list)
    judged: list[tuple[str, str, Any]] = field(default_factory=list)
    answered: list[tuple[int, Any]] = field(default_factory=list)

    def answer(
        self, method: str, path: str, query: Sequence[tuple[str, str]], content_type: str | None, body: object
    ) -> tuple[int, Any]:
        self.judged.append((method, path, body))
        # Not decoded: a slash in an address must not part the path.
        self.violations += self.api.check_request(method, path, query, content_type, body)
        operation = self.api.operation(method, path)
        assert operation is not None
        responses = operation.definition["responses"]
        status = next(status for status in ("202", "201", "200") if "examples" in responses.get(status, {}))
        example = copy.deepcopy(responses[status]["examples"]["application/json"])
        if self.filled:
            example = self._filled(responses[status]["schema"])
        self.answered.append((int(status), self.change(example)))
        return self.answered[-1]

    def serve(self, request: Request) -> Reply:
        """As a server on a socket."""
        if request.path.endswith("/Token"):
            return token_reply()
        body = json.loads(request.body) if request.body else None
        query = parse_qsl(urlsplit(request.target).query, keep_blank_values=True)
        return Reply(*self.answer(request.method, request.path, query, request.headers.get("content-type"), body))

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        json: object = None,
        form: Mapping[str, str] | None = None,
    ) -> Answer:
        """As a transport without a socket, for the many answers that differ in one value."""
        if form is not None:
            return _answer(200, token_reply().body)
        content_type = None if json is None else "application/json"
        return _answer(*self.answer(method, urlsplit(url).path, list((query or {}).items()), content_type, json))

    def upload(self, method: str, url: str, *, headers: Mapping[str, str], body: Base64JsonBody) -> Answer:
        document = json.loads(body.readall() or b"")
        return _answer(*self.answer(method, urlsplit(url).path, [], headers["Content-Type"], document))

    def client(self) -> Client:
        return listrak_client(EMAIL_URL, AUTH_URL, transport=self)

    def _filled(self, schema: Mapping[str, Any]) -> Any:
        if "$ref" in schema:
            return self._filled(self.api.definition(schema["$ref"].removeprefix("#/definitions/")))
        if schema["type"] == "object":
            values = {name: self._filled(each) for name, each in schema["properties"].items()}
            return {**values, "nextPageCursor": None} if "nextPageCursor" in values else values
        if schema["type"] == "array":
            return [self._filled(schema["items"])]
        return {"integer": 7, "boolean": True, "string": "7"}[schema["type"]]


def _answer(status: int, body: object) -> Answer:
    return Answer(status, {}, json.dumps(body).encode())


def variants(value: Any) -> Iterator[Any]:
    """The value with one part of it, on any level, replaced or left out."""
    yield from REPLACEMENTS
    if isinstance(value, dict):
        for key, part in value.items():
            yield {name: each for name, each in value.items() if name != key}
            for other in variants(part):
                yield {**value, key: other}
    if isinstance(value, list):
        yield [*value, *value]
        for number, part in enumerate(value):
            for other in variants(part):
                yield [*value[:number], other, *value[number + 1 :]]


def as_text(value: Any) -> Any:
    """Every number and truth as text, as ids come."""
    if isinstance(value, dict):
        return {name: as_text(each) for name, each in value.items()}
    if isinstance(value, list):
        return [as_text(each) for each in value]
    return value if value is None else str(value)
