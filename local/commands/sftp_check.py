"""`python -m local sftp-check`: what `make sftp-check` shows of a deployed stack, for the one on this machine."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

from local.aws import Aws
from local.commands.output import console_for_people
from local.commands.running import any_stack
from local.deploy.deployment import STACK_NAME
from local.paths import ROOT, STATE

CORE = ROOT / "layers" / "core" / "python"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--destination", required=True, help="such as orders")


def run(arguments: argparse.Namespace) -> int:
    """0: the server was trusted and its folder listed."""
    with any_stack(console_for_people(), STATE / "run") as (client, _):
        return check(client.aws, arguments.destination).returncode


def check(aws: Aws, destination: str, *, quiet: bool = False) -> subprocess.CompletedProcess[str]:
    """``quiet``: what it says is kept for the caller."""
    return subprocess.run(
        [sys.executable, "-m", "cli.sftp_check", "--destination", destination, "--stack", STACK_NAME],
        cwd=ROOT,
        env={**os.environ, **aws.environment, "PYTHONPATH": str(CORE)},
        capture_output=quiet,
        text=True,
        check=False,
    )
