"""The fakes fit the ports, and the small Listrak keeps Listrak's rules."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from listrak_relay.domain.run.manifest import Action
from listrak_relay.errors import ContactRefusedError, OutcomeUnknownError
from listrak_relay.ports.listrak_email import ImportOrder, ImportSummary
from tests import fakes
from tests.fakes import FakeClock, FakeEmailGateway

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


class Listrak:
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
def listrak() -> Listrak:
    return Listrak()


def test_an_import_never_resubscribes_anyone(listrak: Listrak) -> None:
    listrak.gateway.add_contact(listrak.list_id, "left@example.com", subscribed=False)

    summary = listrak.run_import(Action.SUBSCRIBE, "left@example.com,on\nnew@example.com,on\n")

    assert summary == ImportSummary(subscribed=1, previously_unsubscribed=1, processed=2)
    assert listrak.gateway.subscribers(listrak.list_id) == ["new@example.com"]


def test_an_update_touches_nobody_who_is_not_on_the_list(listrak: Listrak) -> None:
    listrak.gateway.add_contact(listrak.list_id, "known@example.com")

    summary = listrak.run_import(Action.UPDATE, "known@example.com,on\nnew@example.com,on\n")

    assert summary == ImportSummary(already_subscribed=1, skipped=1, processed=2)
    assert listrak.gateway.members(listrak.list_id, "vip") == ["known@example.com"]


def test_an_unsubscribing_import_counts_who_was_there_and_who_had_left(listrak: Listrak) -> None:
    listrak.gateway.add_contact(listrak.list_id, "here@example.com")
    listrak.gateway.add_contact(listrak.list_id, "left@example.com", subscribed=False)

    summary = listrak.run_import(Action.UNSUBSCRIBE, "here@example.com\nleft@example.com\nnobody@example.com\n")

    assert summary == ImportSummary(unsubscribed=1, already_unsubscribed=1, skipped=1, processed=3)
    assert listrak.gateway.subscribers(listrak.list_id) == []


def test_banned_suppressed_and_unfit_contacts_are_each_counted(listrak: Listrak) -> None:
    listrak.gateway.ban("banned@example.com")
    listrak.gateway.suppress("held@example.com")

    summary = listrak.run_import(
        Action.SUBSCRIBE, "banned@example.com,on\nheld@example.com,on\nnobody,on\nodd@example.com,perhaps\n"
    )

    assert summary == ImportSummary(banned=1, suppressed=1, invalid=1, skipped=1, processed=4)


def test_an_import_is_unfinished_until_it_is_told(listrak: Listrak) -> None:
    order = ImportOrder("file.csv", Action.UNSUBSCRIBE, ())
    import_id = listrak.gateway.start_import(listrak.list_id, order, 0, io.BytesIO())

    before = listrak.gateway.import_status(listrak.list_id, import_id)
    listrak.gateway.finish_imports()
    after = listrak.gateway.import_status(listrak.list_id, import_id)

    assert (before.finished, after.finished, after.failed) == (False, True, False)


def test_an_import_with_a_lost_answer_is_found_by_its_file_name(listrak: Listrak) -> None:
    listrak.gateway.script.fail("start_import", OutcomeUnknownError("no answer"), after=True)
    order = ImportOrder("run_subscribe-0001.csv", Action.UNSUBSCRIBE, ())
    began = listrak.gateway.clock.now()

    with pytest.raises(OutcomeUnknownError):
        listrak.gateway.start_import(listrak.list_id, order, 0, io.BytesIO())

    assert listrak.gateway.find_import(listrak.list_id, "run_subscribe-0001.csv", began) in listrak.gateway.imports
    assert listrak.gateway.find_import(listrak.list_id, "run_subscribe-0001.csv", began + 1) is None
    assert listrak.gateway.find_import(listrak.list_id, "other.csv", began) is None


def test_a_cleared_field_is_empty_once_the_clearing_has_finished(listrak: Listrak) -> None:
    listrak.gateway.add_contact(listrak.list_id, "member@example.com", values={listrak.field_id: "on"})

    listrak.gateway.clear_field(listrak.list_id, listrak.group_id, listrak.field_id)
    before = listrak.gateway.members(listrak.list_id, "vip")
    listrak.gateway.finish_imports()

    assert before == ["member@example.com"]
    assert listrak.gateway.members(listrak.list_id, "vip") == []


@pytest.mark.parametrize(("override", "subscribed"), [(False, []), (True, ["left@example.com"])])
def test_only_an_override_lifts_an_unsubscription(listrak: Listrak, override: bool, subscribed: list[str]) -> None:
    listrak.gateway.add_contact(listrak.list_id, "left@example.com", subscribed=False)

    listrak.gateway.save_contact(
        listrak.list_id, "left@example.com", subscribed=True, values={}, override_unsubscribe=override
    )

    assert listrak.gateway.subscribers(listrak.list_id) == subscribed


def test_a_banned_contact_is_refused_and_changes_nothing(listrak: Listrak) -> None:
    listrak.gateway.ban("banned@example.com")

    with pytest.raises(ContactRefusedError) as refused:
        listrak.gateway.save_contact(listrak.list_id, "banned@example.com", subscribed=True, values={})

    assert refused.value.code == "ERROR_BANNED_EMAIL_ADDRESS"
    assert listrak.gateway.contact(listrak.list_id, "banned@example.com") is None


def test_subscribed_contacts_are_read_page_by_page() -> None:
    listrak = Listrak()
    listrak.gateway.page_size = 2
    for number in range(5):
        listrak.gateway.add_contact(listrak.list_id, f"{number}@example.com", subscribed=number != 3)

    first = listrak.gateway.contacts(listrak.list_id, listrak.field_id, None)
    second = listrak.gateway.contacts(listrak.list_id, listrak.field_id, first.next_cursor)

    assert [contact.email for contact in first.contacts + second.contacts] == [f"{n}@example.com" for n in (0, 1, 2, 4)]
    assert second.next_cursor is None
