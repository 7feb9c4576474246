"""Where tests, fixtures and helpers stand, as `tests/README.md` says."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import CORE, ROOT, SIMULATOR

TESTS = ROOT / "tests"
SUPPORT = TESTS / "support"
FILES = sorted(TESTS.rglob("*.py"))
BESIDE_SUPPORT = [file for file in FILES if not file.is_relative_to(SUPPORT)]
ABOUT_THE_WHOLE = "project"
"""The one folder whose tests are about no folder of the code."""


def folders_of_tests(level: str) -> set[Path]:
    return {file.parent.relative_to(TESTS / level) for file in (TESTS / level).rglob("test_*.py")} - {Path()}


@pytest.mark.parametrize("level", ["unit", "integration"])
def test_the_folders_of_a_level_are_those_of_the_code(level: str) -> None:
    folders = folders_of_tests(level)
    places = (CORE / "listrak_relay", ROOT, SIMULATOR, TESTS)

    strange = {
        str(folder)
        for folder in folders
        if str(folder) != ABOUT_THE_WHOLE and not any((place / folder).is_dir() for place in places)
    }

    assert folders
    assert not strange


def test_what_is_no_test_stands_in_support() -> None:
    helpers = [file for file in BESIDE_SUPPORT if not file.name.startswith("test_") and file.name != "conftest.py"]

    assert not helpers


def imported_modules(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def test_no_test_is_imported() -> None:
    breaches = [
        f"{file.relative_to(ROOT)} imports {module}"
        for file in [*FILES, *ROOT.glob("bench/**/*.py")]
        for module in imported_modules(file)
        if module.startswith("tests.") and not f"{module}.".startswith("tests.support.")
    ]

    assert not breaches


def test_no_test_is_hidden_among_the_helpers() -> None:
    assert not [file.name for file in SUPPORT.rglob("test_*.py")]


def fixture_of(node: ast.stmt) -> str | None:
    """A fixture without its name, types and docstring; None for anything else."""
    if not isinstance(node, ast.FunctionDef) or not any("fixture" in ast.unparse(d) for d in node.decorator_list):
        return None
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return "\n".join([*(argument.arg for argument in node.args.args), *map(ast.unparse, body)])


def test_no_fixture_is_written_twice() -> None:
    places = defaultdict(list)

    for file in FILES:
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if (fixture := fixture_of(node)) is not None:
                places[fixture].append(f"{file.relative_to(TESTS)}:{node.lineno}")

    assert len(places) > 1
    assert not [each for each in places.values() if len(each) > 1]
