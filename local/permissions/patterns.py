"""Patterns of actions, resources and condition values: ``*`` stands for any text and ``?`` for one character."""

from __future__ import annotations

import functools
import re


def matches(value: str, pattern: str) -> bool:
    """With regard to case, as IAM takes resources and condition values."""
    return _compiled(pattern).fullmatch(value) is not None


def action_matches(action: str, pattern: str) -> bool:
    """Without regard to case, as IAM takes actions."""
    return matches(action.lower(), pattern.lower())


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    places = {"*": ".*", "?": "."}
    return re.compile("".join(places.get(letter) or re.escape(letter) for letter in pattern), re.DOTALL)
