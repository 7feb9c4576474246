"""The pytest fixture ``listrak``: a simulator on a free port, as it starts for each test."""

from collections.abc import Iterator

import pytest

from listrak_simulator.client import SimulatorControl
from listrak_simulator.starting import started


@pytest.fixture(scope="session")
def listrak_program() -> Iterator[SimulatorControl]:
    """One program for the session, in whatever state the tests have left it."""
    with started() as url:
        yield SimulatorControl(url)


@pytest.fixture
def listrak(listrak_program: SimulatorControl) -> SimulatorControl:
    """A stand-in for Listrak: addresses, credentials, seeds, settings, faults and what was asked of it."""
    listrak_program.reset()
    return listrak_program
