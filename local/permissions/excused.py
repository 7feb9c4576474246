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


_JOINED = "the parts of a list's remembered opt-outs are joined when there are more than forty"

_LATE = "of imports that end behind a newer file, or after they were given up"

EXCUSES: tuple[Excuse, ...] = (
    Excuse("*", "xray:*", "*", "traces are off unless a setting turns them on, and no emulator takes any"),
    Excuse("*", "s3:AbortMultipartUpload", "*", "only an upload that fails midway is taken back"),
    Excuse("Ingest*Role", "s3:GetObject", "*/opt_outs/*", _JOINED),
    Excuse("Ingest*Role", "s3:DeleteObject", "*/opt_outs/*", _JOINED),
    Excuse("IngestRangesRole", "s3:ListBucket", "*${DropBucket}", "of a large file that has gone meanwhile"),
    Excuse("Ingest*Role", "kms:Decrypt", "*:key/none", "stands for keys of others that a setting names"),
    Excuse("IngestRangesMachineRole", "kms:Decrypt", "*", "lists of ranges are read by the emulator without their key"),
    Excuse(
        "MonitorImportRole",
        "s3:DeleteObject",
        "*/runs/*",
        "what was read of an import's results over several invocations, and a part of rejects that no row is left in",
    ),
    Excuse("MonitorImportRole", "secretsmanager:GetSecretValue", "*${OptOutKey}-*", _LATE),
    Excuse("MonitorImportRole", "s3:GetObject", "*/opt_outs/*", _LATE),
)
