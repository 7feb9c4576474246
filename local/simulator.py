"""The Listrak simulator as a part of the stack: its process, and its control path."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import requests

from local.paths import ROOT
from local.processes import Processes, wait_until_ready


def start_simulator(
    processes: Processes, directory: Path, port: int = 0
) -> tuple[subprocess.Popen[bytes], SimulatorControl]:
    """Raises LocalStackError: it did not start."""
    ready_file, log = directory / "simulator.ready", directory / "logs" / "listrak_simulator.log"
    ready_file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "local.listrak_simulator", "--port", str(port), "--ready-file", str(ready_file)]
    with log.open("ab") as output:
        process = processes.start(command, env=os.environ, cwd=ROOT, log=output)
    url = wait_until_ready(process, ready_file, log, "the Listrak simulator")
    return process, SimulatorControl(url)


class SimulatorControl:
    """What a test or a person may look at and change behind Listrak's back. Raises requests.HTTPError with the
    simulator's own words when it refuses."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._session = requests.Session()
        self._session.trust_env = False  # on this machine, whatever HTTP_PROXY says

    @property
    def auth_url(self) -> str:
        return f"{self.url}/OAuth2/Token"

    @property
    def email_url(self) -> str:
        return f"{self.url}/email/v1"

    @property
    def sms_url(self) -> str:
        return f"{self.url}/sms/v1"

    def secret(self, integration: str) -> str:
        """The credentials of ``email`` or ``sms`` in the form in which the secret holds them."""
        client = next(client for client in self.call("GET", "clients") if client["integration"] == integration)
        return json.dumps({"client_id": client["client_id"], "client_secret": client["client_secret"]})

    def contacts(self, list_name: str) -> list[dict[str, Any]]:
        contacts: list[dict[str, Any]] = self.call("GET", f"lists/{list_name}/contacts")
        return contacts

    def fields(self, list_name: str) -> list[dict[str, Any]]:
        fields: list[dict[str, Any]] = self.call("GET", f"lists/{list_name}/fields")
        return fields

    def imports(self, list_name: str) -> list[dict[str, Any]]:
        imports: list[dict[str, Any]] = self.call("GET", f"lists/{list_name}/imports")
        return imports

    def journal(self, method: str | None = None, path: str | None = None) -> list[dict[str, Any]]:
        """Requests so far; ``path`` is a regular expression."""
        entries: list[dict[str, Any]] = self.call("GET", "journal", params={"method": method, "path": path})
        return entries

    def seed(self, document: dict[str, Any]) -> None:
        self.call("POST", "seed", json=document)

    def reset(self) -> None:
        self.call("POST", "reset")

    def settings(self, **changes: Any) -> None:
        self.call("PUT", "settings", json=changes)

    def fault(self, effect: dict[str, Any], **rule: Any) -> str:
        """Returns the id of the new rule."""
        return str(self.call("POST", "faults", json={**rule, "effect": effect})["id"])

    def faults(self) -> list[dict[str, Any]]:
        rules: list[dict[str, Any]] = self.call("GET", "faults")
        return rules

    def clear_faults(self) -> None:
        self.call("DELETE", "faults")

    def call(self, method: str, path: str, **options: Any) -> Any:
        answer = self._session.request(method, f"{self.url}/control/{path}", timeout=120, **options)
        if not answer.ok:
            raise requests.HTTPError(f"{method} /control/{path}: {answer.status_code} {answer.text}", response=answer)
        return answer.json()
