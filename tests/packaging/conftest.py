"""Builds once per session and shows at its end what was measured."""

import pytest

from tests.support.packaging.built import BuiltFunction, build, size
from tests.support.paths import ROOT

MEGABYTE = 2**20

_deployed = pytest.StashKey[list[BuiltFunction]]()
_import_seconds = pytest.StashKey[dict[str, float]]()


@pytest.fixture(scope="session")
def deployed(pytestconfig: pytest.Config) -> list[BuiltFunction]:
    """The functions as they are deployed, built with nothing set by the caller."""
    pytestconfig.stash[_deployed] = build(ROOT / ".build/lambda")
    return pytestconfig.stash[_deployed]


@pytest.fixture(scope="session")
def runnable_here() -> list[BuiltFunction]:
    """The functions built from the same pins for this machine and its Python, so that they can be imported."""
    return build(ROOT / ".build/host", LAMBDA_MACHINE="host")


@pytest.fixture(scope="session")
def import_seconds(pytestconfig: pytest.Config) -> dict[str, float]:
    """Function name -> seconds; filled by the test that imports the handlers."""
    return pytestconfig.stash.setdefault(_import_seconds, {})


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    functions = config.stash.get(_deployed, [])
    if not functions:
        return
    seconds = config.stash.get(_import_seconds, {})
    terminalreporter.section("unzipped size in MB (Lambda's limit is 250); import time of the handler here")
    terminalreporter.line(f"{'function':<26}{'own':>8}{'layers':>8}{'total':>8}{'import':>10}  layers")
    for function in functions:
        own, layers = size(function.code) / MEGABYTE, size(*function.layers) / MEGABYTE
        imported = f"{seconds[function.name] * 1000:.0f} ms" if function.name in seconds else "-"
        names = ", ".join(f"{layer.name} {size(layer) / MEGABYTE:.1f}" for layer in function.layers)
        terminalreporter.line(
            f"{function.name:<26}{own:>8.1f}{layers:>8.1f}{own + layers:>8.1f}{imported:>10}  {names}"
        )
