"""Every command that the documentation names does what it says, typed as it stands there."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.typed import STACK
from local.stack import LocalStack
from tests.support.paths import CORE, ROOT
from tests.support.stack.documented import Step, story
from tests.support.stack.documented_lines import definitions
from tests.support.stack.documented_shell import RUNS, STORY
from tests.support.stack.relay import Relay

pytestmark = pytest.mark.documented

_SECONDS = 90
_AWS = ROOT / ".venv-aws/bin/python"
_ANY_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}
_FILES = {
    "orders.csv": "Email,OrderNumber,DateEntered,OrderTotal\nana@example.com,1,2026-11-01,10.00\n",
    "customers_export.csv": "Email,First Name\nana@example.com,Ana\n",
    "orders_export.csv": "Name,Email\n#1,ana@example.com\n",
    "items.tsv": "order\tsku\n1\tA\n",
    "destinations.yaml": "version: 1\n",
    "private-key.asc": "-----BEGIN PGP PRIVATE KEY BLOCK-----\n",
}


class Shell:
    """bash in a folder of an operator's own, in which ``listrak-relay`` speaks to the stack."""

    def __init__(self, relay: Relay, home: Path) -> None:
        self.home = home
        self.run_id = ""
        self._endpoint = relay.stack.aws.endpoint
        self._begin = "\n".join(
            (
                f'listrak-relay() {{ "{sys.executable}" -m cli --local --endpoint-url {self._endpoint} "$@"; }}',
                # Behind what was typed, since the last one counts.
                f'aws() {{ "{_AWS}" -m awscli "$@" --endpoint-url {self._endpoint}; }}',
                f'make() {{ command make --no-print-directory -C "{ROOT}" "$@"; }}',
                "",
            )
        )

    def knows(self, variables: str) -> None:
        """Before each command from now on."""
        self._begin += f"{variables}\n"

    def types(self, step: Step) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", self._begin + step.typed],
            cwd=self.home,
            env={
                **os.environ,
                **_ANY_CREDENTIALS,
                "AWS_ENDPOINT_URL": self._endpoint,
                "PORT": "0",
                "LISTRAK_RELAY_LOCAL_STATE": str(self.home / "state"),
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

    account = relay.stack.aws.secretsmanager.get_secret_value(SecretId=f"{STACK}/listrak-sftp")["SecretString"]
    (shell.home / "sftp.json").write_text(account)

    ended = {}
    for step in story(email, sms):
        done = shell.types(step)
        if done.returncode != step.code:
            ended[step.typed] = (done.returncode, done.stdout[-1_000:], done.stderr[-1_000:])
        if step.typed.startswith("listrak-relay send "):
            listed = json.loads(shell.types(Step("listrak-relay --json runs")).stdout)
            shell.run_id = listed["closed"][0]["run_id"]

    assert ended == {}


def test_what_is_typed_at_a_shell_works_too(shell: Shell, relay: Relay) -> None:
    assert _AWS.exists(), "make .venv-aws/.installed, as make docs-check does"
    for name, text in _FILES.items():
        (shell.home / name).write_text(text)
    for folder in ("watching", "policies"):
        (shell.home / folder).symlink_to(ROOT / folder)
    for name, pair in (("listrak", relay.stack.simulator.credentials("email")), ("listrak-vip", {})):
        (shell.home / f"{name}.json").write_text(json.dumps(pair))
    found = shell.types(Step(f'{definitions()}echo "DROP=$DROP WORK=$WORK"'))
    assert found.returncode == 0, found.stderr
    # The buckets are asked for once: it takes two seconds each time.
    shell.knows(re.sub(r"^DROP=.*$", found.stdout.strip(), definitions(), flags=re.MULTILINE))
    shell.knows(f"WORK_BUCKET=$WORK KEY=email/vip/customers.csv copy={shell.home}/copy name=$(cat name)")
    (shell.home / "name").write_text("")
    secret = '--secret-id "$(output ListrakSftpSecretName)" --query SecretString --output text'
    for typed in (
        "aws s3api create-bucket --bucket our-drops",
        'aws secretsmanager create-secret --name "$STACK/vip" --secret-string "{}"',
        f"aws secretsmanager get-secret-value {secret} > sftp.json",
    ):
        assert shell.types(Step(typed)).returncode == 0, typed
    shell.run_id = relay.run("email\nana@example.com\nnobody\n")["run_id"]

    ended = {}
    for step in STORY:
        typed = step.typed.replace("<DropBucketName>", "$DROP")
        keeps = '; echo "$name" > name' if typed.startswith("name=") else ""
        done = shell.types(Step(f"set -o pipefail; {typed}{keeps}"))
        if done.returncode != step.code:
            ended[step.typed] = (done.returncode, done.stdout[-1_000:], done.stderr[-1_000:])

    assert ended == {}


@pytest.mark.parametrize("step", RUNS, ids=lambda step: step.typed)
def test_a_file_of_ones_own_is_delivered_by_make(shell: Shell, step: Step) -> None:
    (shell.home / "orders.csv").write_text(_FILES["orders.csv"])

    done = shell.types(step)

    assert done.returncode == step.code, done.stdout[-1_000:] + done.stderr[-1_000:]
    assert "COMPLETED" in done.stdout
