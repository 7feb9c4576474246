"""Conditions of IAM statements.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from local.permissions.patterns import matches

Context = Mapping[str, str]
"""Condition keys of a request, such as ``s3:prefix``. Keys are told apart without regard to case."""

_Test = Callable[[str, str], bool]

_TESTS: dict[str, _Test] = {
    "StringEquals": lambda value, wanted: value == wanted,
    "StringEqualsIgnoreCase": lambda value, wanted: value.lower() == wanted.lower(),
    "StringLike": matches,
    "ArnEquals": matches,  # the two Arn operators do the same
    "ArnLike": matches,
    "Bool": lambda value, wanted: value.lower() == wanted.lower(),
}
_OPPOSITES = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
}
_IF_EXISTS = "IfExists"


def fault(conditions: Mapping[str, Any]) -> str | None:
    """An operator that is not known here; a statement with it must not be taken for one without."""
    for operator in conditions:
        plain = operator.removesuffix(_IF_EXISTS)
        if plain not in _TESTS and plain not in _OPPOSITES:
            return f"the condition operator {operator}"
    return None


def hold(conditions: Mapping[str, Any], context: Context) -> bool:
    """All operators and all their keys; of a key's values one is enough (none may match for an opposite)."""
    known = {key.lower(): value for key, value in context.items()}
    return all(
        _holds(operator, known.get(key.lower()), as_list(wanted))
        for operator, keys in conditions.items()
        for key, wanted in keys.items()
    )


def as_list(value: Any) -> list[str]:
    """A policy has a text where there is one value, and a list where there are more."""
    values = value if isinstance(value, list) else [value]
    return [str(one).lower() if isinstance(one, bool) else str(one) for one in values]


def _holds(operator: str, value: str | None, wanted: list[str]) -> bool:
    plain = operator.removesuffix(_IF_EXISTS)
    opposite = plain in _OPPOSITES
    if value is None:  # an opposite holds for what is not there
        return opposite or operator != plain
    test = _TESTS[_OPPOSITES.get(plain, plain)]
    return any(test(value, one) for one in wanted) != opposite
