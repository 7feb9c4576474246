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


def listed(names: Sequence[str]) -> str:
    """Column names for a message, in quotes; of very many the first ones."""
    shown = ", ".join(f'"{name[:60]}"' for name in names[:SHOWN_NAMES])
    return shown if len(names) <= SHOWN_NAMES else f"{shown} and {len(names) - SHOWN_NAMES} more"
