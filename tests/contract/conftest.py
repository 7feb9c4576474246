"""The emulator behind the real adapters; the fakes beside them need none."""

from collections.abc import Iterator

import pytest

from tests.support.aws.emulator import Emulator, running_emulator


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    yield from running_emulator()
