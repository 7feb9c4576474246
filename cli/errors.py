"""How a command ends."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What programs may go by. WRONG_USE is the command line's own: an unknown option, a missing argument."""

    DONE = 0
    NOT_WELL = 1
    WRONG_USE = 2
    NOT_ANSWERED = 3
    INTERRUPTED = 130


class CommandError(Exception):
    """A command that ends early; the message says what was wrong and what to do."""

    def __init__(self, message: str, code: ExitCode = ExitCode.NOT_WELL) -> None:
        super().__init__(message)
        self.code = code
