"""A second look at the few values that do not fit the type which a data template gives them, as SQL."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from listrak_relay.adapters.duckdb.sql.expressions import bare, literals, matches
from listrak_relay.domain.columns import field_types
from listrak_relay.domain.columns.tally import NO_VALUE_WORDS
from listrak_relay.domain.values import dates


@dataclass(frozen=True, slots=True)
class SecondLook:
    """``raw``: the value. ``takes``: whether a value fits."""

    raw: str
    takes: Callable[[str], str]

    @property
    def bare(self) -> str:
        """Without what is around it and no part of it."""
        return bare(self.raw)

    @property
    def fits(self) -> str:
        """Whether it does so."""
        return f"coalesce({self.takes(self.bare)}, false)"

    @property
    def is_none(self) -> str:
        """Whether it is no value."""
        return f"coalesce({self.bare} IN ({literals(dates.NO_DATE)}), true)"

    @property
    def told(self) -> dict[str, str]:
        """Sentences for values that stand for none as nobody has said, with SQL for whether it is such."""
        return {
            field_types.ZEROS: matches(self.bare, dates.ZERO_PATTERN),
            field_types.LIKE_NO_VALUE: f"lower({self.bare}) IN ({literals(NO_VALUE_WORDS)})",
        }
