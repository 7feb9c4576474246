"""Reads Listrak's published API documents (Swagger 2.0) into the form of our own table, where they are at hand.

They are the vendor's and stay outside the repository: ``../shared/listrak/openapi`` beside it, or the folder that
LISTRAK_OPENAPI_DIR names. Much of their contract stands in descriptions ("Allowed values are ..."), which are read too.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from tests.support.listrak.contract.facts import Answer, Operation, Shape, Value
from tests.support.paths import ROOT

_METHODS = ("get", "post", "put", "delete", "patch")
_ALLOWED = re.compile(r"(?:Allowed values|Options) are (.*?)(?:\.\s|\.?$)")
_MAXIMUM = re.compile(r"maximum value is `(\d+)`")
_MOST_IDS = re.compile(r"Up to (\d+) fields may be included")
_ENVELOPE = re.compile(r"(CollectionPaged|Collection|Resource)\[(\w+)\]")
_FORMS = {"CollectionPaged": "page", "Collection": "collection", "Resource": "one"}
_MADE = {"ResourceCreated": "created", "ResourceUpdated": "updated", "ResourceDeleted": "deleted"}
_KINDS = {
    ("integer", "int32"): "int32",
    ("boolean", None): "flag",
    ("string", None): "text",
    ("string", "date-time"): "moment",
    ("string", "byte"): "base64",
    ("array", None): "list",
}


class Document:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._paths = document["paths"].items()
        description = document["info"]["description"]
        self.codes = frozenset(re.findall(r"^\| (ERROR_\w+) \|", description, re.MULTILINE))
        self.statuses = frozenset(map(int, re.findall(r"^\| (\d{3}) \|", description, re.MULTILINE)))
        self.definitions: dict[tuple[str, str], dict[str, Any]] = {
            (method.upper(), document["basePath"] + path): methods[method]
            for path, methods in self._paths
            for method in _METHODS
            if method in methods
        }
        """By method and template."""

    def operation(self, method: str, template: str) -> Operation:
        definition = self.definitions[method, template]
        parameters = definition.get("parameters", [])
        body = next((each["schema"]["$ref"] for each in parameters if each["in"] == "body"), None)
        declared = {int(code): each for code, each in definition["responses"].items() if code.startswith("2")}
        takes_cursor = any(each["name"] == "cursor" for each in parameters)
        return Operation(
            method,
            template,
            frozenset(each["name"] for each in parameters if each["in"] == "path" and each["type"] == "string"),
            {each["name"]: _parameter(each) for each in parameters if each["in"] == "query"},
            _name(body) if body else None,
            {status: _answers(each, takes_cursor=takes_cursor) for status, each in declared.items()},
        )

    def shape(self, name: str) -> Shape:
        definition = self._document["definitions"][name]
        required, nulls = definition.get("required", []), self._sample_nulls(name)
        return {key: _value(key, each, required, nulls) for key, each in definition["properties"].items()}

    def _sample_nulls(self, shape: str) -> set[str]:
        """The values that the samples of answers have null."""
        for definition in self.definitions.values():
            for answer in definition["responses"].values():
                found = _ENVELOPE.fullmatch(_name(answer.get("schema", {}).get("$ref", "")))
                if found and found[2] == shape:
                    [sample, *_] = _members(answer["examples"]["application/json"]["data"])
                    return {key for key, value in sample.items() if value is None}
        return set()


def listrak_document(api: str) -> Document:
    """``email`` or ``sms``; skips the test where the documents are not at hand."""
    folder = Path(os.environ.get("LISTRAK_OPENAPI_DIR", ROOT.parent / "shared/listrak/openapi"))
    path = folder / f"listrak-{api}.json"
    if not path.is_file():
        pytest.skip(f"no {path}: put Listrak's published OpenAPI documents there or set LISTRAK_OPENAPI_DIR")
    return Document(json.loads(path.read_text("utf-8")))


def _answers(declared: Mapping[str, Any], *, takes_cursor: bool) -> tuple[Answer, ...]:
    """The declared form, and another where the document contradicts itself about it.

    Some routes take a ``cursor`` or show a ``nextPageCursor`` in their sample while their schema has none; and a bare
    resource is declared where the sample has an envelope around it.
    """
    name = _name(declared["schema"]["$ref"])
    sample = declared.get("examples", {}).get("application/json") or {}
    if name in _MADE:
        return (Answer(_MADE[name]),)
    if found := _ENVELOPE.fullmatch(name):
        form, shape = _FORMS[found[1]], found[2]
        both = form == "collection" and (takes_cursor or "nextPageCursor" in sample)
        return (Answer(form, shape), Answer("page", shape)) if both else (Answer(form, shape),)
    return (Answer("bare", name), Answer("collection" if isinstance(sample["data"], list) else "one", name))


def _parameter(parameter: Mapping[str, Any]) -> Value:
    description = parameter.get("description", "")
    required = parameter.get("required", False)
    if most := _MAXIMUM.search(description):
        return Value("text", most=int(most[1]), required=required)
    if most := _MOST_IDS.search(description):
        return Value("text", most=int(most[1]), ids=True, required=required)
    return Value(_KINDS[parameter["type"], parameter.get("format")], _allowed(description), required=required)


def _value(name: str, definition: Mapping[str, Any], required: list[str], nulls: set[str]) -> Value:
    kind = _KINDS[definition["type"], definition.get("format")]
    items = definition.get("items", {})
    return Value(
        kind,
        allowed=tuple(definition.get("enum", ())) or _allowed(definition.get("description", "")),
        of=("text" if items.get("type") == "string" else _name(items["$ref"])) if kind == "list" else "",
        required=name in required,
        read_only=definition.get("readOnly", False),
        nullable=definition.get("x-nullable", False) or (kind == "moment" and name in nulls),
    )


def _allowed(description: str) -> tuple[str, ...]:
    sentence = _ALLOWED.search(description)
    if sentence is None:
        return ()
    return (*re.findall(r"`([^`]+)`", sentence[1]), *([""] if sentence[1].endswith("blank") else []))


def _members(data: Any) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", data if isinstance(data, list) else [data])


def _name(reference: str) -> str:
    return reference.rpartition("/")[2]
