"""The files that are measured: one set of made-up people as CSV, gzip and Parquet."""

from __future__ import annotations

import gzip
import random
import shutil
from enum import StrEnum
from pathlib import Path

import duckdb

from listrak_relay.domain.destinations.choices import Channel

COLUMNS = (
    "email",
    "first_name",
    "last_name",
    "postal",
    "birthdate",
    "loyalty_tier",
    "points",
    "last_purchase",
    "opt_in",
)
"""Of the files for email; those for SMS have ``phone`` in the first place."""

_REPEATED_SHARE = 0.02
_NONE_EVERY = 1_000
_BLOCK = 1 << 20


class Format(StrEnum):
    CSV = "CSV"
    GZIP = "gzip"
    PARQUET = "Parquet"


def make_csv(path: Path, rows: int, channel: Channel = Channel.EMAIL) -> None:
    """One address or number in 50 comes twice, one in 1,000 is none, one row in five has opted out."""
    contact_of, name = (_email_address, "email") if channel is Channel.EMAIL else (_phone_number, "phone")
    chance = random.Random(7)
    first = ("Ana", "Bob", "Cleo", "Dev", "Eve", "Finn", "Gus", "Hana")
    last = ("Smith", "Jones", "O'Neil", "García", "Nguyen", "Brown", "Lee")
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(",".join((name, *COLUMNS[1:])) + "\n")
        for number in range(rows):
            who = number if chance.random() > _REPEATED_SHARE else chance.randrange(rows)
            contact = contact_of(who) if number % _NONE_EVERY else "none given"
            stream.write(
                f"{contact},{chance.choice(first)},{chance.choice(last)},{chance.randrange(10_000, 99_999)},"
                f"{chance.randrange(1950, 2005)}-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d},"
                f"{chance.choice(('Gold', 'Silver', 'Bronze'))},{chance.randrange(10_000)}.{chance.randrange(100):02d},"
                f"2026-0{chance.randrange(1, 10)}-11,{'false' if number % 5 == 0 else 'true'}\n"
            )


def make_from_csv(csv_path: Path, wanted: Format, path: Path) -> None:
    """The same rows in another format; of Parquet every column is text."""
    if wanted is Format.PARQUET:
        with duckdb.connect() as session:
            session.execute("SET enable_progress_bar = false")
            rows = session.read_csv(str(csv_path), all_varchar=True)
            rows.write_parquet(str(path), compression="snappy")
    elif wanted is Format.GZIP:
        with csv_path.open("rb") as plain, gzip.open(path, "wb", compresslevel=6) as packed:
            shutil.copyfileobj(plain, packed, _BLOCK)
    else:
        raise ValueError(wanted)


def _email_address(who: int) -> str:
    return f"Person.{who}@mail{who % 997}.example.com"


def _phone_number(who: int) -> str:
    """One of the eight million numbers of an area code, in one of the usual spellings."""
    area, digits = 201 + who // 8_000_000, f"{2_000_000 + who % 8_000_000}"
    start, end = digits[:3], digits[3:]
    return (
        f"({area}) {start}-{end}",
        f"{area}-{start}-{end}",
        f"+1{area}{digits}",
        f"1 {area} {start} {end}",
        f"{area}{digits}",
    )[who % 5]
