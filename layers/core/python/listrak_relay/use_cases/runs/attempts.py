"""An import whose answer is lost each time is not begun for ever."""

from __future__ import annotations

from listrak_relay.errors import ConfigurationError


def check_attempts(begun: int, most: int) -> None:
    """Before another import of the same rows is begun.

    Raises:
        ConfigurationError: there were ``most`` (code ``attempts_used_up``).
    """
    if begun >= most:
        raise ConfigurationError(
            "attempts_used_up",
            f"{begun} imports of a batch were begun and Listrak lists none of them; find out why, "
            "then return the message from the dead-letter queue",
        )
