"""Which grants of a stack's roles were used: each other one lets somebody who has taken over a function do what the
function never does.

Stacks differ in the names that AWS makes up, so a usage speaks of roles and resources by their logical ids.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from local.deploy.attributes import physical_name
from local.deploy.deployment import STACK_NAME
from local.permissions.decisions import Decision
from local.permissions.policy import Statement, allowed_by


@dataclass(frozen=True, slots=True, order=True)
class RoleGrant:
    """``role``: its logical id. ``statement``: name of its policy, and its own. ``resource``: with ``${LogicalId}`` in
    place of names."""

    role: str
    statement: str
    action: str
    resource: str

    def __str__(self) -> str:
        return f"{self.role}, {self.statement}: {self.action} on {self.resource}"


@dataclass(frozen=True, slots=True)
class Usage:
    """``template``: hash of the template that the roles came from."""

    template: str
    granted: frozenset[RoleGrant]
    used: frozenset[RoleGrant]

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        plain = {
            "template": self.template,
            "granted": [_fields(one) for one in sorted(self.granted)],
            "used": [_fields(one) for one in sorted(self.used)],
        }
        path.write_text(json.dumps(plain, indent=1) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Usage:
        """Raises OSError or ValueError: not there, or not of this release."""
        plain = json.loads(path.read_text(encoding="utf-8"))
        granted, used = (frozenset(RoleGrant(*one) for one in plain[name]) for name in ("granted", "used"))
        return cls(plain["template"], granted, used)


def usage(
    template: Path, policies: Mapping[str, Iterable[Statement]], decisions: Iterable[Decision], ids: Mapping[str, str]
) -> Usage:
    """``policies``: by the role's name in AWS. ``ids``: logical id → physical id."""
    names = _names(ids)
    calls = {(one.role, one.action, one.resource, _frozen(one.context)) for one in decisions if one.allowed}
    granted = {
        _by_logical_ids(names, role, grant.statement, grant.action, grant.resource)
        for role, of_role in policies.items()
        for statement in of_role
        if statement.allows
        for grant in statement.all_grants()
    }
    used = {
        _by_logical_ids(names, role, grant.statement, grant.action, grant.resource)
        for role, action, resource, context in calls
        for grant in allowed_by(policies.get(role, ()), action, resource, dict(context))
    }
    return Usage(template_hash(template), frozenset(granted), frozenset(used))


def template_hash(template: Path) -> str:
    return hashlib.sha256(template.read_bytes()).hexdigest()


def _names(ids: Mapping[str, str]) -> dict[str, str]:
    """Name that AWS has made up → logical id, the longest first: whole ids before the last parts of addresses and ARNs.
    Such names begin with the stack's, or hold it, which tells them from a version's number."""
    named = {
        name: logical
        for logical, physical in ids.items()
        for name in (physical_name(physical), physical, _secret_name(physical))
        if STACK_NAME in name
    }
    return {name: named[name] for name in sorted(named, key=len, reverse=True)}


def _secret_name(physical: str) -> str:
    """By which a policy names it, from its ARN: without the six characters that AWS puts behind. What is no ARN of a
    secret stays as it is, such as the name that one emulator has for an id."""
    _, of_secret, name = physical.partition(":secret:")
    return name[:-7] if of_secret else physical


def _by_logical_ids(names: Mapping[str, str], role: str, statement: str, action: str, resource: str) -> RoleGrant:
    for name, logical in names.items():
        resource = resource.replace(name, f"${{{logical}}}")
    return RoleGrant(names[role], statement, action, resource)


def _frozen(context: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(context.items()))


def _fields(grant: RoleGrant) -> list[str]:
    return [grant.role, grant.statement, grant.action, grant.resource]
