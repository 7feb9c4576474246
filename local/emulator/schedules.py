"""Rules with a schedule, kept apart from events: moto takes a rule without a pattern as one that matches everything.

Each event on the bus would then go to the function of every schedule, which moto cannot do and answers with an error.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.events.models import Rule


def install() -> None:
    setattr(Rule, "send_to_targets", _unless_scheduled(Rule.send_to_targets))  # noqa: B010 # mypy: a method


def _unless_scheduled(send: Callable[..., None]) -> Callable[..., None]:
    def send_to_targets(rule: Rule, *arguments: Any, **named: Any) -> None:
        if not rule.scheduled_expression:
            send(rule, *arguments, **named)

    return send_to_targets
