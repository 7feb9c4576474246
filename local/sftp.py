"""The SFTP server that stands for Listrak's, as a part of the stack."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from local.paths import ROOT
from local.processes import Processes, wait_until_ready

USER, PASSWORD = "relay", "made-up"  # on this machine only


@dataclass(frozen=True, slots=True)
class SftpAddress:
    """``folder``: where on this machine the files land. ``host_key``: the server's public key in OpenSSH's form."""

    port: int
    host_key: str
    folder: Path

    @property
    def secret(self) -> str:
        """The account in the form in which the secret holds it."""
        account = {"host": "127.0.0.1", "port": self.port, "username": USER, "password": PASSWORD}
        return json.dumps({**account, "folder": "", "host_key": self.host_key})


def start_sftp_server(processes: Processes, directory: Path) -> tuple[subprocess.Popen[bytes], SftpAddress]:
    """Raises LocalStackError: it did not start."""
    ready_file, log = directory / "sftp.ready", directory / "logs" / "sftp_server.log"
    folder = directory / "sftp"
    ready_file.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
    command = [
        *(sys.executable, "-m", "local.sftp_server", str(folder), "--user", USER, "--password", PASSWORD),
        *("--ready-file", str(ready_file)),
    ]
    with log.open("ab") as output:
        process = processes.start(command, env=os.environ, cwd=ROOT, log=output)
    port, host_key = wait_until_ready(process, ready_file, log, "the SFTP server").splitlines()[:2]
    return process, SftpAddress(int(port), host_key, folder)
