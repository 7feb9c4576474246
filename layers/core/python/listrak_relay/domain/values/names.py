"""Names of columns: when two mean the same thing, and how a message tells of many."""

from __future__ import annotations

import re
from collections.abc import Sequence

SHOWN_NAMES = 40
"""Names that a message tells of a list that may be longer."""

_IGNORED = re.compile(r"[\s_\-]+")


def same_name_key(name: str) -> str:
    """Equal for "First Name", "first_name" and "FirstName": case, spaces, underscores and hyphens do not count."""
    return _IGNORED.sub("", name).casefold()


def may_be_shown(name: str) -> bool:
    """Whether a text is a plausible name of a column and not somebody's data: no address, number, day or code."""
    return len(name) <= _LONGEST_NAME and bool(_LETTER.search(name)) and not _DATA.search(name)


def shown(name: str, otherwise: str) -> str:
    """The name, or what is to be told instead of a text that may be somebody's data."""
    return name if may_be_shown(name) else otherwise


def is_header(names: Sequence[str]) -> bool:
    """Whether a row is plausible as a row of column names: one of them is usual, and none is plainly somebody's data.

    Of a file without a header the first row is somebody's data, and "Ana" could be a column's name as well.
    """
    return all(map(may_be_shown, names)) and any(_USUAL.search(_IGNORED.sub(" ", name).casefold()) for name in names)


def listed(names: Sequence[str], header: Sequence[str] = ()) -> str:
    """Column names for a message, in quotes; of very many the first ones.

    ``header``: all names of the row that they are from. Where that may be no row of names, and for each name that may
    be somebody's data, the column's place is told instead. Empty: the names are the configuration's own.
    """
    known = not header or is_header(header)
    places = {name: place for place, name in reversed(list(enumerate(header, 1)))}
    hidden = "one whose name is not told here"
    told = [
        f'"{name[:60]}"' if known and may_be_shown(name) else f"column {places[name]}" if name in places else hidden
        for name in names[:SHOWN_NAMES]
    ]
    if not known and len(names) == len(header):
        many = f"{len(names)} columns, whose names are" if len(names) > 1 else "one column, whose name is"
        return f"{many} not told here since the first row may be somebody's data"
    shown = ", ".join(told)
    return shown if len(names) <= SHOWN_NAMES else f"{shown} and {len(names) - SHOWN_NAMES} more"


_LONGEST_NAME = 80
_LETTER = re.compile(r"[^\W\d_]")
_DATA = re.compile(
    r"@|%40|[0-9]{5}|\b[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}\b|[0-9]{3}[ ).-]+[0-9]{3,4}"
    r"|\.(?:com|org|net|edu|gov|io|co|info|biz|me|us|uk|de|fr)\b|[A-Za-z0-9+/=]{32}|[0-9a-f]{16}",
    re.IGNORECASE,
)
_USUAL = re.compile(
    r"e ?mail|\bmail|correo|courriel|phone|mobile|\bcell\b|\btel|\bsms\b|\bname\b|firstname|lastname|surname"
    r"|\bid\b|\w+id\b|number|\bno\b|\bnr\b|code|\bzip|postal|city|state|country|address|street|\bdate\b|birth|\bdob\b"
    r"|\btime|created|updated|status|\btype\b|opt ?(?:in|out)|consent|subscri|gender|\bage\b|title|points|\btier\b"
    r"|level|\bfirst\b|\blast\b|segment|customer|contact|\buser|order|product|\bsku\b|price|total|quantity|\bqty\b|amount|value|\bkey\b|\burl\b"
    r"|メール|邮箱|邮件|郵件|電郵|이메일|почта|手机|電話|전화|휴대폰|телефон"
    r"|vorname|nachname|\bort\b|\bplz\b|prenom|\bnom\b|ville|nombre|apellido|ciudad|telefon|handy|loyalty|store|brand"
)
