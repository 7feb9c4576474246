"""A handler is imported from what was built alone, and what that takes is told."""

from pathlib import Path

import pytest

from bench.starting import start_of
from tests.support.packaging.built import BuiltFunction
from tests.support.packaging.importing import import_as_deployed, import_handler

HOARD = 80_000_000


def built(folder: Path, handler: str, layer: str = "") -> BuiltFunction:
    """A function and a layer with the module ``ours``."""
    code, inside = folder / "code", folder / "layer/python"
    for place in (code, inside):
        place.mkdir(parents=True)
    (code / "handler.py").write_text(handler)
    (inside / "ours.py").write_text(layer)
    return BuiltFunction("Made", "handler.lambda_handler", "", "", code, (folder / "layer",), {"GIVEN": "here"})


def test_an_import_tells_the_most_memory_that_its_process_had(tmp_path: Path) -> None:
    lean = built(tmp_path / "lean", "def lambda_handler(): ...")
    fat = built(tmp_path / "fat", "import ours\ndef lambda_handler(): ...", f"hoard = bytearray({HOARD})\ndel hoard")

    assert import_handler(fat).peak - import_handler(lean).peak > HOARD * 0.9


def test_an_import_sees_the_variables_of_its_function_and_no_package_of_ours(tmp_path: Path) -> None:
    function = built(
        tmp_path,
        "import os, importlib.util\n"
        "assert os.environ['GIVEN'] == 'here'\n"
        "assert not importlib.util.find_spec('boto3')\n"
        "def lambda_handler(): ...",
    )

    assert import_handler(function).seconds > 0


def test_what_an_import_as_deployed_compiles_is_kept_nowhere(tmp_path: Path) -> None:
    function = built(tmp_path, "import ours\ndef lambda_handler(): ...")

    import_as_deployed(function)

    assert not list(tmp_path.rglob("*.pyc"))


def test_both_ways_of_a_start_are_measured(tmp_path: Path) -> None:
    start = start_of(built(tmp_path, "import ours\ndef lambda_handler(): ..."), repeats=1)

    assert list(tmp_path.rglob("ours.*.pyc"))
    assert start.deployed.seconds > 0
    assert start.compiled.seconds > 0


def test_a_handler_that_cannot_be_imported_is_named_with_what_python_said(tmp_path: Path) -> None:
    with pytest.raises(ImportError, match=r"(?s)Made: .*No module named 'nowhere'"):
        import_handler(built(tmp_path, "import nowhere"))
