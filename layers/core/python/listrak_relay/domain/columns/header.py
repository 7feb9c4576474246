"""Whether a header can be used at all, whatever its columns mean."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from listrak_relay.domain.destinations.choices import Channel
from listrak_relay.domain.values.names import SHOWN_NAMES, listed, same_name_key
from listrak_relay.errors import FileRejectedError

MAX_COLUMNS = 1_000
"""A file with more is not an audience."""

_ROW_NUMBERS = "; if it holds the row numbers of a program (pandas), write the file without them (index=False)"

_NUMBER = re.compile(r"[+(]?([0-9][ ().-]*){7,15}")


def check_names(names: Sequence[str], file: str, channel: Channel = Channel.EMAIL) -> None:
    """Raises FileRejectedError: ``header_missing``, ``too_many_columns``, ``header_empty_name`` or
    ``header_duplicate``."""
    # The names are not shown: they are very likely somebody's data.
    if any("@" in name for name in names):
        raise FileRejectedError(
            "header_missing",
            f"{file}: the first row holds an email address, so it is no header; add a row of column names",
        )
    if channel is Channel.SMS and any(_NUMBER.fullmatch(name) for name in names):
        raise FileRejectedError(
            "header_missing",
            f"{file}: the first row holds a phone number, so it is no header; add a row of column names",
        )
    check_count(len(names), file)
    empty = [str(place) for place, name in enumerate(names, 1) if not same_name_key(name)]
    if empty:
        raise FileRejectedError(
            "header_empty_name",
            f"{file}: the header has no name at column {', '.join(empty[:SHOWN_NAMES])} of {len(names)}; "
            "name every column" + (_ROW_NUMBERS if empty == ["1"] else ""),
        )
    counts = Counter(map(same_name_key, names))
    twice = [name for name in names if counts[same_name_key(name)] > 1]
    if twice:
        raise FileRejectedError(
            "header_duplicate",
            f"{file}: the header has one name more than once (case, spaces, _ and - do not count): "
            f"{listed(twice, names)}; rename them",
        )


def check_count(columns: int, file: str) -> None:
    """Raises FileRejectedError: there are more than `MAX_COLUMNS` (code ``too_many_columns``)."""
    if columns > MAX_COLUMNS:
        raise FileRejectedError(
            "too_many_columns", f"{file}: the file has {columns} columns; at most {MAX_COLUMNS} can be used"
        )
