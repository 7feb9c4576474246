"""Every error this package raises, named after what happens next.

RelayError
├── RetryableError          nothing happened, or a repeat is safe: the message is delivered again
│   ├── CallFailedError     one call to Listrak failed at each of its tries, while Listrak answers others
│   │   └── UnusableAnswerError  a change was answered, with neither yes nor no
│   └── NotYetError         not a fault: something else must finish first; the message is handed on with a delay, and
│       │                   set aside when it has waited too long
│       ├── UnfinishedError a part is done; the rest goes on in the next invocation
│       └── BoundedWaitError  whoever raises it ends the wait by a deadline of its own
├── OutcomeUnknownError     sent, but no answer came: looked up before anything is sent again
├── FileRejectedError       the dropped file cannot be used: the run ends as rejected, nothing is sent
│   └── FileTooLargeError   one function cannot read it: it is read in ranges, if it can be
│       └── NoRoomError     this process has not the memory or the disk, whatever another has
├── ConfigurationError      a setting, a name or a credential is wrong: the work is set aside until an operator mends it
└── ContactRefusedError     Listrak turned one contact away for good: counted as refused, the batch goes on

A row that breaks a rule is a value (`domain.rejects.Reject`), never an exception.
No message may hold an email address, a phone number, a name or a secret.
"""

from __future__ import annotations

import traceback
from pathlib import Path, PurePath
from typing import ClassVar


class RelayError(Exception):
    """Root of the family."""


class RetryableError(RelayError):
    """The same message may be delivered again and will do no harm.

    ``retry_after`` is the wait in seconds that the other side asked for, if it did. ``code``: a stable word for the
    run's problem, if it fails each time.
    """

    code: ClassVar[str] = "given_up"

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class CallFailedError(RetryableError):
    """One call failed at each of its tries, though whoever has to do the work answers other calls. It may fail as often
    as it is made, if it is about something that makes it fail."""


class UnusableAnswerError(CallFailedError):
    """What a change was answered with says neither yes nor no, so it may not be from whoever has to do the work. A
    repeat is safe, and as likely to be answered so."""

    code = "answer_unusable"


class NotYetError(RetryableError):
    """Something else has to finish first. ``retry_after`` (seconds) is always set."""

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message, retry_after)
        self.wait: float = retry_after


class AwayError(NotYetError):
    """Whoever has to do the work answers nobody at all."""


class UnfinishedError(NotYetError):
    """A part of the work is done, as much as the time allowed; the rest goes on in the next invocation."""

    def __init__(self, message: str, retry_after: float = 0) -> None:
        super().__init__(message, retry_after)


class BoundedWaitError(NotYetError):
    """Something else has to finish first, and whoever waits for it knows until when."""


class OutcomeUnknownError(RelayError):
    """A call that changes something was sent and may have taken effect."""


class FileRejectedError(RelayError):
    """The file as a whole is refused; ``code`` is a stable word for reports, the message is for a person.

    ``rejects``: a rejects file of the rows that are to blame, if there is one.
    """

    def __init__(self, code: str, message: str, rejects: Path | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.rejects = rejects


class FileTooLargeError(FileRejectedError):
    """One function has not the disk or the memory for it."""

    def __init__(self, message: str) -> None:
        super().__init__("file_too_large", message)


class NoRoomError(FileTooLargeError):
    """Where it was to be read, memory or disk came to its end: no limit of the file's kind was met."""


class ConfigurationError(RelayError):
    """Something an operator must mend; ``code`` is a stable word for reports, the message names the setting."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class ContactRefusedError(RelayError):
    """Listrak's final no to one contact; ``code`` is Listrak's error code, such as ``ERROR_BANNED_EMAIL_ADDRESS``,
    ``words`` what it says besides, for the rejects file alone."""

    def __init__(self, code: str, words: str = "") -> None:
        super().__init__(f"Listrak refused a contact with {code}")
        self.code = code
        self.words = words


def describe(error: Exception) -> str:
    """Type and innermost frames, and the text only of our own errors: that of others may hold a row's value."""
    if isinstance(error, RelayError):
        return f"{type(error).__name__}: {error}"
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    places = " < ".join(f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    return f"unexpected {type(error).__name__} at {places}"
