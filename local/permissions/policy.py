"""IAM's rule for the policies of a role: what no statement allows is denied, and what one denies stays so.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html

Written here because no library does it: moto compares actions with resources and takes no notice of conditions,
policyuniverse and parliament look at policies and decide about no call, PMapper has not been kept since 2022. Whatever
a policy has beyond what is known here is refused, so that it cannot be taken for less than it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from local.errors import LocalStackError
from local.permissions import conditions
from local.permissions.conditions import Context, as_list
from local.permissions.patterns import action_matches, matches

_KNOWN = {"Sid", "Effect", "Action", "Resource", "Condition"}


@dataclass(frozen=True, slots=True)
class Grant:
    """One action on one resource of one statement. Both may hold ``*`` and ``?``."""

    statement: str
    action: str
    resource: str

    def __str__(self) -> str:
        return f"{self.statement}: {self.action} on {self.resource}"


@dataclass(frozen=True, slots=True)
class Statement:
    """``name``: of its policy, and its own."""

    name: str
    allows: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Mapping[str, Any]

    def grants(self, action: str, resource: str, context: Context) -> Iterator[Grant]:
        """Those of its grants that a call falls under."""
        if not conditions.hold(self.conditions, context):
            return
        for grant in self.all_grants():
            if action_matches(action, grant.action) and matches(resource, grant.resource):
                yield grant

    def all_grants(self) -> Iterator[Grant]:
        for action in self.actions:
            for resource in self.resources:
                yield Grant(self.name, action, resource)


def statements(name: str, document: Mapping[str, Any] | str) -> list[Statement]:
    """Of the policy called ``name``. Raises LocalStackError: it has what is not known here."""
    policy = json.loads(document) if isinstance(document, str) else document
    listed = policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]]
    return [_statement(name, number, one) for number, one in enumerate(listed, 1)]


def _statement(policy: str, number: int, statement: Mapping[str, Any]) -> Statement:
    name = f"{policy}/{statement.get('Sid', number)}"
    unknown = sorted(set(statement) - _KNOWN)
    fault = f"the element {unknown[0]}" if unknown else conditions.fault(statement.get("Condition", {}))
    resources = as_list(statement["Resource"]) if not fault else []
    if any("${" in resource for resource in resources):
        fault = "a policy variable"
    if fault:
        raise LocalStackError(f"the statement {name} has {fault}, which local.permissions does not know")
    return Statement(
        name=name,
        allows=statement["Effect"] == "Allow",
        actions=tuple(as_list(statement["Action"])),
        resources=tuple(resources),
        conditions=statement.get("Condition", {}),
    )


def allowed_by(of_role: Iterable[Statement], action: str, resource: str, context: Context) -> list[Grant]:
    """The grants that allow a call; none: it is denied."""
    given: list[Grant] = []
    for statement in of_role:
        found = list(statement.grants(action, resource, context))
        if found and not statement.allows:
            return []
        given += found
    return given
