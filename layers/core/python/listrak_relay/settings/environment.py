"""The environment variables of a function, and how one of them is read."""

from __future__ import annotations

import os
from collections.abc import Mapping

from listrak_relay.errors import ConfigurationError

ENVIRONMENT: Mapping[str, str] = os.environ


def required(env: Mapping[str, str], name: str) -> str:
    """Raises ConfigurationError: it is missing or blank (code ``setting_missing``)."""
    value = env.get(name, "").strip()
    if not value:
        raise ConfigurationError(
            "setting_missing", f"environment variable {name} is missing or empty; set it in template.yaml"
        )
    return value


def number(env: Mapping[str, str], name: str, default: float, minimum: float) -> float:
    """``default``: where it is missing or blank. Raises ConfigurationError: it is no number, or less than ``minimum``
    (code ``setting_invalid``)."""
    text = env.get(name, "").strip() or str(default)
    try:
        value = float(text)
    except ValueError:
        raise ConfigurationError("setting_invalid", f"environment variable {name} must be a number") from None
    if not value >= minimum:
        raise ConfigurationError("setting_invalid", f"environment variable {name} must be at least {minimum:g}")
    return value
