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


EXCUSES: tuple[Excuse, ...] = (
    Excuse("*", "xray:*", "*", "traces are off unless a setting turns them on, and no emulator takes any"),
    Excuse("*", "s3:AbortMultipartUpload", "*", "only an upload that fails midway is taken back"),
    Excuse("*", "sqs:ChangeMessageVisibility", "*", "only a message whose work has failed comes back sooner"),
    Excuse(
        "*",
        "dynamodb:*Item",
        "*/index/open_runs",
        "one statement is for the ledger and its index, of which DynamoDB lets nothing but queries be made",
    ),
    Excuse(
        "*",
        "dynamodb:*",
        "*table/${RunLedger}",
        "the calls of the ledger, its locks and its lanes go together: which of them a function makes depends on what "
        "goes wrong, and tests of the adapters make them all",
    ),
    Excuse(
        "*",
        "secretsmanager:GetSecretValue",
        "*",
        "of destinations that have an account of their own, and of the key by which opt-outs are remembered; the "
        "denials of all other secrets are tested",
    ),
    Excuse(
        "*",
        "s3:*Object",
        "*/opt_outs/*",
        "remembered opt-outs are read by lists that have some, and joined when there are more than forty parts",
    ),
    Excuse("*", "s3:DeleteObject", "*", "what is left of an earlier try is removed, where there was one"),
    Excuse("*", "s3:*", "*${DropBucket}*", "a large file of several parts, or one that has gone meanwhile"),
    Excuse(
        "*", "sqs:SendMessage", "*", "what is handed on, set aside, or sent again by the sweep, where there is cause"
    ),
    Excuse("*", "kms:Decrypt", "*", "files and queues that are encrypted by a key of somebody else"),
)
