"""Commands that need no stack, as a person types them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.paths import CORE, ROOT, SAMPLES


def listrak_relay(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(CORE), "COLUMNS": "80", "NO_COLOR": "1", **environment},
        capture_output=True,
        encoding=environment.get("PYTHONIOENCODING", "utf-8"),
        check=False,
    )


def planned(*arguments: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(listrak_relay("plan", *arguments, "--json").stdout)
    return answer


def test_a_plan_counts_every_row_of_the_file() -> None:
    found = planned(str(SAMPLES / "email/vip_customers/vip_customers.csv"))

    assert found["key"] == "email/vip_customers/vip_customers.csv"
    assert found["actions"] == {"subscribe": 1_938, "unsubscribe": 49}
    assert found["rows_read"] == sum(found["actions"].values()) + found["duplicates"] + found["rejected_rows"]
    assert found["samples"]["email_missing"][0]["row"] == "98"
    assert found["profile_fields"]["loyalty_points"] == "Numeric"


def test_a_plan_of_a_feed_and_of_phone_numbers_works_too() -> None:
    assert planned(str(SAMPLES / "orders/orders.csv"), "-d", "orders")["actions"] == {"relay": 238}
    assert set(planned(str(SAMPLES / "sms/club/texts.csv"), "-d", "sms")["actions"]) == {"subscribe", "unsubscribe"}


def test_a_machine_without_room_for_a_file_says_nothing_of_the_file(tmp_path: Path) -> None:
    file = str(SAMPLES / "email/vip_customers/vip_customers.csv")
    limited = f"ulimit -f 20; exec {sys.executable} -m cli plan {file}"

    planned = subprocess.run(
        ["bash", "-c", limited],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(CORE), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (planned.returncode, planned.stdout) == (1, "")
    assert f"this machine has not the memory, or in {tmp_path} the disk, to read the file; make room" in planned.stderr


def test_a_terminal_without_some_letters_gets_their_numbers_and_a_program_the_letters(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("email,stadt_köln_東京\nada@example.com,Rome\n", encoding="utf-8")
    of_europe = {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}

    shown = listrak_relay("plan", str(file), **of_europe)
    told = listrak_relay("plan", str(file), "--json", **of_europe)

    assert (shown.returncode, shown.stderr) == (0, "")
    assert r"\u6771" in shown.stdout
    assert "stadt_köln_東京" in json.loads(told.stdout)["profile_fields"]


def test_a_plan_shows_no_personal_data_unless_it_is_asked_to(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("email,name\nada@example.com,Ada\nnobody at home,Xyzzy\n")

    quiet, asked = listrak_relay("plan", str(file)), listrak_relay("plan", str(file), "--rows")

    assert quiet.returncode == asked.returncode == 1
    assert "Xyzzy" not in quiet.stdout
    assert "Xyzzy" in asked.stdout
    assert max(map(len, quiet.stdout.splitlines())) <= 80


def test_an_error_names_commands_as_they_have_to_be_typed_here() -> None:
    file, here = str(SAMPLES / "sms/club/texts.csv"), {"LISTRAK_RELAY_PROGRAM": "tools/listrak-relay"}

    answer = listrak_relay("plan", file, "-d", "sns", "--stack", "prod", **here)

    assert "(tools/listrak-relay --stack prod config add)" in answer.stderr


def test_an_array_of_numbers_is_json_without_rows(tmp_path: Path) -> None:
    file = tmp_path / "people.json"
    file.write_text("[1, 2, 3]")

    assert planned(str(file))["rejected"]["code"] == "json_unreadable"


def test_a_plan_goes_by_a_configuration_on_this_machine(tmp_path: Path) -> None:
    config, file = tmp_path / "mine.yaml", tmp_path / "people.csv"
    config.write_text("version: 1\ndestinations:\n  friends: {channel: email, list: Friends, mode: mirror}\n")
    file.write_text("email\nada@example.com\n")

    found = planned(str(file), "-d", "friends", "--config", str(config))

    assert (found["list"], found["mode"]) == ("Friends", "mirror")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("page.csv", "<!DOCTYPE html><html></html>", "an HTML page"),
        ("none.csv", "name,city\nAda,London\n", "no column holds email addresses"),
        ("empty.csv", "", "empty"),
    ],
)
def test_a_plan_of_a_file_that_would_be_rejected_says_why(tmp_path: Path, name: str, content: str, words: str) -> None:
    (tmp_path / name).write_text(content)

    answer = listrak_relay("plan", str(tmp_path / name))

    assert answer.returncode == 1
    assert words in " ".join(answer.stdout.split())
    assert "Traceback" not in answer.stderr


def test_a_check_names_every_fault_and_what_goes_on(tmp_path: Path) -> None:
    config = tmp_path / "mine.yaml"
    config.write_text(
        "version: 1\ndestinations:\n  a: {channel: email, lst: x}\n  b: {channel: email, secret: other/x}\n"
    )

    answer = listrak_relay("config", "check", str(config))

    assert answer.returncode == 1
    assert "line 3: destinations.a.lst" in answer.stdout
    assert "line 4: destinations.b.secret: must be a name that begins with <stack>/email-" in answer.stdout
    assert "Not used: a, b;" in answer.stdout


def test_a_file_with_too_many_rejected_rows_shows_which_they_are(tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("email\nada@example.com\nada\nben\n")

    answer = listrak_relay("plan", str(file))

    assert answer.returncode == 1
    assert "The file would be REJECTED (too_many_rejected)" in answer.stdout
    assert "would be rejected (column email, rows 3, 4)" in answer.stdout
    assert "would be subscribed" not in answer.stdout
    assert "rejects.csv" not in answer.stdout


def test_a_plan_tells_what_nobody_has_looked_at(tmp_path: Path) -> None:
    config, file, feed = tmp_path / "mine.yaml", tmp_path / "people.csv", tmp_path / "products.csv"
    config.write_text("version: 1\ndestinations:\n  friends: {channel: email, list: VIP, mode: mirror}\n")
    file.write_text("email\nada@example.com\n")
    feed.write_text("sku,Titel\n1,Shoe\n")

    mirrored = listrak_relay("plan", str(file), "-d", "friends", "--config", str(config)).stdout
    products = listrak_relay("plan", str(feed), "-d", "products").stdout

    assert "Mode mirror: whoever is in the audience and not in the file would lose" in mirrored
    assert "Nobody has asked Listrak whether it has the list VIP" in mirrored
    assert 'which are sent under their own names: "Titel"' in " ".join(products.split())


def test_a_program_that_is_interrupted_while_it_loads_says_so_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("raise KeyboardInterrupt\n")

    answer = subprocess.run(
        [sys.executable, "-m", "cli", "runs"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{tmp_path}:{CORE}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (answer.returncode, answer.stderr) == (130, "error: interrupted\n")


def test_where_no_stack_answers_that_is_said_in_one_line_with_its_own_exit_code() -> None:
    answer = listrak_relay("runs", "--local", "--endpoint-url", "http://127.0.0.1:9")

    assert answer.returncode == 3
    assert answer.stderr.startswith("error: nothing answers at http://127.0.0.1:9; is the stack up? make local")
    assert "Traceback" not in answer.stderr
