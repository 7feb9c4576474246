"""Refuses a template that has anything which `coverage` does not list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from local.errors import NotHandledError
from local.template.coverage import ATTRIBUTES, PROPERTIES, SECTIONS
from local.template.intrinsics import KNOWN, intrinsic
from local.template.source import Document


def check(template: Document) -> None:
    """``template`` as SAM translated it. Raises NotHandledError naming every type, property, attribute, section and
    intrinsic function that is not handled."""
    faults = [f"section {name}" for name in template if name not in SECTIONS]
    for name, resource in template["Resources"].items():
        faults += _resource_faults(name, resource)
    faults += [f"intrinsic function {name}" for name in sorted(set(_functions(template)) - KNOWN)]
    if faults:
        raise NotHandledError(faults)


def _resource_faults(name: str, resource: Document) -> list[str]:
    kind = resource["Type"]
    faults = [f"{name}: attribute {attribute}" for attribute in resource if attribute not in ATTRIBUTES]
    if kind not in PROPERTIES:
        return [*faults, f"{name}: type {kind}"]
    known = [path for rule in PROPERTIES[kind] for path in rule.paths]
    paths = sorted(set(leaves(resource.get("Properties", {}))))
    unknown = [path for path in paths if not any(_covers(pattern, path) for pattern in known)]
    return [*faults, *(f"{name}: property {path} of {kind}" for path in unknown)]


def _covers(pattern: str, path: str) -> bool:
    if pattern.endswith("**"):
        return path.startswith(pattern[:-2])
    return path == pattern


def leaves(value: Any, path: str = "") -> Iterator[str]:
    """Paths of all values that are set; both branches of ``Fn::If`` count, other functions are values."""
    function = intrinsic(value)
    if function == "Fn::If":
        for branch in value[function][1:]:
            yield from leaves(branch, path)
    elif function:
        if value != {"Ref": "AWS::NoValue"}:
            yield path
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item, f"{path}[]")
    else:
        yield path


def _functions(value: Any) -> Iterator[str]:
    if name := intrinsic(value):
        yield name
    if isinstance(value, dict):
        for item in value.values():
            yield from _functions(item)
    elif isinstance(value, list):
        for item in value:
            yield from _functions(item)
