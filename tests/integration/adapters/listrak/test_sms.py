"""The SMS client against the simulator: what each of Listrak's answers means to us."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest

from listrak_relay.adapters.listrak.sms import ListrakSms
from listrak_relay.errors import ConfigurationError, ContactRefusedError, RetryableError
from listrak_relay.ports.listrak_sms import NewContact, PhoneList, SenderCode, SmsAnswer, SmsImportOrder
from listrak_relay.ports.secrets import Credentials
from tests.support.listrak.client import listrak_client
from tests.support.listrak.sms_simulator import (
    BANNED,
    INACTIVE_LIST,
    MASTER_LIST,
    ON_ANOTHER_LIST,
    OPTED_OUT,
    OPTED_OUT_STRANGER,
    PENDING,
    SENDER_CODE,
    STRANGER,
    SUBSCRIBED,
    SUSPENDED,
    TIER,
    SmsSimulator,
)

PAIR = Credentials("simulated-sms-client", "simulated-sms-secret")


@pytest.fixture
def sms(sms_simulator: SmsSimulator) -> ListrakSms:
    url = sms_simulator.running.url
    return ListrakSms(listrak_client(f"{url}/sms/v1", f"{url}/OAuth2/Token", pair=PAIR).http)


def test_sender_codes_lists_and_fields(sms: ListrakSms) -> None:
    assert sms.sender_codes() == [SenderCode(SENDER_CODE, "71755", "Example Outfitters", "US")]
    assert sms.phone_lists(SENDER_CODE) == [
        PhoneList(MASTER_LIST, "Master List", active=True, confirms=False),
        PhoneList(INACTIVE_LIST, "Holiday 2024", active=False, confirms=False),
    ]
    fields = {field.name: field for field in sms.fields(SENDER_CODE)}
    assert (fields["Tier"].field_id, fields["Tier"].data_type, fields["Tier"].max_length) == (TIER, "Text", 20)
    assert not fields["Old Segment"].enabled


def test_who_is_on_the_list_and_who_has_opted_out(sms: ListrakSms) -> None:
    listed = [number for page in sms.list_pages(SENDER_CODE, MASTER_LIST) for number in page]
    opted_out = [one.contact for page in sms.opt_out_pages(SENDER_CODE) for one in page]

    assert SUBSCRIBED in listed
    assert OPTED_OUT not in listed
    assert {OPTED_OUT, OPTED_OUT_STRANGER} <= set(opted_out)


def opt_outs_of(numbers: Sequence[int], date: Callable[[int], str]) -> list[dict[str, str]]:
    return [{"phone": f"1201555{n:04}", "date": date(n)} for n in numbers]


@pytest.mark.parametrize("cursor", [False, True])
@pytest.mark.parametrize("people", [0, 1_000, 4_999, 5_000, 5_001])
def test_every_opt_out_is_read_with_a_cursor_and_without(
    sms_simulator: SmsSimulator, sms: ListrakSms, people: int, cursor: bool
) -> None:
    sms_simulator.settings(sms_opt_out_cursor=cursor)
    before = {one.contact for page in sms.opt_out_pages(SENDER_CODE) for one in page}
    sms_simulator.seed(opt_outs=opt_outs_of(range(people), lambda n: f"2026-01-01T{n // 3600:02}:{n // 60 % 60:02}:00"))

    read = {one.contact for page in sms.opt_out_pages(SENDER_CODE) for one in page}

    assert read - before == {f"1201555{n:04}" for n in range(people)}


def test_opt_outs_of_two_seconds_are_told_apart(sms_simulator: SmsSimulator, sms: ListrakSms) -> None:
    sms_simulator.settings(sms_opt_out_cursor=False)
    sms_simulator.seed(opt_outs=opt_outs_of(range(8_000), lambda n: f"2026-01-01T10:00:0{n % 2}"))

    read = {one.contact for page in sms.opt_out_pages(SENDER_CODE) for one in page}

    assert {f"1201555{n:04}" for n in range(8_000)} <= read


def test_more_opt_outs_of_one_second_than_a_page_holds_are_never_taken_for_all(
    sms_simulator: SmsSimulator, sms: ListrakSms
) -> None:
    sms_simulator.settings(sms_opt_out_cursor=False)
    sms_simulator.seed(opt_outs=opt_outs_of(range(6_000), lambda _: "2026-01-01T10:00:00"))
    read: list[str] = []

    with pytest.raises(ConfigurationError) as stopped:
        read.extend(one.contact for page in sms.opt_out_pages(SENDER_CODE) for one in page)

    assert stopped.value.code == "opt_outs_unreadable"
    assert len(read) >= 5_000


def test_opt_outs_since_a_moment(sms_simulator: SmsSimulator, sms: ListrakSms) -> None:
    sms_simulator.seed(opt_outs=opt_outs_of([1], lambda _: "2020-01-01") + opt_outs_of([2], lambda _: "2099-01-01"))
    of_2090 = datetime(2090, 1, 1, tzinfo=UTC).timestamp()

    assert [one.contact for page in sms.opt_out_pages(SENDER_CODE, of_2090) for one in page] == ["12015550002"]


@pytest.mark.parametrize(("number", "known"), [(SUBSCRIBED, False), (OPTED_OUT, True), (STRANGER, None)])
def test_whether_a_person_has_opted_out(sms: ListrakSms, number: str, known: bool | None) -> None:
    assert sms.opted_out(SENDER_CODE, number) is known
    assert sms.opted_out(SENDER_CODE, f"+{number}") is known


@pytest.mark.parametrize("unknown", ["not_located", "number_not_found"])
def test_when_somebody_was_unsubscribed_from_the_list(
    sms_simulator: SmsSimulator, sms: ListrakSms, unknown: str
) -> None:
    sms_simulator.settings(sms_unknown_number=unknown)
    before = int(time.time())

    assert [sms.left_list_at(SENDER_CODE, MASTER_LIST, each) for each in (SUBSCRIBED, STRANGER, ON_ANOTHER_LIST)] == [
        None,
        None,
        None,
    ]
    sms.unsubscribe(SENDER_CODE, MASTER_LIST, SUBSCRIBED)

    left_at = sms.left_list_at(SENDER_CODE, MASTER_LIST, SUBSCRIBED)
    assert left_at is not None
    assert before <= left_at <= time.time()
    assert sms.opted_out(SENDER_CODE, STRANGER) is None


def test_creating(sms_simulator: SmsSimulator, sms: ListrakSms) -> None:
    contact = NewContact(f"+{STRANGER}", {"first_name": "Ada", "birthday": "1990-04-01", "email": "ada@example.com"})

    assert sms.create(SENDER_CODE, MASTER_LIST, contact) is SmsAnswer.DONE

    assert sms_simulator.state(STRANGER) == "Subscribed"
    assert sms_simulator.contacts()[STRANGER]["first_name"] == "Ada"
    assert sms.create(SENDER_CODE, MASTER_LIST, contact) is SmsAnswer.KNOWN


def test_creating_where_listrak_tells_the_state(sms_simulator: SmsSimulator, sms: ListrakSms) -> None:
    sms_simulator.settings(sms_create_existing="by_state")

    assert sms.create(SENDER_CODE, MASTER_LIST, NewContact(SUBSCRIBED, {})) is SmsAnswer.ALREADY
    assert sms.create(SENDER_CODE, MASTER_LIST, NewContact(PENDING, {})) is SmsAnswer.PENDING


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        (ON_ANOTHER_LIST, SmsAnswer.DONE),
        (SUBSCRIBED, SmsAnswer.ALREADY),
        (PENDING, SmsAnswer.PENDING),
        (STRANGER, SmsAnswer.UNKNOWN),
    ],
)
@pytest.mark.parametrize("content_type", ["demanded", "free"])
def test_subscribing(
    sms_simulator: SmsSimulator, sms: ListrakSms, number: str, answer: SmsAnswer, content_type: str
) -> None:
    sms_simulator.settings(sms_bodyless_content_type=content_type)

    assert sms.subscribe(SENDER_CODE, MASTER_LIST, number) is answer


@pytest.mark.parametrize(
    ("number", "answer"),
    [(SUBSCRIBED, SmsAnswer.DONE), (OPTED_OUT, SmsAnswer.ALREADY), (STRANGER, SmsAnswer.UNKNOWN)],
)
@pytest.mark.parametrize("unknown", ["not_located", "number_not_found"])
def test_unsubscribing(
    sms_simulator: SmsSimulator, sms: ListrakSms, number: str, answer: SmsAnswer, unknown: str
) -> None:
    sms_simulator.settings(sms_unknown_number=unknown)

    assert sms.unsubscribe(SENDER_CODE, MASTER_LIST, number) is answer


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (BANNED, "ERROR_BANNED_PHONE_NUMBER"),
        (SUSPENDED, "ERROR_PHONE_NUMBER_SUSPENDED"),
        ("12", "ERROR_INVALID_PHONE_NUMBER"),
    ],
)
def test_listraks_final_no(sms: ListrakSms, number: str, code: str) -> None:
    with pytest.raises(ContactRefusedError) as refused:
        sms.create(SENDER_CODE, MASTER_LIST, NewContact(number, {}))

    assert refused.value.code == code


@pytest.mark.parametrize(
    "call",
    [
        lambda sms: sms.create(SENDER_CODE, INACTIVE_LIST, NewContact(STRANGER, {})),
        lambda sms: sms.subscribe(SENDER_CODE, INACTIVE_LIST, SUBSCRIBED),
    ],
    ids=["create", "subscribe"],
)
def test_an_inactive_list_stops_the_run(sms: ListrakSms, call: Callable[[ListrakSms], Any]) -> None:
    with pytest.raises(ConfigurationError) as stopped:
        call(sms)

    assert stopped.value.code == "list_inactive"


def test_a_disabled_sender_code_stops_the_run(sms_simulator: SmsSimulator, sms: ListrakSms) -> None:
    sms_simulator.seed(enabled=False)

    with pytest.raises(ConfigurationError) as stopped:
        sms.phone_lists(SENDER_CODE)

    assert stopped.value.code == "sender_code_disabled"


def test_a_value_that_a_profile_field_does_not_take_is_about_the_contact(sms: ListrakSms) -> None:
    with pytest.raises(ContactRefusedError, match="ERROR_INVALID_EMAIL_ADDRESS"):
        sms.create(SENDER_CODE, MASTER_LIST, NewContact(STRANGER, {"email": "no address"}))


def test_an_import_updates_profile_fields(sms_simulator: SmsSimulator, sms: ListrakSms) -> None:
    content = f'{SUBSCRIBED},"gold, dark"\n{STRANGER},blue\n'.encode()

    import_id = sms.start_import(SENDER_CODE, SmsImportOrder("a.csv", (TIER,)), len(content), BytesIO(content))
    sms_simulator.wait_for_import(str(import_id))

    assert sms.import_status(SENDER_CODE, import_id).finished
    assert sms_simulator.contacts()[SUBSCRIBED]["values"]["Tier"] == "gold, dark"
    assert STRANGER not in sms_simulator.contacts()


def test_an_import_that_listrak_does_not_show_is_asked_for_again(sms: ListrakSms) -> None:
    with pytest.raises(RetryableError):
        sms.import_status(SENDER_CODE, 1)
