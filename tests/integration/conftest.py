"""Fixtures of the adapter tests."""

from collections.abc import Iterator

import pytest

from tests.support.aws.emulator import Emulator, running_emulator


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    yield from running_emulator()


@pytest.fixture
def bucket(emulator: Emulator) -> str:
    """Versioned."""
    return emulator.create_bucket()


@pytest.fixture
def queue_url(emulator: Emulator) -> str:
    return emulator.create_queue()


@pytest.fixture
def ledger_table(emulator: Emulator) -> str:
    return emulator.create_ledger_table()
