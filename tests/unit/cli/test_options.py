"""Options and arguments of the command line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cli.commands.cost import number
from cli.errors import CommandError, ExitCode
from cli.options import hoisted
from cli.reading import drop_key, named, readable
from listrak_relay.domain.destinations.destinations import BUILT_IN
from listrak_relay.wiring.operating import configuration


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (["runs", "--local"], ["--local", "runs"]),
        (["runs", "--stack", "mine", "--days", "7"], ["--stack", "mine", "runs", "--days", "7"]),
        (["run", "--region=eu-west-1", "r", "--json"], ["--region=eu-west-1", "--json", "run", "r"]),
        (["replay", "--", "--json"], ["replay", "--", "--json"]),
        (["runs", "--stack"], ["--stack", "runs"]),
    ],
)
def test_options_of_every_command_may_stand_anywhere(typed: list[str], read: list[str]) -> None:
    assert hoisted(typed) == read


def test_an_audience_is_called_like_its_file_if_nobody_says_otherwise() -> None:
    assert drop_key(Path("a/vip.customers.csv.gz"), BUILT_IN["email"], None) == (
        "email/vip/vip.customers.csv.gz",
        "vip",
    )


def test_a_destination_that_there_is_not_is_wrong_use_and_the_known_ones_are_named() -> None:
    built_in = configuration(None, "")

    with pytest.raises(CommandError, match=r"did you mean email\?.* or --deployed") as error:
        named(built_in, "emial", "; or --deployed")

    assert error.value.code == ExitCode.WRONG_USE
    assert named(built_in, "email") is built_in.find("email")


def test_a_feed_needs_no_audience() -> None:
    assert drop_key(Path("orders.csv"), BUILT_IN["orders"], None) == ("orders/orders.csv", "")


def test_a_dollar_sign_in_an_audience_stays() -> None:
    assert drop_key(Path("f.csv"), BUILT_IN["email"], "a$b") == ("email/a$b/f.csv", "a$b")


@pytest.mark.parametrize("audience", ["a/b", " ", "x" * 101])
def test_an_audience_that_no_key_or_field_can_have_is_refused(audience: str) -> None:
    with pytest.raises(CommandError):
        drop_key(Path("f.csv"), BUILT_IN["email"], audience)


def test_a_file_that_cannot_be_read_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "people.csv").touch()
    (tmp_path / "link.csv").symlink_to("gone.csv")
    os.mkfifo(tmp_path / "pipe")
    said = {
        tmp_path / "poeple.csv": f"did you mean {tmp_path / 'people.csv'}?",
        tmp_path / "nosuch.csv": f"no file nosuch.csv in {tmp_path}; correct its name",
        tmp_path / "nothing.json": f"no file nothing.json in {tmp_path}; correct its name",
        tmp_path / "no" / "people.csv": f"there is no folder {tmp_path / 'no'}",
        tmp_path / "link.csv": "a link to gone.csv, which is not there",
        tmp_path: "name one file in it",
        tmp_path / "pipe": "written into one first",
        Path("-"): "written into one first",
    }

    for file, words in said.items():
        with pytest.raises(CommandError) as told:
            readable(file)
        assert words in str(told.value)
        assert told.value.code is ExitCode.WRONG_USE
    assert readable(tmp_path / "people.csv") == tmp_path / "people.csv"


@pytest.mark.parametrize(("text", "rows"), [("100M", 1e8), ("2.5k", 2_500), ("1,000", 1_000)])
def test_numbers_of_rows_may_be_written_short(text: str, rows: float) -> None:
    assert number(text) == rows


def test_what_is_no_number_is_said() -> None:
    with pytest.raises(CommandError, match="write one such as 100M"):
        number("many")
