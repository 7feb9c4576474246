"""Every command that the documentation names does what it says, typed as it stands there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.stack import LocalStack
from tests.support.paths import CORE, ROOT
from tests.support.stack.documented import Step, story
from tests.support.stack.relay import Relay

_SECONDS = 90


class Shell:
    """bash in a folder of an operator's own, in which ``listrak-relay`` speaks to the stack."""

    def __init__(self, relay: Relay, home: Path) -> None:
        self.home = home
        self.run_id = ""
        self._command = (
            f'listrak-relay() {{ "{sys.executable}" -m cli --local --endpoint-url {relay.stack.aws.endpoint} "$@"; }}\n'
        )

    def types(self, step: Step) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", self._command + step.typed],
            cwd=self.home,
            env={
                **os.environ,
                "HOME": str(self.home),
                "PYTHONPATH": f"{ROOT}:{CORE}",
                "BROWSER": "true",
                "RUN": self.run_id,
                "COLUMNS": "120",
            },
            input=step.answers,
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """One of its own: what other tests have left in dead-letter queues would be looked at, and returned, too."""
    with LocalStack(tmp_path_factory.mktemp("documented")) as stack:
        yield stack


@pytest.fixture
def shell(relay: Relay, tmp_path: Path) -> Shell:
    relay.stack.simulator.seed({"lists": [{"list_name": "VIP"}]})
    (tmp_path / "customers.csv").write_text("email,city\nana@example.com,Lititz\nben@example.com,Lancaster\n")
    return Shell(relay, tmp_path)


def test_each_ends_as_the_documentation_lets_expect(shell: Shell, relay: Relay) -> None:
    credentials = (relay.stack.simulator.credentials(api) for api in ("email", "sms"))
    email, sms = ((found["client_id"], found["client_secret"]) for found in credentials)

    ended = {}
    for step in story(email, sms):
        done = shell.types(step)
        if done.returncode != step.code:
            ended[step.typed] = (done.returncode, done.stdout[-1_000:], done.stderr[-1_000:])
        if step.typed.startswith("listrak-relay send "):
            listed = json.loads(shell.types(Step("listrak-relay --json runs")).stdout)
            shell.run_id = listed["closed"][0]["run_id"]

    assert ended == {}
