"""How long imports took, in the real ledger and in the fake one."""

from __future__ import annotations

import pytest

from listrak_relay.adapters.aws.dynamodb_import_paces import DynamoDbImportPaces
from listrak_relay.ports.import_paces import ImportPace, ImportPaces
from tests.support.aws.emulator import Emulator
from tests.support.fakes import FakeClock, FakeImportPaces


@pytest.fixture(params=["fake", "dynamodb"])
def paces(request: pytest.FixtureRequest) -> ImportPaces:
    if request.param == "fake":
        return FakeImportPaces()
    emulator: Emulator = request.getfixturevalue("emulator")
    return DynamoDbImportPaces(emulator.create_ledger_table(), emulator.dynamodb, FakeClock(), retention_days=90)


def test_the_latest_import_of_a_list_is_the_one_that_is_known(paces: ImportPaces) -> None:
    assert paces.last("email/list") is None

    paces.note("email/list", ImportPace(1_000, 12.5))
    paces.note("email/list", ImportPace(2_000, 7.0))

    assert paces.last("email/list") == ImportPace(2_000, 7.0)
    assert paces.last("email/other") is None
