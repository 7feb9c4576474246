"""Which dropped objects hold no data: markers of tools, folders, empty objects."""

from __future__ import annotations

import re

_NO_DATA = re.compile(
    r"""
      \.(?:[a-z0-9]*keep|placeholder|empty|ds_store)          # folder keepers
    | _(?:success|started.*|committed.*|metadata|common_metadata)   # Spark, Databricks, Parquet
    | .*_\$folder\$                                         # folders as old Hadoop writes them
    | (?:.*\.)?(?:done|complete|completed|finished|ready|success|_success)      # Amperity's and others' markers
    | .*\.(?:ok|fin|trg|trigger|ctl|flag|eof|md5|sha1|sha256|sha512|crc)   # more of them, and checksums
    | .*\.metadata(?:\.json)?                               # Athena's, Iceberg's
    | (?:.*[._-])?manifest(?:\.json)?                       # Redshift UNLOAD ... MANIFEST
    | thumbs\.db | desktop\.ini | \._.*                   # what desktops leave behind
    """,
    re.VERBOSE | re.IGNORECASE,
)
_UNFINISHED = re.compile(
    r"""
      .*\.(?:file)?part | .*\.(?:partial|incomplete|inprogress|in_progress|uploading|upload|downloading|writing)
    | .*\.(?:tmp|temp|crdownload|download|opdownload|swp|lock|aria2|!ut)
    | .*\._copying_ | \.~.* | ~\$.* | .*~
    | \.in\..+\. | \.(?!.*\.ndjson$).+\.[a-z0-9]{6} | \.goutputstream-.*   # ProFTPD, rsync, GNOME
    | .*\.(?:tmp|temp)[-._]?[0-9a-f]+ | .*\.(?:sw[ox]|fstmp|!sync)
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Names under which programs write what they rename when it is whole: WinSCP, browsers, HDFS, Office and others."""

_PART = re.compile(
    r"""
      part[-_.\ ]?\d+ | \d+[-_.\ ]?of[-_.\ ]?\d+
    | (?<!\d)_\d{1,3}_\d{1,3}_\d{1,3}(?!\d)
    | (?<!\d)0\d\d+(?!\d)
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""How Spark, Snowflake, BigQuery, Redshift and others number the files of one export."""

_FOLDERS_OF_AN_AUDIENCE = 2

_TOOL_FOLDER = re.compile(
    r"_temporary|_delta_log|_spark_metadata|_impala_insert_staging|\.(?:(?:spark|hive)-staging.*|hoodie)|__macosx",
    re.IGNORECASE,
)
"""Spark, Hive, Impala, Hudi and macOS keep files of their own beside the data."""


EMPTY = "it is empty (0 bytes)"

_LARGEST_MARKER = 5_000_000
"""Bytes; a manifest that names thirty thousand parts is smaller. Whatever its name, what is larger holds data."""


def why_no_data(key: str, size: int) -> str | None:
    """Why an object is no file of rows, for the ledger; None if it may be one. ``size`` in bytes."""
    *folders, name = key.split("/")
    if not name:
        return "it stands for a folder"
    if any(map(_TOOL_FOLDER.fullmatch, folders)):
        return "it lies in a folder that a tool keeps for itself"
    if _UNFINISHED.fullmatch(name):
        return "its name is that of a file that is still being written"
    if size <= _LARGEST_MARKER and _NO_DATA.fullmatch(name):
        return "its name is that of a marker"
    if not size:
        return EMPTY
    return None


def folder_of(key: str) -> str:
    """The key up to its last slash, that included."""
    return key[: key.rfind("/") + 1]


def set_of_parts(key: str) -> str | None:
    """The same text for all objects that are, by their keys, parts of one export; None for one that is whole.

    What lies below the audience's own folder belongs together, and names that differ by the number of a part.
    """
    folder, name = folder_of(key), key[key.rfind("/") + 1 :]
    if folder.count("/") > _FOLDERS_OF_AN_AUDIENCE:
        return folder
    return folder + re.sub(r"\d+", "#", name) if _PART.search(name) else None
