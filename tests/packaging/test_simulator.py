"""The simulator as others get it: a wheel of its own, installed where nothing else is."""

import subprocess
import venv
from pathlib import Path

import pytest

from tests.support.listrak.simulator_user import A_TEST, TESTS
from tests.support.paths import SIMULATOR

pytestmark = [pytest.mark.packaging, pytest.mark.timeout(900)]


def run(*command: str | Path, cwd: Path) -> str:
    ended = subprocess.run([*map(str, command)], cwd=cwd, capture_output=True, text=True, check=False, timeout=600)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``bin`` folder of a fresh environment with the simulator's wheel and pytest."""
    folder = tmp_path_factory.mktemp("simulator")
    venv.create(folder / "venv", with_pip=True)
    programs = folder / "venv/bin"
    run(programs / "pip", "wheel", "-q", "--no-deps", "--wheel-dir", folder, SIMULATOR, cwd=folder)
    (wheel,) = folder.glob("listrak_simulator-*.whl")
    run(programs / "pip", "install", "-q", wheel, "pytest", cwd=folder)
    return programs


def test_the_command_is_there(installed: Path, tmp_path: Path) -> None:
    assert "usage: listrak-simulator" in run(installed / "listrak-simulator", "--help", cwd=tmp_path)


def test_pytest_finds_the_fixture_by_itself(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "test_client.py").write_text(A_TEST, "utf-8")

    assert f"{TESTS} passed" in run(installed / "pytest", "-q", cwd=tmp_path)
