"""Honest in-memory doubles of every port. `tests/contract` holds them to the behaviour of the real adapters."""

from tests.support.fakes.audience_reader import FakeAudienceReader, FakeFeedReader
from tests.support.fakes.clock import FakeClock, FakeTimeLeft
from tests.support.fakes.configuration import FakeDestinationBook, FakeSecretStore
from tests.support.fakes.email_gateway import FakeEmailGateway, FakeEmailGateways, FakeImport
from tests.support.fakes.email_imports import FakeContact
from tests.support.fakes.lanes import FakeLanes
from tests.support.fakes.ledger import FakeLedger
from tests.support.fakes.messaging import FakeAnnouncer, FakeQueue, Sent
from tests.support.fakes.outages import FakeOutages
from tests.support.fakes.person_hashes import FakePersonHashes
from tests.support.fakes.range_starter import FakeRangeStarter
from tests.support.fakes.script import Script
from tests.support.fakes.sftp import FakeSftp
from tests.support.fakes.sms_gateway import FakeSmsGateway, FakeSmsGateways
from tests.support.fakes.stores import (
    FakeCollectedUntil,
    FakeDropRecord,
    FakeDropStore,
    FakeImportPaces,
    FakeObjectStore,
    FakePauses,
    FakeUsageRecord,
)

__all__ = [
    "FakeAnnouncer",
    "FakeAudienceReader",
    "FakeClock",
    "FakeCollectedUntil",
    "FakeContact",
    "FakeDestinationBook",
    "FakeDropRecord",
    "FakeDropStore",
    "FakeEmailGateway",
    "FakeEmailGateways",
    "FakeFeedReader",
    "FakeImport",
    "FakeImportPaces",
    "FakeLanes",
    "FakeLedger",
    "FakeObjectStore",
    "FakeOutages",
    "FakePauses",
    "FakePersonHashes",
    "FakeQueue",
    "FakeRangeStarter",
    "FakeSecretStore",
    "FakeSftp",
    "FakeSmsGateway",
    "FakeSmsGateways",
    "FakeTimeLeft",
    "FakeUsageRecord",
    "Script",
    "Sent",
]
