"""Stems of the words for leaving a list, in the languages of the usual exports: the one place for them.

What a cell says (`statements`), what the name of a column says (`doubts`) and what that of a file says (`file_names`)
is told by them alike. Whatever only one of the three can tell by stands there.
"""

from __future__ import annotations

import unicodedata

_STEMS = (
    *("unsub", "abgemeldet", "abmeld", "desuscri", "desinscri", "désinscri", "désabon", "dezabon", "desabon"),
    *("descadast", "disiscri", "uitgeschr", "uitschr", "afgemeld", "afmeld", "avmeld", "utmeld", "avregistr"),
    *("avprenumer", "odhláš", "wypisan", "leiratk"),
)
_IN_SCRIPTS = ("отпис", "відпис", "退订", "退訂", "配信停止", "購読解除", "退会", "수신거부", "구독취소", "탈퇴")


def _bare(sign: str) -> str:
    return unicodedata.normalize("NFKD", sign)[0]


def _with_or_without_signs(stem: str) -> str:
    return "".join(sign if sign == _bare(sign) else f"[{sign}{_bare(sign)}]" for sign in stem)


IN_SCRIPTS = "|".join(_IN_SCRIPTS)
"""Pattern of those that are not Latin."""

IN_TEXT = "|".join((*map(_with_or_without_signs, _STEMS), IN_SCRIPTS))
"""Pattern of all, read by `re` and RE2 in small letters."""

IN_NAMES = "|".join(dict.fromkeys("".join(map(_bare, stem)) for stem in _STEMS))
"""Pattern of those that are Latin, without signs, as `names.consent_key` writes them."""
