"""All that stands for Listrak beside an emulated AWS: the simulator of its APIs and an SFTP server."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from listrak_simulator.client import SimulatorControl
from local.processes import Processes
from local.sftp import SftpAddress, start_sftp_server
from local.simulator import secret, start_simulator
from local.template.parameters import listrak_addresses

SECRETS = {"ListrakEmailSecret": "email", "ListrakSmsSecret": "sms"}
"""Their logical ids, and whose credentials they hold."""
RUNS = "runs"
"""Folder in which `run_pages` keeps reports."""
SFTP_SECRET = "ListrakSftpSecret"  # noqa: S105 # its logical id


@dataclass(frozen=True, slots=True)
class Listrak:
    simulator: SimulatorControl
    sftp: SftpAddress
    servers: tuple[subprocess.Popen[bytes], ...]

    @property
    def secrets(self) -> dict[str, str]:
        """Logical id of a secret → its text."""
        texts = {name: secret(self.simulator, integration) for name, integration in SECRETS.items()}
        return {**texts, SFTP_SECRET: self.sftp.secret}

    @property
    def parameters(self) -> dict[str, str]:
        """Of the template: the addresses, and waits as short as the simulator is quick."""
        return {
            "ListrakAuthUrl": self.simulator.auth_url,
            "ListrakEmailUrl": self.simulator.email_url,
            "ListrakSmsUrl": self.simulator.sms_url,
            "ImportPollSeconds": "1",
            "UnknownOutcomeWaitSeconds": "60",
            "RangeConcurrency": "2",  # as many processors as a small machine has
            **listrak_addresses(os.environ),
        }


def start_listrak(processes: Processes, directory: Path, simulator_port: int = 0) -> Listrak:
    """Raises LocalStackError: a part did not start."""
    sftp_process, sftp = start_sftp_server(processes, directory)
    folders = {"Runs": directory / RUNS, "SFTP": sftp.folder}
    simulator_process, simulator = start_simulator(processes, directory, simulator_port, folders)
    return Listrak(simulator, sftp, (simulator_process, sftp_process))
