"""What every function is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from listrak_relay.settings.environment import ENVIRONMENT, number, required


def import_deadline_of(env: Mapping[str, str]) -> float:
    """Seconds from its start until an import that has not ended counts as stalled."""
    return number(env, "IMPORT_DEADLINE_HOURS", 24, 0.001) * 3600


@dataclass(frozen=True, slots=True)
class AwsSettings:
    """What every function works with. ``ledger_retention_days``: how long an item of the ledger is kept."""

    work_bucket: str
    ledger_table: str
    ledger_retention_days: int
    close_queue_url: str

    @classmethod
    def from_env(cls, env: Mapping[str, str] = ENVIRONMENT) -> AwsSettings:
        return cls(
            work_bucket=required(env, "WORK_BUCKET"),
            ledger_table=required(env, "LEDGER_TABLE"),
            ledger_retention_days=int(number(env, "LEDGER_RETENTION_DAYS", 90, 1)),
            close_queue_url=required(env, "CLOSE_QUEUE_URL"),
        )
