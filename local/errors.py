"""What can go wrong in the local stack, as sentences for the person who started it."""

from __future__ import annotations


class LocalStackError(Exception):
    """The stack cannot do what was asked; the message says why and what to do."""


class NotHandledError(LocalStackError):
    """`template.yaml` uses something that the local stack would leave out without a word.

    ``faults`` names each place.
    """

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        listed = "\n  ".join(faults)
        super().__init__(
            "template.yaml uses what the local stack does not handle. "
            "Handle it and enter it in local/template/coverage.py:\n"
            f"  {listed}"
        )


class StoppedError(LocalStackError):
    """The stack is stopping; nothing new begins."""


class ThrottledError(LocalStackError):
    """As many invocations are under way as may be; the same invocation may come again."""
