"""The template's parameters: their defaults, what the local stack sets, and the limits the template gives."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from local.errors import LocalStackError
from local.template.source import Document

SETTINGS = "Settings"
"""The parameter that holds all that is no parameter of its own, as ``Name=value`` with spaces between."""


def parameter_values(template: Document, given: Mapping[str, str]) -> dict[str, str]:
    """Every parameter as text, as CloudFormation takes them. What is given and is no parameter goes into the settings.

    Raises:
        LocalStackError: a given name is no parameter and the template has no settings, or a value breaks the template's
            own limits.
    """
    declared: Mapping[str, Document] = template.get("Parameters", {})
    given = _with_settings(declared, given)
    values = {}
    for name, declaration in declared.items():
        if name not in given and "Default" not in declaration:
            raise LocalStackError(
                f"parameter {name} of template.yaml has no default and the local stack gives no value"
            )
        values[name] = str(given.get(name, declaration.get("Default")))
        if fault := _fault(declaration, values[name]):
            raise LocalStackError(f"parameter {name} of template.yaml: {values[name]!r} {fault}")
    return values


def listrak_addresses(environment: Mapping[str, str]) -> dict[str, str]:
    """Parameters for another Listrak than the simulator, such as a recording mock: ``LISTRAK_AUTH_URL``,
    ``LISTRAK_EMAIL_URL`` and ``LISTRAK_SMS_URL``, which the functions' own settings are called too."""
    names = {
        "LISTRAK_AUTH_URL": "ListrakAuthUrl",
        "LISTRAK_EMAIL_URL": "ListrakEmailUrl",
        "LISTRAK_SMS_URL": "ListrakSmsUrl",
    }
    return {parameter: environment[name] for name, parameter in names.items() if environment.get(name)}


def as_referenced(template: Document, values: Mapping[str, str]) -> dict[str, Any]:
    """What ``Ref`` gives: lists for list types, text for the rest."""
    kinds = {name: declaration["Type"] for name, declaration in template.get("Parameters", {}).items()}
    return {
        name: ([part.strip() for part in value.split(",")] if kinds[name] == "CommaDelimitedList" else value)
        for name, value in values.items()
    }


def _with_settings(declared: Mapping[str, Document], given: Mapping[str, str]) -> dict[str, str]:
    unknown = sorted(set(given) - set(declared))
    if unknown and SETTINGS not in declared:
        raise LocalStackError(
            f"template.yaml has no parameter {', '.join(unknown)}; it has {', '.join(sorted(declared))}"
        )
    values = {name: value for name, value in given.items() if name in declared}
    if unknown:
        words = [values.get(SETTINGS, ""), *(f"{name}={given[name]}" for name in unknown)]
        values[SETTINGS] = " ".join(filter(None, words))
    return values


def _fault(declaration: Document, value: str) -> str | None:
    allowed = [str(item) for item in declaration.get("AllowedValues", [])]
    if allowed and value not in allowed:
        return f"is none of {', '.join(allowed)}"
    pattern = declaration.get("AllowedPattern")
    if pattern and not re.fullmatch(pattern, value):
        return f"does not match {pattern}"
    if declaration["Type"] == "Number":
        try:
            number = float(value)
        except ValueError:
            return "is not a number"
        if not declaration.get("MinValue", number) <= number <= declaration.get("MaxValue", number):
            return "is out of range"
    return None
