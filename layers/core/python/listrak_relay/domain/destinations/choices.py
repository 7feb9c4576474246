"""The words that an entry of the configuration chooses between, each of which is written there as its value."""

from __future__ import annotations

from enum import StrEnum


class Channel(StrEnum):
    """The way into Listrak."""

    EMAIL = "email"
    SFTP = "sftp"
    SMS = "sms"


class Mode(StrEnum):
    """ADD leaves earlier members of the audience; MIRROR makes the audience equal to the file."""

    ADD = "add"
    MIRROR = "mirror"


class MissingOptStatus(StrEnum):
    """What to do with a file that has no opt status column."""

    SUBSCRIBE = "subscribe"
    UPDATE = "update"
    REJECT = "reject"


class UnsureOptStatus(StrEnum):
    """What to do with a file in which a column may tell consent that is not read as such. SUBSCRIBE: take it for a
    profile field.
    """

    REJECT = "reject"
    SUBSCRIBE = "subscribe"


class UnknownOptOuts(StrEnum):
    """What becomes of a no of somebody whom the list does not know. REMEMBER: only we remember it, so that no later
    file subscribes them without a yes of their own. RECORD: Listrak is asked to keep them as unsubscribed, too.
    """

    REMEMBER = "remember"
    RECORD = "record"


class PhoneFormat(StrEnum):
    """How a phone number goes to Listrak: ``17175550100``, ``+17175550100`` or ``7175550100``."""

    DIGITS = "digits"
    PLUS = "plus"
    NATIONAL = "national"


class MissingProfileFields(StrEnum):
    """What to do when Listrak has no profile field for a column and none can be made: stop the run, or leave the column
    out and say so in the report.
    """

    ERROR = "error"
    WARN = "warn"


class OptOutsWithoutNumber(StrEnum):
    """What to do when Listrak lists opt-outs of a sender code without saying whose: subscribe nobody, or those of whom
    no opt-out is known.
    """

    STOP = "stop"
    IGNORE = "ignore"
