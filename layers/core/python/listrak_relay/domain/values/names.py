"""When two names mean the same thing: case, spaces, underscores and hyphens do not count."""

from __future__ import annotations

import re

_IGNORED = re.compile(r"[\s_\-]+")


def same_name_key(name: str) -> str:
    """Equal for "First Name", "first_name" and "FirstName"."""
    return _IGNORED.sub("", name).casefold()
