"""The first rows of a file that would be sent, and none that would be turned away."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from listrak_relay.domain.destinations.data_template import ColumnRole, ColumnRule, DataTemplate
from listrak_relay.domain.destinations.destinations import AudienceDestination, EmailDestination
from listrak_relay.wiring.dry_run import read_here, sample_here

KEY = "email/vip/people.csv"
EMAIL = EmailDestination("email")
BIRTHDAYS = DataTemplate("days", {"born": ColumnRule(ColumnRole.FIELD, type="date")})


def sampled(folder: Path, text: str, rows: int, destination: AudienceDestination = EMAIL) -> list[list[str]]:
    """The sample, which is read once more and turns nobody away."""
    file, out, again = folder / "people.csv", folder / "out", folder / "again"
    file.write_text(text, encoding="utf-8")
    out.mkdir()
    sample = sample_here(file, KEY, destination, "vip", rows, out)
    read = read_here(sample, KEY, destination, "vip", again)
    with sample.open(encoding="utf-8", newline="") as stream:
        lines = list(csv.reader(stream))
    assert (read.rejected, read.rows_read) == (0, len(lines) - 1)
    return lines


def test_rows_that_are_turned_away_are_passed_over_whatever_the_reason(tmp_path: Path) -> None:
    text = "email,opt_in\nnobody at home,yes\nada@example.com,perhaps\nben@example.com,\ncleo@example.com,yes\n"

    assert sampled(tmp_path, text, 5) == [["email", "opt_in"], ["cleo@example.com", "yes"]]


def test_values_that_do_not_fit_the_type_of_a_template_turn_their_row_away(tmp_path: Path) -> None:
    text = "email,born\nada@example.com,soon\nben@example.com,1990-04-01\n"

    assert sampled(tmp_path, text, 5, replace(EMAIL, data_template=BIRTHDAYS))[1:] == [
        ["ben@example.com", "1990-04-01"]
    ]


@pytest.mark.parametrize("rows", [1, 2, 9])
def test_of_a_person_who_comes_twice_the_last_row_counts_and_no_more_are_taken_than_asked_for(
    tmp_path: Path, rows: int
) -> None:
    text = 'email,city\nada@example.com,York\nben@example.com,"Bath, UK"\nADA@example.com,Hull\n'

    sample = sampled(tmp_path, text, rows)

    assert sample[1:] == [["ben@example.com", "Bath, UK"], ["ADA@example.com", "Hull"]][:rows]
