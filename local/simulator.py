"""The Listrak simulator as a part of the stack: its process, and what the stack says to it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from listrak_simulator.client import SimulatorControl
from local.paths import SIMULATOR
from local.processes import Processes, wait_until_ready


def start_simulator(
    processes: Processes, directory: Path, port: int = 0, folders: Mapping[str, Path] | None = None
) -> tuple[subprocess.Popen[bytes], SimulatorControl]:
    """``folders``: by name, those that its pages show, too.

    Raises:
        LocalStackError: it did not start.
    """
    ready_file, log = directory / "simulator.ready", directory / "logs" / "listrak_simulator.log"
    ready_file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "listrak_simulator", "--port", str(port), "--ready-file", str(ready_file)]
    command += [part for name, folder in (folders or {}).items() for part in ("--folder", f"{name}={folder}")]
    with log.open("ab") as output:
        process = processes.start(command, env=os.environ, cwd=SIMULATOR, log=output)
    url = wait_until_ready(process, ready_file, log, "the Listrak simulator")
    return process, SimulatorControl(url)


def secret(simulator: SimulatorControl, integration: str) -> str:
    """The credentials of ``email`` or ``sms`` in the form in which the secret holds them."""
    return json.dumps(simulator.credentials(integration))
