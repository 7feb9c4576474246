"""Why a file as a whole is refused, where it is found out in more than one place."""

from __future__ import annotations

from collections.abc import Sequence

from listrak_relay.domain.values.names import listed
from listrak_relay.errors import FileRejectedError


def empty_file(file: str) -> FileRejectedError:
    """``file``: the drop key."""
    return FileRejectedError(
        "file_empty", f"{file}: the file is empty; drop a file with a header row and one row for each contact"
    )


def parts_differ(file: str, names: Sequence[str], first: str, first_names: Sequence[str]) -> FileRejectedError:
    """``file`` and ``first``: drop keys of a part and of the first one, with the names of their columns."""
    return FileRejectedError(
        "parts_differ",
        f"{file}: the parts of one drop must have the same columns; this one has {listed(names, names)}, and {first} "
        f"has {listed(first_names, first_names)}",
    )
