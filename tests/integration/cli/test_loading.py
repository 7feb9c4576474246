"""What starting a command loads: an operator waits for all of it."""

from __future__ import annotations

import subprocess
import sys

from tests.support.paths import CORE, ROOT


def test_only_the_command_that_reads_files_loads_what_reads_them() -> None:
    program = "import sys, cli.main; print(sorted({'duckdb', 'paramiko'} & sys.modules.keys()))"

    loaded = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"PYTHONPATH": str(CORE)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert loaded.stdout.strip() == "[]"
