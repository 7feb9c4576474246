"""What a destination says of the files dropped for it; whatever it leaves open is found out from the file."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase


class FileFormat(StrEnum):
    """DELIMITED: CSV, TSV, PSV and their kin. JSON: an array of objects. NDJSON: one object on each line."""

    DELIMITED = "delimited"
    JSON = "json"
    NDJSON = "ndjson"
    PARQUET = "parquet"
    XLSX = "xlsx"


class FileDialect(StrEnum):
    """Usual writers of delimited text, each as its manual says. POSTGRES_TEXT: COPY in its text format. MYSQL_OUTFILE:
    SELECT … INTO OUTFILE. SPARK: the CSV writer. SNOWFLAKE: COPY INTO a location. REDSHIFT: UNLOAD with ESCAPE. EXCEL:
    saved as CSV or as Unicode text."""

    POSTGRES_TEXT = "postgres_text"
    MYSQL_OUTFILE = "mysql_outfile"
    SPARK = "spark"
    SNOWFLAKE = "snowflake"
    REDSHIFT = "redshift"
    EXCEL = "excel"


NULL_MARK = r"\N"
"""What databases write for no value: Snowflake, Hive, MySQL, Postgres and Redshift."""

RAISED_NULL = "ᴺᵁᴸᴸ"
"""What ClickHouse writes for no value where all values are texts, as in its JSONStrings. Nobody is called so."""

NO_SIGN = ""
"""Value of `FileRules.quote` where nothing is quoted, and of `FileRules.escape` where nothing is escaped."""


@dataclass(frozen=True, slots=True)
class FileRules:
    """None everywhere: find out.

    ``dialect``: who wrote the file; what the others say goes before it. ``quote`` is `NO_SIGN` where nothing is
    quoted; ``escape`` takes the meaning from the character after it, and is `NO_SIGN` where there is none.
    ``header``: whether the first row (after ``skip_lines`` lines) holds names; ``columns`` are the names of a file
    without them.
    ``encoding``: Python's name of its codec.
    ``null_word``: texts each of which stands for an empty value, beside `NULL_MARK`. ``sheet``: name of the XLSX sheet
    to read, None = the first. ``max_damaged_percent``: with a larger share of damaged rows nothing is sent.
    ``success_marker``: name or pattern (``*.DONE``) of the object that says a folder is complete, None = each object is
    a run. ``pgp_secret``: name of the secret that holds the private key.
    """

    format: FileFormat | None = None
    dialect: FileDialect | None = None
    delimiter: str | None = None
    quote: str | None = None
    escape: str | None = None
    header: bool | None = None
    columns: tuple[str, ...] = ()
    skip_lines: int | None = None
    encoding: str | None = None
    null_word: tuple[str, ...] = ()
    sheet: str | None = None
    max_damaged_percent: float = 5.0
    success_marker: str | None = None
    pgp_secret: str | None = None

    @property
    def headerless(self) -> bool:
        """Without a word about the header, named columns mean that the file has none."""
        return self.header is False or (self.header is None and bool(self.columns))

    def is_success_marker(self, name: str) -> bool:
        """``name``: the last segment of the key."""
        return self.success_marker is not None and fnmatchcase(name, self.success_marker)
