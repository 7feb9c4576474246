"""`sam deploy --guided`, answered to the end: what it asks, and that a stack comes of it.

The code is sent as it stands in the repository; what `sam build` makes of it is looked at by `make build-check`.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from local.ministack.start import start_ministack
from local.processes import Processes
from local.template.source import read_template
from tests.support.paths import ROOT, SAM_PYTHON, TEMPLATE

pytestmark = pytest.mark.aws
STACK = "relay-of-ours"
QUESTIONS = {
    "NoticeEmail": "data-team@example.com",
    "StaticEgress": "",
    "Concurrency": "new-account",
    "EncryptionKey": "",
    "DropBucketName": "",
    "Settings": "LogLevel=DEBUG DropRetentionDays=7",
}
"""Parameter → answer; nothing takes what is offered."""
OWN_QUESTIONS_OF_SAM = 6  # changes confirmed, roles, no rollback, answers kept, in which file, for which environment


def test_six_questions_make_a_stack_and_the_answers_are_kept(tmp_path: Path) -> None:
    processes = Processes()
    for folder in ("logs", "tmp"):
        (tmp_path / folder).mkdir()
    try:
        _, aws, _ = start_ministack(processes, tmp_path)
        kept = Path(shutil.copy(ROOT / "samconfig.toml", tmp_path))
        answers = [STACK, "", *QUESTIONS.values(), *[""] * OWN_QUESTIONS_OF_SAM, "y"]

        asked = subprocess.run(
            [SAM_PYTHON, "-m", "samcli", "deploy", "--guided", "--template-file", TEMPLATE, "--config-file", kept],
            input="\n".join(answers) + "\n",
            env=_environment(tmp_path, aws.endpoint),
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert asked.returncode == 0, asked.stdout[-2_000:] + asked.stderr[-2_000:]
        stack = aws.cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]
    finally:
        processes.end_all()

    assert re.findall(r"Parameter (\w+) \[", asked.stdout) == list(QUESTIONS)
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    given = {one["ParameterKey"]: one["ParameterValue"] for one in stack["Parameters"]}
    defaults = {name: one["Default"] for name, one in read_template(TEMPLATE)["Parameters"].items()}
    assert given == {**defaults, **{name: answer for name, answer in QUESTIONS.items() if answer}}
    saved = tomllib.loads(kept.read_text(encoding="utf-8"))["default"]["deploy"]["parameters"]
    assert saved["stack_name"] == STACK
    assert 'Settings="LogLevel=DEBUG DropRetentionDays=7"' in saved["parameter_overrides"]


def _environment(directory: Path, endpoint: str) -> dict[str, str]:
    """Nothing of the person's own AWS configuration."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(directory),
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_CA_BUNDLE": str(directory / "ministack.crt"),
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "*",
        "SAM_CLI_TELEMETRY": "0",
    }
