"""The fakes fit the ports, and the small Listrak keeps Listrak's rules."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from listrak_relay.domain.run.manifest import Action
from listrak_relay.errors import ContactRefusedError, OutcomeUnknownError
from listrak_relay.ports.listrak_email import ImportOrder, ImportSummary
from tests.support import fakes
from tests.support.fakes import FakeClock, FakeEmailGateway

if TYPE_CHECKING:
    from listrak_relay.ports import (
        destinations,
        ledger,
        listrak_email,
        listrak_sms,
        messaging,
        ranges,
        reading,
        secrets,
        storage,
        time,
    )

    # Never run: the type checker holds every fake to its port.
    _announcer: messaging.Announcer = fakes.FakeAnnouncer()
    _book: destinations.DestinationBook = fakes.FakeDestinationBook()
    _clock: time.Clock = fakes.FakeClock()
    _drops: storage.DropStore = fakes.FakeDropStore()
    _feed_reader: reading.FeedReader = fakes.FakeFeedReader()
    _gateway: listrak_email.EmailGateway = fakes.FakeEmailGateway()
    _gateways: listrak_email.EmailGateways = fakes.FakeEmailGateways(fakes.FakeEmailGateway())
    _ledger: ledger.RunLedger = fakes.FakeLedger()
    _queue: messaging.MessageQueue = fakes.FakeQueue()
    _reader: reading.AudienceReader = fakes.FakeAudienceReader()
    _secrets: secrets.SecretStore = fakes.FakeSecretStore()
    _sms: listrak_sms.SmsGateway = fakes.FakeSmsGateway()
    _sms_gateways: listrak_sms.SmsGateways = fakes.FakeSmsGateways(fakes.FakeSmsGateway())
    _store: storage.ObjectStore = fakes.FakeObjectStore()
    _starter: ranges.RangeStarter = fakes.FakeRangeStarter()
    _time_left: time.TimeLeft = fakes.FakeTimeLeft()


class SmallListrak:
    """A gateway with one list and a CheckBox field."""

    def __init__(self) -> None:
        self.gateway = FakeEmailGateway(FakeClock())
        self.list_id = self.gateway.add_list()
        self.group_id = self.gateway.create_group(self.list_id, "Amperity Message Attributes", 1)
        self.field_id = self.gateway.create_field(self.list_id, self.group_id, "vip", "CheckBox", 0, 1)

    def run_import(self, action: Action, body: str) -> ImportSummary:
        fields = () if action is Action.UNSUBSCRIBE else (self.field_id,)
        order = ImportOrder("file.csv", action, fields)
        import_id = self.gateway.start_import(self.list_id, order, len(body), io.BytesIO(body.encode()))
        self.gateway.finish_imports()
        return self.gateway.import_summary(self.list_id, import_id)


@pytest.fixture
def small() -> SmallListrak:
    return SmallListrak()


def test_an_import_never_resubscribes_anyone(small: SmallListrak) -> None:
    small.gateway.add_contact(small.list_id, "left@example.com", subscribed=False)

    summary = small.run_import(Action.SUBSCRIBE, "left@example.com,on\nnew@example.com,on\n")

    assert summary == ImportSummary(subscribed=1, previously_unsubscribed=1, processed=2)
    assert small.gateway.subscribers(small.list_id) == ["new@example.com"]


def test_an_update_touches_nobody_who_is_not_on_the_list(small: SmallListrak) -> None:
    small.gateway.add_contact(small.list_id, "known@example.com")

    summary = small.run_import(Action.UPDATE, "known@example.com,on\nnew@example.com,on\n")

    assert summary == ImportSummary(already_subscribed=1, skipped=1, processed=2)
    assert small.gateway.members(small.list_id, "vip") == ["known@example.com"]


def test_an_unsubscribing_import_counts_who_was_there_and_who_had_left(small: SmallListrak) -> None:
    small.gateway.add_contact(small.list_id, "here@example.com")
    small.gateway.add_contact(small.list_id, "left@example.com", subscribed=False)

    summary = small.run_import(Action.UNSUBSCRIBE, "here@example.com\nleft@example.com\nnobody@example.com\n")

    assert summary == ImportSummary(unsubscribed=1, already_unsubscribed=1, skipped=1, processed=3)
    assert small.gateway.subscribers(small.list_id) == []


def test_banned_suppressed_and_unfit_contacts_are_each_counted(small: SmallListrak) -> None:
    small.gateway.ban("banned@example.com")
    small.gateway.suppress("held@example.com")

    summary = small.run_import(
        Action.SUBSCRIBE, "banned@example.com,on\nheld@example.com,on\nnobody,on\nodd@example.com,perhaps\n"
    )

    assert summary == ImportSummary(banned=1, suppressed=1, invalid=1, skipped=1, processed=4)


def test_an_import_is_unfinished_until_it_is_told(small: SmallListrak) -> None:
    order = ImportOrder("file.csv", Action.UNSUBSCRIBE, ())
    import_id = small.gateway.start_import(small.list_id, order, 0, io.BytesIO())

    before = small.gateway.import_status(small.list_id, import_id)
    small.gateway.finish_imports()
    after = small.gateway.import_status(small.list_id, import_id)

    assert (before.finished, after.finished, after.failed) == (False, True, False)


def test_an_import_with_a_lost_answer_is_found_by_its_file_name(small: SmallListrak) -> None:
    small.gateway.script.fail("start_import", OutcomeUnknownError("no answer"), after=True)
    order = ImportOrder("run_subscribe-0001.csv", Action.UNSUBSCRIBE, ())
    began = small.gateway.clock.now()

    with pytest.raises(OutcomeUnknownError):
        small.gateway.start_import(small.list_id, order, 0, io.BytesIO())

    assert small.gateway.find_import(small.list_id, "run_subscribe-0001.csv", began) in small.gateway.imports
    assert small.gateway.find_import(small.list_id, "run_subscribe-0001.csv", began + 1) is None
    assert small.gateway.find_import(small.list_id, "other.csv", began) is None


@pytest.mark.parametrize(("override", "subscribed"), [(False, []), (True, ["left@example.com"])])
def test_only_an_override_lifts_an_unsubscription(small: SmallListrak, override: bool, subscribed: list[str]) -> None:
    small.gateway.add_contact(small.list_id, "left@example.com", subscribed=False)

    small.gateway.save_contact(
        small.list_id, "left@example.com", subscribed=True, values={}, override_unsubscribe=override
    )

    assert small.gateway.subscribers(small.list_id) == subscribed


def test_a_banned_contact_is_refused_and_changes_nothing(small: SmallListrak) -> None:
    small.gateway.ban("banned@example.com")

    with pytest.raises(ContactRefusedError) as refused:
        small.gateway.save_contact(small.list_id, "banned@example.com", subscribed=True, values={})

    assert refused.value.code == "ERROR_BANNED_EMAIL_ADDRESS"
    assert small.gateway.contact(small.list_id, "banned@example.com") is None


def test_subscribed_contacts_are_read_page_by_page() -> None:
    small = SmallListrak()
    small.gateway.page_size = 2
    for number in range(5):
        small.gateway.add_contact(small.list_id, f"{number}@example.com", subscribed=number != 3)

    first = small.gateway.contacts(small.list_id, small.field_id, None)
    second = small.gateway.contacts(small.list_id, small.field_id, first.next_cursor)

    assert [contact.email for contact in first.contacts + second.contacts] == [f"{n}@example.com" for n in (0, 1, 2, 4)]
    assert second.next_cursor is None
