"""`python -m local.sample_files` writes the audience files under `samples/` anew, byte for byte the same each time.

Everybody in them is made up: example.com and names from two short lists.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from local.paths import SAMPLES
from local.sample_feeds import sample_feeds

FIRST_NAMES = ("Ada", "Björn", "Chloé", "Dmitri", "Eun-ji", "Fátima", "Grace", "Hiro", "Iñaki", "Zoë")
LAST_NAMES = ("Moss", "O'Neil", "Ångström", "Nguyen", "da Silva", "Kovač", "Meyer", "Smith-Jones", "Öz", "Lindqvist")
STORES = ("Main Street", 'The "Old" Mill', "Harbour, Pier 4", "Station")

VIP_HEADER = (
    *("email", "first_name", "last_name", "birthdate", "loyalty_points", "total_spend", "last_order_date"),
    *("favorite_store", "opt_in"),
)
PROBLEM_EVERY = 97  # rows

# What Listrak (here the simulator) has against people, whatever the file says.
KNOWN_TO_LISTRAK = (
    "opted.out@example.com",
    "left.last.year@example.com",
    "banned@example.com",
    "suppressed@example.com",
)


def main() -> None:
    for name, content in sample_files().items():
        path = SAMPLES / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        print(path)


def sample_files() -> dict[str, bytes]:
    """Path below `samples/`, for audience files also the key under which they are dropped → content."""
    gold = [("shopper", number) for number in range(1, 121)]
    later = [("shopper", number) for number in range(1, 115)] + [("newcomer", number) for number in range(1, 5)]
    return {
        "email/vip_customers/vip_customers.csv": _csv(VIP_HEADER, _vip_rows(2_000)),
        "email/beta_testers/beta_testers.csv": _csv(("Email Address", "Nickname", "optedOut"), _beta_rows()),
        "gold_members/gold_members/week_1.csv": _csv(("email", "tier"), _gold_rows(gold)),
        "gold_members/gold_members/week_2.csv": _csv(("email", "tier"), _gold_rows(later)),
        "listrak.json": _known_to_listrak(),
        "email/newsletter/without_email_column.csv": _csv(("name", "city"), [("Ada", "Turin"), ("Grace", "York")]),
        **{name: _csv(header, rows) for name, (header, rows) in sample_feeds().items()},
    }


def _vip_rows(count: int) -> Iterator[Sequence[str]]:
    for number in range(1, count + 1):
        row = _vip_row(number)
        if number % PROBLEM_EVERY == 0:
            yield _with_problem(row, number // PROBLEM_EVERY)
        elif number > count - len(KNOWN_TO_LISTRAK):
            yield [KNOWN_TO_LISTRAK[count - number], *row[1:-1], "yes"]
        else:
            yield row


def _vip_row(number: int) -> list[str]:
    day = date(1950, 1, 1) + timedelta(days=number * 9)
    order = date(2026, 1, 1) + timedelta(days=number % 300)
    return [
        f"customer.{number:04d}@example.com",
        FIRST_NAMES[number % len(FIRST_NAMES)],
        LAST_NAMES[number // 3 % len(LAST_NAMES)],
        day.isoformat(),
        str(number * 7 % 5_000),
        f"{number * 37 % 100_000 / 100:.2f}",
        order.isoformat(),
        STORES[number % len(STORES)],
        "no" if number % 40 == 0 else "yes",
    ]


def _with_problem(row: list[str], which: int) -> Sequence[str]:
    """Each kind of damage in turn, as files from the world have it."""
    email, rest = row[0], row[1:]
    return (
        (email.replace("@", " at "), *rest),
        ("", *rest),
        (email, *rest[:-1], "maybe"),
        (email, *rest[:-1], ""),
        (f"  {email.upper()} ", *rest),  # nothing wrong with it
        ("customer.0001@example.com", *rest),  # once more: the last row of an address counts
        (email, *rest[:-2], "Harbour " * 40, rest[-1]),  # longer than a profile field
        (email, *rest[:-2], "Harbour,\nPier 4", rest[-1]),  # a line break inside a value
    )[which % 8]


def _beta_rows() -> Iterator[Sequence[str]]:
    for number in range(1, 10):
        yield f"tester.{number}@example.com", f"{FIRST_NAMES[number]}", "false"
    yield "tester.10@example.com", "Left", "true"
    yield "opted.out@example.com", "Opted out before", "false"
    yield "not an address", "Nobody", "false"


def _gold_rows(people: Sequence[tuple[str, int]]) -> Iterator[Sequence[str]]:
    for kind, number in people:
        yield f"{kind}.{number:03d}@example.com", "gold" if number % 5 else "platinum"


def _known_to_listrak() -> bytes:
    """A seed for the simulator: people who can opt out because they are on the list."""
    emails = [_vip_row(number)[0] for number in range(40, 2_001, 40)] + ["tester.10@example.com"]
    contacts = [{"email": email} for email in emails]
    return (json.dumps({"lists": [{"list_name": "Master List", "contacts": contacts}]}, indent=1) + "\n").encode()


def _csv(header: Sequence[str], rows: Iterator[Sequence[str]] | Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


if __name__ == "__main__":
    main()
