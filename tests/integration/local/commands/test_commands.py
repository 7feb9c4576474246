"""`python -m local` as a person or a script runs it: how it ends, and that nothing is left behind."""

from __future__ import annotations

import fcntl
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
import psutil
import pytest

from local.relay_client import RelayClient, StackAddress
from tests.support.paths import ROOT
from tests.support.waiting import LEAST_SECONDS, eventually


class Command:
    """A running `python -m local …`, with its state in a folder of the test's own."""

    def __init__(self, state: Path, *arguments: str) -> None:
        self.state = state
        self.output = state / f"output-{uuid.uuid4()}.txt"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "local", *arguments],
                cwd=ROOT,
                env={**os.environ, "LISTRAK_RELAY_LOCAL_STATE": str(state)},
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def wait(self) -> int:
        return self.process.wait(LEAST_SECONDS)

    @property
    def text(self) -> str:
        return self.output.read_text()

    def descendants(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path


def stack_up(state: Path, *arguments: str) -> Command:
    command = Command(state, *(arguments or ("up", "--port", "0")))
    eventually(lambda: (state / "stack.json").exists() or command.process.poll() is not None, 60, "the stack")
    assert command.process.poll() is None, command.text
    return command


@contextmanager
def default_ports_to_oneself() -> Iterator[None]:
    """Other test runs on this machine wait until this one is done with them."""
    with Path(tempfile.gettempdir(), "listrak-relay-default-ports.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Command]:
    command = stack_up(tmp_path_factory.mktemp("up"))
    yield command
    command.process.send_signal(signal.SIGINT)
    command.wait()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_however_the_stack_is_ended_nothing_of_it_is_left(state: Path, how: signal.Signals) -> None:
    up = stack_up(state)
    started = up.descendants()
    assert len(started) >= 3

    up.process.send_signal(how)

    up.wait()
    _gone, alive = psutil.wait_procs(started, timeout=LEAST_SECONDS)
    assert not alive
    assert (state / "stack.json").exists() is (how is signal.SIGKILL)


def test_run_uses_the_stack_that_is_up(up: Command, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("email\nada@example.com\nnobody\n")

    run = Command(up.state, "run", "--file", str(file), "--destination", "email", "--audience", "vip")

    assert run.wait() == 0, run.text
    assert "Using the stack that is up" in run.text
    assert "2 rows read = 1 accepted + 1 rejected" in run.text
    assert "email_invalid" in run.text
    assert "nobody" not in run.text
    reports = [json.loads(path.read_text()) for path in up.state.glob("out/*/report.json")]
    assert [report["balanced"] for report in reports if report["counts"]["read"] == 2] == [True]
    eventually(lambda: "COMPLETED  email/vip/people.csv" in up.text, what="the line of the stack")


def test_run_says_when_a_file_did_not_go_through(up: Command, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name\nAda\n")

    run = Command(up.state, "run", "--file", str(file), "--destination", "email", "--audience", "vip")

    assert run.wait() == 1
    assert "REJECTED" in run.text
    assert "no column holds email addresses" in run.text


def test_a_second_stack_is_refused_with_the_address_of_the_first(up: Command) -> None:
    second = Command(up.state, "up", "--port", "0")

    assert second.wait() == 1
    assert "already" in second.text
    assert StackAddress.load(up.state / "stack.json").endpoint in second.text


def test_a_taken_port_is_named(state: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        command = Command(state, "up", "--port", str(port))

        assert command.wait() == 1
    assert f"port {port} is taken" in command.text
    assert "Traceback" not in command.text


@pytest.mark.parametrize("kind", ["missing", "folder"])
def test_a_file_that_cannot_be_read_is_named_before_anything_starts(state: Path, kind: str) -> None:
    file = state / "missing.csv" if kind == "missing" else state

    command = Command(state, "run", "--file", str(file), "--destination", "email", "--audience", "vip")

    assert command.wait() == 1
    assert str(file) in command.text
    assert "Traceback" not in command.text
    assert not (state / "run").exists()


@pytest.mark.parametrize("port", ["abc", "65535", "-1"])
def test_what_is_no_port_is_said_to_be_none(state: Path, port: str) -> None:
    command = Command(state, "up", f"--port={port}")

    assert command.wait() == 1
    assert command.text.startswith(f"error: '{port}' is no port")


def test_what_a_killed_stack_left_behind_is_not_taken_for_a_stack(state: Path, tmp_path: Path) -> None:
    address = StackAddress(os.getpid(), "http://127.0.0.1:1", "", "", "bucket", "", "", "", "")
    address.save(state / "stack.json")
    file = tmp_path / "people.csv"
    file.write_text("email\nada@example.com\n")

    run = Command(state, "run", "--file", str(file), "--destination", "email", "--audience", "vip")

    assert run.wait() == 0, run.text


def test_on_its_default_ports_the_stack_takes_files_as_the_readme_shows(state: Path) -> None:
    (command,) = re.findall(r"^\$ (aws .*) customers.csv s3://([^/]+)/(.+)$", (ROOT / "README.md").read_text(), re.M)
    spoken, bucket, folder = command
    endpoint = spoken.split()[spoken.split().index("--endpoint-url") + 1]
    (credentials,) = re.findall(r"^\$ (export AWS_.*)$", (ROOT / "README.md").read_text(), re.M)
    access, secret, region = (part.split("=")[1] for part in credentials.split()[1:])
    with default_ports_to_oneself():
        up = stack_up(state, "up")
        try:
            s3 = boto3.client(
                "s3",
                endpoint_url=endpoint,
                aws_access_key_id=access,
                aws_secret_access_key=secret,
                region_name=region,
            )
            s3.put_object(Bucket=bucket, Key=f"{folder}customers.csv", Body=b"email\nada@example.com\n")

            eventually(lambda: f"COMPLETED  {folder}customers.csv" in up.text, 60, "the line of the run")

            assert f"{spoken} customers.csv s3://{bucket}/{folder}" in up.text
            assert credentials in up.text
            (report,) = state.glob("out/*/report.json")
            assert json.loads(report.read_text())["counts"]["accepted"] == 1
            assert len([child for child in up.descendants() if "local.emulator" in child.cmdline()]) == 1
        finally:
            up.process.send_signal(signal.SIGINT)
            up.wait()


def test_run_can_keep_its_stack_and_take_destinations_of_ones_own(state: Path, tmp_path: Path) -> None:
    config, file = tmp_path / "mine.yaml", tmp_path / "people.csv"
    config.write_text("version: 1\ndestinations:\n  friends:\n    channel: email\n    list: Master List\n")
    file.write_text("email\nada@example.com\n")
    asked = ("--file", str(file), "--destination", "friends", "--config", str(config))

    run = stack_up(state, "run", *asked, "--keep", "--port", "0")
    try:
        assert "COMPLETED  friends/people/people.csv" in run.text
        client = RelayClient(StackAddress.load(state / "stack.json"))
        assert client.wait_for_run(client.drop("friends/vip/people.csv", b"email\nada@example.com\n"))["balanced"]
        eventually(lambda: "COMPLETED  friends/vip/people.csv" in run.text, what="the line of the second run")
    finally:
        run.process.send_signal(signal.SIGINT)
        run.wait()

    assert run.text.count("COMPLETED  friends/people/people.csv") == 1, "a run is told once"


def test_destinations_with_a_fault_are_told_before_anything_is_put_in_place(state: Path, tmp_path: Path) -> None:
    config, file = tmp_path / "mine.yaml", tmp_path / "people.csv"
    config.write_text("version: 1\ndestinations:\n  friends: {chanel: email}\n")
    file.write_text("email\nada@example.com\n")
    asked = ("--file", str(file), "--destination", "friends")

    for command in (Command(state, "run", *asked, "--config", str(config)), Command(state, "up", f"--config={config}")):
        assert command.wait() == 1
        assert "line 3: destinations.friends.chanel: the key 'chanel' is not known" in command.text
        assert "Nothing was put in place." in command.text


def test_a_stack_that_is_up_is_not_used_for_another_listrak_than_it_talks_to(
    up: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("email\nada@example.com\n")
    monkeypatch.setenv("LISTRAK_EMAIL_URL", "http://127.0.0.1:9")

    command = Command(up.state, "run", "--file", str(file), "--destination", "email")

    assert command.wait() == 1
    assert "was started without, or with others; end it with Ctrl-C, or unset them" in command.text


def test_make_run_without_a_file_says_what_to_type(state: Path) -> None:
    command = Command(state, "run", "--file", "", "--destination", "email")

    assert command.wait() == 1
    assert command.text == (
        "error: say which file to deliver: make run FILE=people.csv DESTINATION=email AUDIENCE=vip\n"
    )


@pytest.mark.parametrize(("audience", "words"), [("a/b", "without a slash"), ("x" * 101, "at most 100 printable")])
def test_an_audience_that_no_field_can_have_is_refused_before_anything_starts(
    state: Path, tmp_path: Path, audience: str, words: str
) -> None:
    file = tmp_path / "people.csv"
    file.write_text("email\nada@example.com\n")

    command = Command(state, "run", "--file", str(file), "--destination", "email", "--audience", audience)

    assert command.wait() == 1
    assert words in command.text
    assert not (state / "run").exists()


def test_boto3_can_drop_files_and_read_reports(up: Command) -> None:
    client = RelayClient(StackAddress.load(up.state / "stack.json"))

    report = client.wait_for_run(client.drop("email/vip/people.csv", b"email\nada@example.com\n"))

    assert report["counts"]["accepted"] == 1
