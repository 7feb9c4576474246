"""Grants that no test uses, each with the reason why its role has it all the same."""

from __future__ import annotations

from dataclasses import dataclass

from local.permissions.patterns import matches
from local.permissions.usage import RoleGrant


@dataclass(frozen=True, slots=True)
class Excuse:
    """For the grants of ``role`` that fit; all three may hold ``*``."""

    role: str
    action: str
    resource: str
    reason: str

    def fits(self, grant: RoleGrant) -> bool:
        return (
            matches(grant.role, self.role)
            and matches(grant.action, self.action)
            and matches(grant.resource, self.resource)
        )


EXCUSES: tuple[Excuse, ...] = ()
