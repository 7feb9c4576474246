"""Checks requests and answers against what Listrak publishes, as `facts` has it.

Every check returns a list of violations, empty when there is none.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tests.support.listrak.contract.facts import Answer, Facts, Operation, Shape, Value, facts_of

_INT32 = 2**31
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")  # samples have no offset
_PLACEHOLDER_FILE = base64.b64encode(b"x").decode()
_JSON = "application/json"
_TYPES = {"text": str, "flag": bool, "int32": int, "moment": str, "base64": str, "list": list}
_STATUS, _TEXT, _CURSOR = Value("int32"), Value("text"), Value("text", nullable=True)
_ERROR: Shape = {"status": _STATUS, "error": _TEXT, "message": _TEXT}
_MADE: Shape = {"status": _STATUS, "resourceId": _TEXT}

Violations = list[str]


class PublishedApi:
    """``api``: ``email``, ``sms`` or ``privacy``."""

    def __init__(self, api: str) -> None:
        self.facts: Facts = facts_of(api)
        self.operations = self.facts.operations

    def operation(self, method: str, path: str) -> Operation | None:
        matching = [each for each in self.operations if each.method == method and each.path_values(path) is not None]
        return min(matching, key=lambda each: each.template.count("{"), default=None)

    def required(self, shape: str) -> list[str]:
        return [name for name, value in self.facts.shapes[shape].items() if value.required]

    def check_request(
        self, method: str, path: str, query: Iterable[tuple[str, str]], content_type: str | None, body: object
    ) -> Violations:
        """``path`` is decoded and has the base path; ``body`` is the parsed JSON, None for none."""
        operation = self.operation(method, path)
        if operation is None:
            return [f"{method} {path}: no such operation is published"]
        where = f"{method} {operation.template}"
        return [
            *_check_path(where, operation, path),
            *_check_query(where, operation, list(query)),
            *self._check_body(where, operation, content_type, body),
        ]

    def check_journal_entry(self, entry: Mapping[str, Any]) -> Violations:
        """A request as the simulator's journal shows it, with ``fileStream`` replaced by its length."""
        body = entry["body"]
        if isinstance(body, dict) and isinstance(body.get("fileStream"), int):
            body = {**body, "fileStream": _PLACEHOLDER_FILE}
        query = [(name, value) for name, value in entry["query"]]
        return self.check_request(entry["method"], entry["path"], query, entry["content_type"], body)

    def check_answer(self, method: str, path: str, status: int, body: object) -> Violations:
        operation = self.operation(method, path)
        if operation is None:
            return [] if status in self.facts.statuses else [f"{method} {path}: status {status} is not published"]
        where = f"{method} {operation.template} answering {status}"
        if answers := operation.answers.get(status):
            return min((self._check_answer(where, answer, body) for answer in answers), key=len)
        if status not in self.facts.statuses:
            return [f"{where}: the status is not published"]
        found = self._check_object(where, _ERROR, body, sent=False)
        if isinstance(body, dict) and "error" in body and body["error"] not in self.facts.codes:
            found.append(f"{where}: the error code {body['error']!r} is not published")
        return found

    def _check_answer(self, where: str, answer: Answer, body: object) -> Violations:
        if answer.form == "bare":
            return self._check_object(where, self.facts.shapes[answer.shape], body, sent=False)
        if answer.form in {"created", "updated", "deleted"}:
            return self._check_object(
                where, _MADE if answer.form != "deleted" else {"status": _STATUS}, body, sent=False
            )
        envelope: dict[str, Value] = {"status": _STATUS, "data": Value("list", of=answer.shape)}
        if answer.form == "page":
            envelope["nextPageCursor"] = _CURSOR
        if answer.form == "one" and isinstance(body, dict):
            body = {**body, "data": [body["data"]]} if "data" in body else body
        return self._check_object(where, envelope, body, sent=False)

    def _check_body(self, where: str, operation: Operation, content_type: str | None, body: object) -> Violations:
        if operation.body is None:
            return [] if body is None else [f"{where}: a body where none is published"]
        found = self._check_object(f"{where}: body", self.facts.shapes[operation.body], body, sent=True)
        if (content_type or "").partition(";")[0].strip() != _JSON:
            found.append(f"{where}: content type {content_type!r} is not published")
        return found

    def _check_object(self, where: str, shape: Shape, value: object, *, sent: bool) -> Violations:
        if not isinstance(value, dict):
            return [f"{where} is no object"]
        required = [name for name, each in shape.items() if each.required or not sent]
        found = [f"{where}: {name} is missing" for name in required if name not in value]
        found += [f"{where}: {name} is not published" for name in value if name not in shape]
        for name in shape.keys() & value.keys():
            found += self._check_value(f"{where}: {name}", shape[name], value[name], sent=sent)
        return found

    def _check_value(self, where: str, published: Value, value: object, *, sent: bool) -> Violations:
        if value is None:
            # The published samples of answers hold nulls; a request's null is no value of any published type.
            return [f"{where} is null"] if sent and not published.nullable else []
        if sent and published.read_only:
            return [f"{where} is read-only"]
        if published.kind != "list":
            return _check_scalar(where, published, value)
        if not isinstance(value, list):
            return [f"{where} is no list"]
        return [
            each
            for number, item in enumerate(value)
            for each in self._check_item(f"{where}[{number}]", published, item, sent=sent)
        ]

    def _check_item(self, where: str, published: Value, item: object, *, sent: bool) -> Violations:
        if published.of == "text":
            return _check_scalar(where, Value("text"), item)
        return self._check_object(where, self.facts.shapes[published.of], item, sent=sent)


def not_located(path_parameters: Sequence[str]) -> str:
    """The published message of a 404: it names every parameter of the path, whichever of them is unknown."""
    *first, last = path_parameters
    if len(first) > 1:
        first = [", ".join(first) + ","]
    return f"Unable to locate a resource associated with the {' and '.join([*first, last])} supplied."


def _check_path(where: str, operation: Operation, path: str) -> Violations:
    return [
        f"{where}: path parameter {name} is no integer"
        for name, value in (operation.path_values(path) or {}).items()
        if name not in operation.text_parameters and not _is_int32_text(value)
    ]


def _check_query(where: str, operation: Operation, query: list[tuple[str, str]]) -> Violations:
    given = [name for name, _ in query]
    found = [f"{where}: query parameter {name} is not published" for name in given if name not in operation.query]
    found += [f"{where}: query parameter {name} is given twice" for name in operation.query if given.count(name) > 1]
    for name, value in query:
        if name in operation.query:
            found += _check_parameter(f"{where}: query parameter {name}", operation.query[name], value)
    return found


def _check_parameter(where: str, published: Value, value: str) -> Violations:
    if published.kind == "flag" and value not in {"true", "false"}:
        return [f"{where} is no boolean"]
    if published.allowed and value not in published.allowed:
        return [f"{where} is not one of {', '.join(published.allowed)}"]
    if published.most is None:
        return []
    if published.ids:
        return [f"{where} has more than {published.most} members"] if value.count(",") >= published.most else []
    fits = value.isdigit() and int(value) <= published.most
    return [] if fits else [f"{where} is over {published.most} or no number"]


def _check_scalar(where: str, published: Value, value: object) -> Violations:
    kind = published.kind
    if not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "flag"):
        return [f"{where} is no {kind}"]
    if kind == "int32" and isinstance(value, int) and not -_INT32 <= value < _INT32:
        return [f"{where} is no 32-bit integer"]
    if kind == "moment" and not _DATE_TIME.fullmatch(str(value)):
        return [f"{where} is no date and time"]
    if kind == "base64" and not _is_base64(str(value)):
        return [f"{where} is no Base64"]
    if published.allowed and value not in published.allowed:
        return [f"{where} is not one of {', '.join(published.allowed)}"]
    return []


def _is_int32_text(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) < _INT32


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except binascii.Error:
        return False
    return True
