"""What a server asks while somebody signs in by keyboard, answered with what the secret has."""

from __future__ import annotations

import re
from collections.abc import Sequence

INTERACTIVE = "keyboard-interactive"

_ONCE = re.compile(r"\b(code|otp|token|passcode|one[- ]?time|verification|authenticator|pin|duo)\b", re.IGNORECASE)
_SHOWN = 60


class Prompts:
    """``unanswered``: why a prompt could not be answered, for a message; None if none was such."""

    def __init__(self, username: str, password: str) -> None:
        self._username, self._password = username, password
        self.unanswered: str | None = None

    def answer(self, _title: str, _instructions: str, prompts: Sequence[tuple[str, bool]]) -> list[str]:
        """``prompts``: text, and whether what is typed is to be seen. A round without any only tells something."""
        return [self._one(text, seen=seen) for text, seen in prompts]

    def _one(self, text: str, *, seen: bool) -> str:
        if _ONCE.search(text):
            # What the secret has would be wrong, and tells a stranger the password.
            shown = "".join(letter for letter in text if letter.isprintable())[:_SHOWN].strip()
            self.unanswered = f'it asks "{shown}", which the secret has no answer to'
            return ""
        return self._username if seen else self._password
