"""The locks: complete, hashed, one version of each package, and usable from any index."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.support.paths import ROOT, SIMULATOR

LOCKS = sorted([*ROOT.glob("requirements/*.txt"), *ROOT.glob("layers/*/requirements.txt")])
LAYER_LOCKS = [lock for lock in LOCKS if lock.is_relative_to(ROOT / "layers")]

every_lock = pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.relative_to(ROOT)))
every_layer_lock = pytest.mark.parametrize("lock", LAYER_LOCKS, ids=lambda lock: lock.parent.name)


def entries(lock: Path) -> list[str]:
    """The lock's requirements, each with its hashes on one line, without comments."""
    text = re.sub(r"\s*\\\n\s*", " ", lock.read_text(encoding="utf-8"))
    return [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]


def pins(lock: Path) -> dict[str, set[str]]:
    """Package name -> its pinned versions (several when markers tell them apart)."""
    found: dict[str, set[str]] = {}
    for entry in entries(lock):
        requirement = Requirement(entry.split(" --hash=")[0])
        found.setdefault(requirement.name, set()).add(str(requirement.specifier))
    return found


def declared(group: str) -> set[str]:
    """Names of the packages that pyproject.toml declares in a dependency group, included groups too."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
    names: set[str] = set()
    for dependency in groups[group]:
        names |= (
            declared(dependency["include-group"])
            if isinstance(dependency, dict)
            else {Requirement(dependency).name.lower()}
        )
    return names


@every_lock
def test_a_lock_holds_what_its_group_declares(lock: Path) -> None:
    group = lock.parent.name if lock in LAYER_LOCKS else lock.stem

    assert declared(group) <= pins(lock).keys(), "run `make lock`"


@pytest.mark.parametrize(
    "lock", [ROOT / f"requirements/{name}.txt" for name in ("dev", "run", "bench")], ids=lambda lock: lock.stem
)
def test_where_the_simulator_runs_the_lock_holds_what_its_project_declares(lock: Path) -> None:
    project = tomllib.loads((SIMULATOR / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert {Requirement(each).name for each in project["dependencies"]} <= pins(lock).keys(), "run `make lock`"


def test_what_is_installed_by_pip_is_what_the_functions_and_the_command_line_need() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = [declared(group) for group in ("core", "http", "ingest", "sftp", "cli")]

    assert {Requirement(each).name.lower() for each in project["dependencies"]} == set().union(*groups)


@every_lock
def test_a_lock_pins_one_version_with_hashes_and_names_no_index(lock: Path) -> None:
    for entry in entries(lock):
        assert re.match(r"[\w.-]+==\S+( ; .+?)?( --hash=sha256:[0-9a-f]{64})+$", entry), entry[:80]


@every_layer_lock
def test_a_layer_is_deployed_with_the_versions_that_are_tested(lock: Path) -> None:
    tested = pins(ROOT / "requirements/dev.txt")

    assert pins(lock).items() <= tested.items()


@every_layer_lock
def test_a_layer_does_not_depend_on_the_python_that_builds_it(lock: Path) -> None:
    # pip judges markers by the interpreter it runs on, not by the one that --python-version names.
    assert not [entry for entry in entries(lock) if "python_version" in entry or "python_full_version" in entry]
