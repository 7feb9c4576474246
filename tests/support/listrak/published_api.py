"""Checks requests and answers against Listrak's published API documents (Swagger 2.0).

The documents are the vendor's and stay outside the repository: ``../shared/listrak/openapi`` beside it, or the folder
that LISTRAK_OPENAPI_DIR names. Much of their contract stands in the descriptions ("Allowed values are ..."), which
is read here too. Every check returns a list of violations, empty when there is none.
"""

import base64
import binascii
import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from tests.support.paths import ROOT

_METHODS = {"get", "post", "put", "delete", "patch"}
_INT32 = 2**31
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")  # samples have no offset
_ALLOWED = re.compile(r"(?:Allowed values|Options) are (.*?)(?:\.\s|\.?$)")
_MAXIMUM = re.compile(r"maximum value is `(\d+)`")
_MOST_MEMBERS = re.compile(r"Up to (\d+) fields may be included")
_PLACEHOLDER_FILE = base64.b64encode(b"x").decode()

Violations = list[str]


def openapi_folder() -> Path:
    beside_the_repository = ROOT.parent / "shared/listrak/openapi"
    return Path(os.environ.get("LISTRAK_OPENAPI_DIR", beside_the_repository))


def published_api(name: str = "email") -> "PublishedApi":
    """The document of one API (``email``, ``sms``, ``data``); skips the test where the documents are not at hand."""
    path = openapi_folder() / f"listrak-{name}.json"
    if not path.is_file():
        pytest.skip(f"no {path}: put Listrak's published OpenAPI documents there or set LISTRAK_OPENAPI_DIR")
    return PublishedApi(json.loads(path.read_text("utf-8")))


@dataclass(frozen=True)
class Operation:
    method: str
    template: str
    """With the base path: ``/email/v1/List/{listId}``."""

    definition: Mapping[str, Any]

    def parameters(self, place: str) -> list[dict[str, Any]]:
        return [each for each in self.definition.get("parameters", []) if each["in"] == place]

    def path_values(self, path: str) -> dict[str, str] | None:
        """The path's parameters, or None when the template does not match it."""
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(self.template))
        found = re.fullmatch(pattern, path)
        return found.groupdict() if found else None


class PublishedApi:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self.operations = [
            Operation(method.upper(), document["basePath"] + path, definition)
            for path, methods in document["paths"].items()
            for method, definition in methods.items()
            if method in _METHODS
        ]
        description = document["info"]["description"]
        self.error_codes = set(re.findall(r"^\| (ERROR_\w+) \|", description, re.MULTILINE))
        self.statuses = set(map(int, re.findall(r"^\| (\d{3}) \|", description, re.MULTILINE)))

    def operation(self, method: str, path: str) -> Operation | None:
        matching = [each for each in self.operations if each.method == method and each.path_values(path) is not None]
        return min(matching, key=lambda each: each.template.count("{"), default=None)

    def definition(self, name: str) -> dict[str, Any]:
        return cast("dict[str, Any]", self._document["definitions"][name])

    def check_request(
        self, method: str, path: str, query: Iterable[tuple[str, str]], content_type: str | None, body: object
    ) -> Violations:
        """``path`` is decoded and has the base path; ``body`` is the parsed JSON, None for none."""
        operation = self.operation(method, path)
        if operation is None:
            return [f"{method} {path}: no such operation is published"]
        where = f"{method} {operation.template}"
        return [
            *self._check_path(where, operation, path),
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
            return [] if status in self.statuses else [f"{method} {path}: status {status} is not published"]
        where = f"{method} {operation.template} answering {status}"
        declared = operation.definition["responses"].get(str(status))
        if declared is None and status not in self.statuses:
            return [f"{where}: the status is not published"]
        schemas = self._answer_schemas(operation, declared) if declared else [{"$ref": "#/definitions/Error"}]
        found = min((self._check_value(where, schema, body, sent=False) for schema in schemas), key=len)
        if isinstance(body, dict) and "error" in body and body["error"] not in self.error_codes:
            found.append(f"{where}: the error code {body['error']!r} is not published")
        return found

    def _answer_schemas(self, operation: Operation, declared: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """The declared schema, and another where the document contradicts itself about it.

        Some routes take a ``cursor`` or show a ``nextPageCursor`` in their sample while their schema has none; and a
        bare resource is declared where the sample has the envelope around it.
        """
        schema = self._resolve(declared["schema"]["$ref"])
        sample = declared["examples"]["application/json"]
        own: dict[str, Any] = schema["properties"]
        takes_cursor = any(each["name"] == "cursor" for each in operation.parameters("query"))
        if "data" in own and (takes_cursor or "nextPageCursor" in sample):
            own = {**own, "nextPageCursor": {"type": "string"}}
        if "data" in sample and "data" not in own:
            in_array = isinstance(sample["data"], list)
            own = {"status": {"type": "integer"}, "data": {"type": "array", "items": schema} if in_array else schema}
        return [schema, {"type": "object", "properties": own}]

    def _check_path(self, where: str, operation: Operation, path: str) -> Violations:
        values = operation.path_values(path) or {}
        return [
            f"{where}: path parameter {each['name']} is no integer"
            for each in operation.parameters("path")
            if each["type"] == "integer" and not _is_int32_text(values[each["name"]])
        ]

    def _check_body(self, where: str, operation: Operation, content_type: str | None, body: object) -> Violations:
        expected = operation.parameters("body")
        if not expected:
            return [] if body is None else [f"{where}: a body where none is published"]
        found = self._check_value(f"{where}: body", expected[0]["schema"], body, sent=True)
        if (content_type or "").partition(";")[0].strip() not in operation.definition["consumes"]:
            found.append(f"{where}: content type {content_type!r} is not published")
        return found

    def _check_value(self, where: str, schema: Mapping[str, Any], value: object, *, sent: bool) -> Violations:
        if "$ref" in schema:
            return self._check_value(where, self._resolve(schema["$ref"]), value, sent=sent)
        if schema.get("type") == "object":
            return self._check_object(where, schema, value, sent=sent)
        if schema.get("type") == "array":
            if not isinstance(value, list):
                return [f"{where} is no array"]
            return [
                each
                for number, item in enumerate(value)
                for each in self._check_value(f"{where}[{number}]", schema["items"], item, sent=sent)
            ]
        return _check_scalar(where, schema, value)

    def _check_object(self, where: str, schema: Mapping[str, Any], value: object, *, sent: bool) -> Violations:
        if not isinstance(value, dict):
            return [f"{where} is no object"]
        properties = schema.get("properties", {})
        required = schema.get("required", []) if sent else properties
        found = [f"{where}: {name} is missing" for name in required if name not in value]
        found += [f"{where}: {name} is not published" for name in value if name not in properties]
        for name, item in value.items():
            definition = properties.get(name)
            if definition is None:
                continue
            if item is None:
                # The published samples of answers hold nulls; a request's null is no value of any published type.
                found += [f"{where}: {name} is null"] if sent and not definition.get("x-nullable") else []
            elif sent and definition.get("readOnly"):
                found.append(f"{where}: {name} is read-only")
            else:
                found += self._check_value(f"{where}: {name}", definition, item, sent=sent)
        return found

    def _resolve(self, reference: str) -> dict[str, Any]:
        return self.definition(reference.removeprefix("#/definitions/"))


def _check_query(where: str, operation: Operation, query: list[tuple[str, str]]) -> Violations:
    published = {each["name"]: each for each in operation.parameters("query")}
    found = [f"{where}: query parameter {name} is not published" for name, _ in query if name not in published]
    found += [f"{where}: query parameter {name} is given twice" for name in published if _times(query, name) > 1]
    for name, value in query:
        if name not in published:
            continue
        definition = published[name]
        description = definition.get("description", "")
        kind = definition["type"]
        if kind == "boolean" and value not in {"true", "false"}:
            found.append(f"{where}: query parameter {name} is no boolean")
        if kind == "integer" and not _is_int32_text(value):
            found.append(f"{where}: query parameter {name} is no integer")
        if (allowed := _allowed(description)) and value not in allowed:
            found.append(f"{where}: query parameter {name} is not one of {', '.join(allowed)}")
        if (maximum := _MAXIMUM.search(description)) and not (value.isdigit() and int(value) <= int(maximum[1])):
            found.append(f"{where}: query parameter {name} is over {maximum[1]} or no number")
        if (most := _MOST_MEMBERS.search(description)) and value.count(",") >= int(most[1]):
            found.append(f"{where}: query parameter {name} has more than {most[1]} members")
    required = [name for name, each in published.items() if each.get("required")]
    return found + [f"{where}: query parameter {name} is missing" for name in required if not _times(query, name)]


def _check_scalar(where: str, schema: Mapping[str, Any], value: object) -> Violations:
    kind, form = schema.get("type"), schema.get("format")
    types = {"string": str, "integer": int, "boolean": bool, "number": (int, float)}
    expected = types[kind] if isinstance(kind, str) else object
    if not isinstance(value, expected) or (isinstance(value, bool) and kind != "boolean"):  # type: ignore[arg-type]
        return [f"{where} is no {kind}"]
    if form == "int32" and isinstance(value, int) and not -_INT32 <= value < _INT32:
        return [f"{where} is no 32-bit integer"]
    if form == "date-time" and not _DATE_TIME.fullmatch(str(value)):
        return [f"{where} is no date and time"]
    if form == "byte" and not _is_base64(str(value)):
        return [f"{where} is no Base64"]
    allowed = schema.get("enum") or _allowed(schema.get("description", ""))
    if allowed and value not in allowed:
        return [f"{where} is not one of {', '.join(allowed)}"]
    return []


def _allowed(description: str) -> list[str]:
    sentence = _ALLOWED.search(description)
    if sentence is None:
        return []
    return re.findall(r"`([^`]+)`", sentence[1]) + ([""] if sentence[1].endswith("blank") else [])


def _is_int32_text(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) < _INT32


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except binascii.Error:
        return False
    return True


def _times(query: list[tuple[str, str]], name: str) -> int:
    return sum(1 for each, _ in query if each == name)
