"""Which dropped objects hold no data: markers of tools, folders, empty objects."""

from __future__ import annotations

import re

_NO_DATA = re.compile(
    r"""
      \.(?:keep|gitkeep|ds_store|part-.*\.crc|.*\.crc)      # folder keepers, Hadoop's checksums
    | _(?:success|started.*|committed.*|metadata|common_metadata|delta_log.*)   # Spark, Databricks, Parquet
    | .*_\$folder\$                                         # folders as old Hadoop writes them
    | (?:.*\.)?(?:done|complete|completed|finished|ready|success|_success)      # Amperity's and others' markers
    | (?:.*[._-])?manifest(?:\.json)?                       # Redshift UNLOAD ... MANIFEST
    | thumbs\.db | desktop\.ini | \._.*                     # what desktops leave behind
    """,
    re.VERBOSE | re.IGNORECASE,
)


EMPTY = "it is empty (0 bytes)"


def why_no_data(key: str, size: int) -> str | None:
    """Why an object is no file of rows, for the ledger; None if it may be one. ``size`` in bytes."""
    name = key.rsplit("/", 1)[-1]
    if not name:
        return "it stands for a folder"
    if _NO_DATA.fullmatch(name):
        return "its name is that of a marker"
    if not size:
        return EMPTY
    return None


def folder_of(key: str) -> str:
    """The key up to its last slash, that included."""
    return key[: key.rfind("/") + 1]
