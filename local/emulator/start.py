"""The emulator's process, from the outside."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from local.aws import Aws
from local.paths import ROOT
from local.permissions.decisions import Decisions
from local.processes import Processes, wait_until_ready


def start_emulator(
    processes: Processes, directory: Path, port: int, invoke_api: str, longest_state_retry: float
) -> tuple[subprocess.Popen[bytes], Aws, Decisions]:
    """``port`` 0 takes a free one. ``invoke_api``: address to which Lambda's Invoke is handed. Returns when it serves.

    Raises LocalStackError: it does not start.
    """
    ready_file, log_file = directory / "emulator.ready", directory / "logs" / "emulator.log"
    decisions = directory / "decisions.jsonl"
    for left in (ready_file, decisions):
        left.unlink(missing_ok=True)
    command = [sys.executable, "-m", "local.emulator", "--port", str(port), "--ready-file", str(ready_file)]
    command += ["--invoke-api", invoke_api, "--longest-retry", str(longest_state_retry)]
    command += ["--decisions", str(decisions)]
    with log_file.open("ab") as log:
        emulator = processes.start(command, env=os.environ, cwd=ROOT, log=log)
    aws = Aws(wait_until_ready(emulator, ready_file, log_file, "the AWS emulator"))
    return emulator, aws, Decisions(decisions)
