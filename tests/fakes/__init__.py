"""Honest in-memory doubles of every port. `tests/contract` holds them to the behaviour of the real adapters."""

from tests.fakes.audience_reader import FakeAudienceReader, FakeFeedReader
from tests.fakes.clock import FakeClock, FakeTimeLeft
from tests.fakes.configuration import FakeDestinationBook, FakeSecretStore
from tests.fakes.email_gateway import FakeEmailGateway, FakeEmailGateways, FakeImport
from tests.fakes.email_imports import FakeContact
from tests.fakes.ledger import FakeLedger
from tests.fakes.messaging import FakeAnnouncer, FakeQueue, Sent
from tests.fakes.range_starter import FakeRangeStarter
from tests.fakes.script import Script
from tests.fakes.sftp import FakeSftp
from tests.fakes.sms_gateway import FakeSmsGateway, FakeSmsGateways
from tests.fakes.stores import FakeDropStore, FakeObjectStore

__all__ = [
    "FakeAnnouncer",
    "FakeAudienceReader",
    "FakeClock",
    "FakeContact",
    "FakeDestinationBook",
    "FakeDropStore",
    "FakeEmailGateway",
    "FakeEmailGateways",
    "FakeFeedReader",
    "FakeImport",
    "FakeLedger",
    "FakeObjectStore",
    "FakeQueue",
    "FakeRangeStarter",
    "FakeSecretStore",
    "FakeSftp",
    "FakeSmsGateway",
    "FakeSmsGateways",
    "FakeTimeLeft",
    "Script",
    "Sent",
]
