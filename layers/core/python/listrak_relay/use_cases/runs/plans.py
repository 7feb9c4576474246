"""The delivery plan that a run must have by now."""

from __future__ import annotations

from listrak_relay.errors import ConfigurationError
from listrak_relay.ports.ledger import P, RunLedger


def load_plan(ledger: RunLedger, run_id: str, kind: type[P]) -> P:
    """Raises ConfigurationError: it is gone (code ``plan_missing``)."""
    plan = ledger.get_plan(run_id, kind)
    if plan is None:
        raise ConfigurationError("plan_missing", "the run's delivery plan is gone from the ledger")
    return plan
