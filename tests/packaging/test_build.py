"""The artifact that `sam build` makes, examined as it lies there and imported apart from everything else."""

from pathlib import Path

import pytest

from tests.support.packaging.built import BuiltFunction, files, size
from tests.support.packaging.importing import import_handler
from tests.support.paths import ROOT

pytestmark = pytest.mark.packaging

# Lambda allows 250 MB for a function and its layers, unzipped; the rest is room to grow.
MAX_UNZIPPED_BYTES = 200 * 2**20

ELF_MACHINES = {"arm64": 183, "x86_64": 62}  # e_machine of the ELF header
WHEEL_MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}


def test_every_function_has_its_handler_and_our_package(
    deployed: list[BuiltFunction], subtests: pytest.Subtests
) -> None:
    assert {function.code.name for function in deployed}, "the template has no function"
    for function in deployed:
        with subtests.test(function.name):
            module = function.handler.rpartition(".")[0].replace(".", "/")

            assert (function.code / f"{module}.py").is_file()
            assert any((path / "listrak_relay/__init__.py").is_file() for path in function.import_path)


def test_every_function_folder_is_deployed(deployed: list[BuiltFunction]) -> None:
    built = {path.parent.name: path.read_bytes() for path in ROOT.glob("functions/*/handler.py")}

    assert sorted(built.values()) == sorted((function.code / "handler.py").read_bytes() for function in deployed)


def test_every_native_library_fits_the_runtime(deployed: list[BuiltFunction], subtests: pytest.Subtests) -> None:
    for function in deployed:
        python = function.runtime.removeprefix("python").replace(".", "")
        machine = WHEEL_MACHINES[function.architecture]
        extensions = (f".cpython-{python}-{machine}-linux-gnu.so", ".abi3.so")
        for library in (path for path in files(function.code, *function.layers) if ".so" in path.suffixes):
            with subtests.test(function.name, library=library.name):
                header = library.read_bytes()[:20]

                assert int.from_bytes(header[18:20], "little") == ELF_MACHINES[function.architecture]
                # What a wheel brings along in <name>.libs/ is linked to, not imported, and carries no tag.
                assert library.parent.suffix == ".libs" or library.name.endswith(extensions)


def test_every_function_is_well_within_the_size_limit(deployed: list[BuiltFunction], subtests: pytest.Subtests) -> None:
    for function in deployed:
        with subtests.test(function.name):
            assert size(function.code, *function.layers) < MAX_UNZIPPED_BYTES


def test_layers_that_hold_the_same_file_agree_on_it(deployed: list[BuiltFunction], subtests: pytest.Subtests) -> None:
    for function in deployed:
        seen: dict[Path, Path] = {}
        for layer in function.layers:
            for path in files(layer):
                place = path.relative_to(layer)
                if place in seen:
                    with subtests.test(function.name, place=str(place)):
                        assert path.read_bytes() == seen[place].read_bytes()
                seen[place] = path


def test_every_handler_imports_from_the_artifact_alone(
    runnable_here: list[BuiltFunction], import_seconds: dict[str, float], subtests: pytest.Subtests
) -> None:
    for function in runnable_here:
        with subtests.test(function.name):
            import_handler(function)  # compiles

            import_seconds[function.name] = import_handler(function).seconds
