"""Reading Listrak's answers: ids may come as text, anything may be null, and what is not as published is never guessed.

Every function raises RetryableError, which says where, for an answer that cannot be what Listrak publishes: asked once
more it may be.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from listrak_relay.adapters.listrak.plain_words import plain_words
from listrak_relay.errors import OutcomeUnknownError, RetryableError
from listrak_relay.ports.listrak_imports import ImportStatus

Item = Mapping[str, Any]

_LARGEST = 2**63
"""Listrak publishes 32 bits. What does not even fit into 64 is none of its ids, and the ledger could not keep it."""

_MOST = 2**31 - 1

_PHONE = re.compile(r"\s*\(?\+?[0-9][0-9\s().\-/\u2010-\u2015]*")
_PHONE_DIGITS = range(7, 16)
"""E.164 has 15 at most, and of fewer than seven none reaches anybody: what else has so few is cut or masked."""

_DECIMALS = re.compile(r"(?<=[0-9]{7})\.0+(?=\s*$)")

_WORD = re.compile(r"[A-Za-z]{0,40}")

_NO_DATE = "0001-01-01"
"""How .NET writes a date that was never set; the published samples have it."""


def items_of(answer: Item, name: str) -> list[Item]:
    """The members of a collection; ``data`` null means none."""
    if "data" not in answer:
        raise _unreadable(name, "data")
    return objects(answer, "data", name)


def page_items_of(answer: Item, name: str) -> list[Item]:
    """The members of a page of people or imports. Only a list says how many there are: null is no word for nobody."""
    if answer.get("data") is None:
        raise _unreadable(name, "data")
    return objects(answer, "data", name)


def item_of(answer: Item, name: str) -> Item:
    data = answer.get("data")
    if not isinstance(data, dict):
        raise _unreadable(name, "data")
    return data


def next_cursor(answer: Item, name: str) -> str | None:
    """The published text calls it both a value for ``cursor`` and the address of the next page, so both will do."""
    value = answer.get("nextPageCursor")
    if not value:
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        # There may be a next page, and to stop here would leave out whoever is on it.
        raise _unreadable(name, "nextPageCursor")
    if not value.strip():
        return None
    try:
        # A "+" stays one: Base64 has it, and not everyone encodes it.
        query = parse_qsl(urlsplit(value).query.replace("+", "%2B"))
    except ValueError:
        return value
    return next((cursor for key, cursor in query if key.casefold() == "cursor"), value)


def text(item: Item, key: str) -> str:
    """Empty for null or nothing."""
    value = item.get(key)
    return "" if value is None else str(value)


def required_text(item: Item, key: str, name: str) -> str:
    """Where null or nothing would be taken for something it does not say."""
    if not isinstance(item.get(key), str) or not item[key].strip():
        raise _unreadable(name, key)
    return str(item[key])


def integer(item: Item, key: str, name: str, default: int | None = None) -> int:
    """``default`` stands for null or nothing; without one that is an error."""
    value = item.get(key)
    if value is None and default is not None:
        return default
    if isinstance(value, int | str) and not isinstance(value, bool):
        try:
            number = int(value)
        except ValueError:
            pass
        else:
            if abs(number) < _LARGEST:
                return number
    raise _unreadable(name, key)


def flag(item: Item, key: str, name: str) -> bool:
    """Where null or nothing is no answer."""
    value = item.get(key)
    if not isinstance(value, bool):
        raise _unreadable(name, key)
    return value


def count_of(item: Item, key: str, name: str) -> int:
    """How many there are of something; none for null or nothing."""
    number = integer(item, key, name, 0)
    if not 0 <= number <= _MOST:
        raise _unreadable(name, key)
    return number


def phone_number(item: Item, key: str) -> str:
    """In Listrak's spelling, but for digits of other scripts and what a program adds that takes it for a decimal
    number; empty where it can be nobody's, such as one with letters or signs in place of digits."""
    value = item.get(key)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    written = text({key: value}, key) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    written = _DECIMALS.sub("", written if written.isascii() else _in_ascii(written))
    fits = _PHONE.fullmatch(written) and sum(map(str.isdecimal, written)) in _PHONE_DIGITS
    return written if fits else ""


def _in_ascii(written: str) -> str:
    plain = unicodedata.normalize("NFKC", written)
    return "".join(str(int(sign)) if sign.isdecimal() else sign for sign in plain if sign.isprintable())


def moment_of(item: Item, key: str, name: str) -> float | None:
    """Epoch seconds; None for null, nothing or a date that was never set. Listrak gives no zone: taken for UTC."""
    written = text(item, key)
    if not written or written.startswith(_NO_DATE):
        return None
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise _unreadable(name, key) from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def written_moment(item: Item, key: str) -> str:
    """``2026-01-31T08:15:30`` as Listrak writes it; empty for null, nothing, a date that was never set or no date."""
    written = text(item, key)
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return ""
    return "" if written.startswith(_NO_DATE) else moment.replace(tzinfo=None).isoformat(timespec="seconds")


def status_of(item: Item) -> ImportStatus:
    """Listrak publishes no words for the state, only that an import that is over has an end date."""
    raw, ended = text(item, "status"), text(item, "endDate")
    word = raw.casefold()
    failed = "fail" in word or "error" in word
    completed = "complete" in word and not any(no in word for no in ("incomplete", "notcomplete", "not complete"))
    over = failed or completed or bool(ended and not ended.startswith(_NO_DATE))
    # A sentence may quote a row.
    return ImportStatus(over, failed, raw if _WORD.fullmatch(raw) else plain_words(raw, None))


def resource_id(answer: Item, name: str) -> int:
    """The id of what a call has made. Listrak gives ids as text.

    Raises:
        OutcomeUnknownError: none there, though the call was answered as done.
    """
    try:
        return integer(answer, "resourceId", name)
    except RetryableError:
        raise OutcomeUnknownError(f"{name}: Listrak's answer names no resource") from None


def objects(item: Item, key: str, name: str) -> list[Item]:
    """The members of a list; null or nothing means none."""
    members = item.get(key)
    if members is None:
        return []
    if not isinstance(members, list) or not all(isinstance(member, dict) for member in members):
        raise _unreadable(name, key)
    return members


def _unreadable(name: str, key: str) -> RetryableError:
    return RetryableError(f"{name}: the answer's '{key}' is not as Listrak publishes it")
