"""How values of the environment are read, and those that several functions have."""

from __future__ import annotations

from collections.abc import Mapping

from listrak_relay.errors import ConfigurationError


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


def function_memory_mb(env: Mapping[str, str], usual: float) -> float:
    """Of the function, as Lambda says; ``usual``: where nothing says so."""
    return number(env, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", usual, 1)


def max_receives(env: Mapping[str, str]) -> int:
    """After how many receives a queue moves a message to its dead-letter queue."""
    return int(number(env, "MAX_RECEIVES", 10, 1))


def turn_limit(env: Mapping[str, str]) -> float:
    """Seconds that a run waits for older ones of its list."""
    return number(env, "ORDER_WAIT_HOURS", 24, 0) * 3600


def max_import_attempts(env: Mapping[str, str]) -> int:
    return int(number(env, "MAX_IMPORT_ATTEMPTS", 10, 1))


def import_deadline(env: Mapping[str, str]) -> float:
    """Seconds from its start until an import that has not ended counts as stalled."""
    return number(env, "IMPORT_DEADLINE_HOURS", 24, 0.001) * 3600


def ledger_retention_days(env: Mapping[str, str]) -> int:
    return int(number(env, "LEDGER_RETENTION_DAYS", 90, 1))


def sms_connections(env: Mapping[str, str]) -> int:
    """Calls of one function under way at once."""
    return int(number(env, "SMS_CONNECTIONS", 32, 1))


def sms_calls_per_second(env: Mapping[str, str]) -> int:
    """Of all functions of the stack."""
    return int(number(env, "SMS_CALLS_PER_SECOND", 1_000, 1))
