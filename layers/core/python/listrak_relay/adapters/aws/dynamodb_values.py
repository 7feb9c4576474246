"""Plain Python values as DynamoDB's typed ones and back, and in expressions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Item = dict[str, Any]


def to_attributes(item: Mapping[str, Any]) -> dict[str, Any]:
    """Plain values as DynamoDB's typed ones. None is left out."""
    return {name: _to_attribute(value) for name, value in item.items() if value is not None}


def from_attributes(attributes: Mapping[str, Any]) -> Item:
    return {name: _from_attribute(value) for name, value in attributes.items()}


def _to_attribute(value: Any) -> dict[str, Any]:
    match value:
        case bool():
            return {"BOOL": value}
        case str():
            return {"S": str(value)}
        case int() | float():
            return {"N": repr(value)}
        case Mapping():
            return {"M": to_attributes(value)}
    raise TypeError(f"a ledger item cannot hold a {type(value).__name__}")


def _from_attribute(attribute: Mapping[str, Any]) -> Any:
    kind, value = next(iter(attribute.items()))
    match kind:
        case "N":
            return int(value) if value.lstrip("-").isdigit() else float(value)
        case "M":
            return from_attributes(value)
    return value


def placeholders(values: Item, *expressions: str) -> dict[str, Any]:
    """Arguments of a call that name every ``#name`` of the expressions and give every ``:value``."""
    names = {name for expression in expressions for name in re.findall(r"#\w+", expression)}
    arguments: dict[str, Any] = {}
    if names:
        arguments["ExpressionAttributeNames"] = {name: name[1:] for name in names}
    if values:
        arguments["ExpressionAttributeValues"] = {f":{name}": _to_attribute(value) for name, value in values.items()}
    return arguments
