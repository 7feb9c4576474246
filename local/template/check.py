"""Refuses a template that has anything which `coverage` does not list, or that CloudFormation would refuse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from local.errors import NotHandledError
from local.template import rules
from local.template.coverage import ATTRIBUTES, PROPERTIES, SECTIONS, Handling
from local.template.intrinsics import KNOWN, functions, intrinsic
from local.template.source import Document


def check(template: Document) -> None:
    """``template`` as SAM translated it. Raises NotHandledError naming every type, property, attribute, section and
    intrinsic function that is not handled, and every function that CloudFormation does not take where it is."""
    faults = [f"section {name}" for name in template if name not in SECTIONS]
    for name, resource in template["Resources"].items():
        faults += _resource_faults(name, resource)
    elsewhere = {name: section for name, section in template.items() if name != "Rules"}
    unknown = set(functions(elsewhere)) - KNOWN - rules.ONLY_IN_RULES
    faults += [f"intrinsic function {name}" for name in sorted(unknown)]
    faults += rules.faults(template)
    if faults:
        raise NotHandledError(faults)


def check_made(resources: Mapping[str, Document]) -> None:
    """``resources``: those whose condition holds, resolved. Raises NotHandledError: one has what `coverage` says is not
    asked for here."""
    faults = []
    for name, resource in resources.items():
        kind = resource["Type"]
        unwanted = [path for rule in PROPERTIES[kind] if rule.handling is Handling.NOT_HERE for path in rule.paths]
        if "**" in unwanted:
            faults.append(f"{name}: type {kind}")
        paths = sorted(set(leaves(resource.get("Properties", {}))))
        faults += [
            f"{name}: property {path} of {kind}" for path in paths if any(_covers(one, path) for one in unwanted)
        ]
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
