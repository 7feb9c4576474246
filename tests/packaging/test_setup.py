"""Making an environment, as the first `make demo` on a machine does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT

pytestmark = pytest.mark.packaging


def test_without_a_network_the_first_start_ends_with_one_sentence(tmp_path: Path) -> None:
    requirements = tmp_path / "run.txt"
    requirements.write_text("nothing-of-this-name==1.0 --hash=sha256:" + "0" * 64 + "\n")
    settings = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}

    made = subprocess.run(
        [ROOT / "tools" / "setup_venv", tmp_path / "venv", requirements],
        env={**settings, "PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://127.0.0.1:9/simple"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert made.returncode == 1
    (sentence,) = made.stderr.splitlines()
    assert sentence.startswith("No package index could be reached")
    assert "connect this machine to the network" in sentence


def test_an_interpreter_may_be_named_by_a_path_with_spaces(tmp_path: Path) -> None:
    named = tmp_path / "my programs" / "python3"
    named.parent.mkdir()
    named.symlink_to(sys.executable)
    requirements = tmp_path / "run.txt"
    requirements.write_text("nothing-of-this-name==1.0 --hash=sha256:" + "0" * 64 + "\n")

    made = subprocess.run(
        [ROOT / "tools" / "setup_venv", tmp_path / "venv", requirements],
        env={**os.environ, "PYTHON": str(named), "PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://127.0.0.1:9"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert "No usable Python" not in made.stderr
    assert (tmp_path / "venv" / "bin" / "python").exists()


def test_an_interpreter_that_is_too_old_is_named_with_what_to_do(tmp_path: Path) -> None:
    old = tmp_path / "python3.9"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)

    made = subprocess.run(
        [ROOT / "tools" / "setup_venv", tmp_path / "venv", tmp_path / "run.txt"],
        env={**os.environ, "PYTHON": str(old)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert made.returncode == 1
    assert f"No usable Python found (tried: {old})." in made.stderr
    assert "Install Python 3.11 or newer with its venv module" in made.stderr


def test_the_demo_installs_nothing_to_work_on_the_project_with() -> None:
    locked = (ROOT / "requirements" / "run.txt").read_text()

    unwanted = {"cfn-lint", "hypothesis", "mypy", "networkx", "pytest", "ruff", "sympy", "uv"}

    assert not {name for name in unwanted if f"\n{name}==" in locked}
    assert "\nmoto==" in locked
