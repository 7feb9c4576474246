"""Numbers of things, as people read them."""

from __future__ import annotations


def counted(number: int, what: str) -> str:
    """``1 row``, ``2,000 rows``."""
    return f"{number:,} {noun(number, what)}"


def noun(number: int, what: str) -> str:
    """``row`` of one, ``rows`` of any other number."""
    return what if number == 1 else f"{what}s"


def were(number: int) -> str:
    """``was`` of one, ``were`` of any other number."""
    return "was" if number == 1 else "were"
