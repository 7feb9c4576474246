"""A Listrak that answers as it publishes, or a little otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from listrak_relay.adapters.listrak.answer import Answer
from listrak_relay.adapters.listrak.transport import Request as ListrakRequest
from tests.support.listrak.client import Client, listrak_client, token_reply
from tests.support.listrak.contract.facts import Answer as PublishedAnswer
from tests.support.listrak.contract.facts import Value
from tests.support.listrak.contract.published_api import PublishedApi
from tests.support.listrak.scripted_server import Reply, Request

EMAIL_URL, AUTH_URL = "https://listrak.example/email/v1", "https://listrak.example/OAuth2/Token"
_IN_SAMPLES = {"int32": 0, "flag": False, "moment": "0001-01-01T00:00:00"}
_STATUS_OF_MADE = {202: 201}
"""What the published sample has in its body where that is another status than the answer's."""

REPLACEMENTS: list[Any] = [None, True, 0, -1, 1.5, 10**400, "", "x", "0", [], [None], [[]], ["x"], {}, {"data": {}}]


@dataclass
class Published:
    """Answers as is published, with ``change`` made to the body, and judges each request."""

    api: PublishedApi
    change: Callable[[Any], Any] = lambda body: body
    filled: bool = False
    """Whether answers hold values, or nulls and zeros as the published samples do."""

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
        status, (form, *_) = next(iter(operation.answers.items()))
        self.answered.append((status, self.change(self._body(status, form))))
        return self.answered[-1]

    def serve(self, request: Request) -> Reply:
        """As a server on a socket."""
        if request.path.endswith("/Token"):
            return token_reply()
        body = json.loads(request.body) if request.body else None
        query = parse_qsl(urlsplit(request.target).query, keep_blank_values=True)
        return Reply(*self.answer(request.method, request.path, query, request.headers.get("content-type"), body))

    def send(self, request: ListrakRequest) -> Answer:
        """As a transport without a socket, for the many answers that differ in one value."""
        if request.form is not None:
            return _answer(200, token_reply().body)
        body = request.json if request.upload is None else json.loads(request.upload.readall() or b"")
        content_type = request.headers.get("Content-Type") or (None if body is None else "application/json")
        path, query = urlsplit(request.url).path, list((request.query or {}).items())
        return _answer(*self.answer(request.method, path, query, content_type, body))

    def client(self) -> Client:
        return listrak_client(EMAIL_URL, AUTH_URL, transport=self)

    def _body(self, status: int, answer: PublishedAnswer) -> Any:
        if answer.form in {"created", "updated"}:
            return {"status": _STATUS_OF_MADE.get(status, status), "resourceId": "7" if self.filled else "{ResourceId}"}
        if answer.form == "deleted":
            return {"status": status}
        shape = self.api.facts.shapes[answer.shape]
        values = {name: self._value(value) for name, value in shape.items()}
        if answer.form == "bare":
            return values
        body = {"status": status, "data": values if answer.form == "one" else [values]}
        return {**body, "nextPageCursor": None} if answer.form == "page" else body

    def _value(self, value: Value) -> Any:
        """As the samples have it, or something."""
        if not self.filled:
            return _IN_SAMPLES.get(value.kind) if not value.nullable else None
        if value.kind != "list":
            return {"int32": 7, "flag": True}.get(value.kind, "7")
        if value.of == "text":
            return ["7"]
        return [{name: self._value(each) for name, each in self.api.facts.shapes[value.of].items()}]


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
