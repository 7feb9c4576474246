"""Starts the simulator as a process of its own and waits until it answers."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

_SECONDS_TO_START = 60
_SECONDS_TO_END = 30
_POLL_SECONDS = 0.01


@contextmanager
def started(*arguments: str) -> Iterator[str]:
    """The URL of a simulator on a free port, which ends with the block. ``arguments``: the program's own.

    Raises:
        RuntimeError: it ended, or did not answer within a minute.
    """
    with TemporaryDirectory() as folder:
        ready_file = Path(folder) / "url"
        command = [sys.executable, "-m", __package__, "--ready-file", str(ready_file), *arguments]
        with subprocess.Popen(command, env=_environment(), stdout=subprocess.DEVNULL) as process:
            try:
                yield _wait_for_url(ready_file, process)
            finally:
                process.terminate()
                process.wait(_SECONDS_TO_END)


def _environment() -> dict[str, str]:
    """The package is found where this module was, installed or not."""
    here = str(Path(__file__).resolve().parents[1])
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))}


def _wait_for_url(ready_file: Path, process: "subprocess.Popen[bytes]") -> str:
    deadline = time.monotonic() + _SECONDS_TO_START
    while not ready_file.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("the Listrak simulator did not start; its own words are on stderr")
        time.sleep(_POLL_SECONDS)
    return ready_file.read_text("utf-8").strip()
