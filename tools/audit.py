"""Looks the pinned dependencies up in a source of advisories: `.venv-scan/bin/python tools/audit.py`.

Ends with status 1 if one has a known weakness, and with 0 and a clear word where no source gives an answer.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# What the layers hold is in dev.txt as well, in the same versions: tests/packaging/test_locks.py sees to it.
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
SERVICES = ("pypi", "osv")
IGNORED: Mapping[str, str] = {}
"""Id of an advisory that does not concern us -> why."""

TIMEOUT_SECONDS = 600


def main() -> int:
    weak: list[str] = []
    asked = 0
    for lock in LOCKS:
        found = next((report for service in SERVICES if (report := ask(lock, service)) and audited(report)), None)
        if found is None:
            print(f"audit: SKIPPED {lock.relative_to(ROOT)}: no source of advisories gave an answer")
            continue
        asked += 1
        weak += [f"{lock.relative_to(ROOT)}: {line}" for line in weaknesses(found)]
        print(f"audit: {lock.relative_to(ROOT)}: {audited(found)} packages looked up, {unknown(found)} unknown there")
    for line in weak:
        print(f"audit: {line}", file=sys.stderr)
    if not asked:
        print("audit: nothing was audited. Run it again where a source can be reached before you rely on it.")
    return 1 if weak else 0


def ask(lock: Path, service: str) -> dict[str, Any] | None:
    """What pip-audit says of a lock; None if it could not say anything."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(lock), "--disable-pip", "--no-deps"]
    try:
        done = subprocess.run(
            [*command, "--vulnerability-service", service, "--format", "json", "--progress-spinner", "off"],
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT_SECONDS,
        )
        report = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        print(f"audit: {service}: no answer in {TIMEOUT_SECONDS} s")
        return None
    except ValueError:
        print(f"audit: {service}: {(done.stderr.strip() or 'no reason given').splitlines()[-1][:200]}")
        return None
    return report if isinstance(report, dict) else None


def audited(report: Mapping[str, Any]) -> int:
    """Packages about which the source knows anything."""
    return sum("vulns" in package for package in report["dependencies"])


def unknown(report: Mapping[str, Any]) -> int:
    return sum("vulns" not in package for package in report["dependencies"])


def weaknesses(report: Mapping[str, Any]) -> list[str]:
    """One line for each advisory that is not ignored."""
    return [
        f"{package['name']} {package['version']} has {advisory['id']}; mended in "
        f"{', '.join(advisory['fix_versions']) or 'no release yet'}"
        for package in report["dependencies"]
        for advisory in package.get("vulns", [])
        if not {advisory["id"], *advisory.get("aliases", [])} & set(IGNORED)
    ]


if __name__ == "__main__":
    sys.exit(main())
