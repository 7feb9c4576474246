"""The Listrak client against the simulator: a list as it comes to be what was asked for, also when answers are lost."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest

from listrak_relay.adapters.listrak.transport import ListrakTransport
from listrak_relay.domain.run.manifest import Action
from listrak_relay.errors import (
    ConfigurationError,
    ContactRefusedError,
    OutcomeUnknownError,
    RetryableError,
)
from listrak_relay.ports.listrak_email import Contact, ImportOrder, ImportSummary
from listrak_relay.ports.secrets import Credentials
from tests.support.listrak.client import SECRET, Client, listrak_client
from tests.support.listrak.simulator import EMAIL_CLIENT, MASTER_LIST, RunningSimulator
from tests.support.waiting import eventually

PAIR = Credentials(**EMAIL_CLIENT)
LONG_AGO = 1_700_000_000.0
NAME = "listrak-relay_run_001.csv"
ODD = [
    "plus+tag@example.com",
    "o'hara@example.com",
    "under_score-dash.dot@example.com",
    "hash#mark@example.com",
    "curly{brace}|pipe@example.com",
    "equals=sign!~^`@example.com",
    "dollar$@example.com",
]
UNSAFE = ["per%cent@example.com", "per%41cent@example.com", "a&b@example.com", "what?@example.com", "a/b@example.com"]


@dataclass
class Simulated:
    simulator: RunningSimulator
    client: Client

    def fail_once(self, method: str, path: str, effect: dict[str, Any]) -> None:
        rule = {"method": method, "path": path, "count": 1, "effect": effect}
        self.simulator.control("POST", "/faults", rule)

    def imports(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.simulator.control("GET", f"/lists/{MASTER_LIST}/imports")
        return found

    def start(self, content: bytes, action: Action = Action.SUBSCRIBE, field_ids: tuple[int, ...] = ()) -> int:
        return self.client.start_import(content, order=ImportOrder(NAME, action, field_ids))

    def finish(self, import_id: int) -> ImportSummary:
        email = self.client.email
        eventually(lambda: email.import_status(MASTER_LIST, import_id).finished, what="the end of the import")
        return email.import_summary(MASTER_LIST, import_id)


@pytest.fixture
def simulated(simulator: RunningSimulator) -> Simulated:
    """Without the journal of signing in."""
    simulator.control("DELETE", "/journal")
    return Simulated(simulator, client_of(simulator))


def client_of(simulator: RunningSimulator, read_timeout: float = 20.0) -> Client:
    transport = ListrakTransport((5.0, read_timeout))
    return listrak_client(f"{simulator.url}/email/v1", f"{simulator.url}/OAuth2/Token", pair=PAIR, transport=transport)


# --- lists and fields ------------------------------------------------------------------------------------------------


def test_lists_groups_and_fields_are_found_and_made(simulated: Simulated) -> None:
    email = simulated.client.email

    assert {(each.list_id, each.name) for each in email.lists()} == {(345, "Master List"), (346, "Newsletter")}
    group_id = email.create_group(MASTER_LIST, "Amperity Message Attributes", 2)
    field_id = email.create_field(MASTER_LIST, group_id, "vip", "CheckBox", 3, 1)

    assert [group.name for group in email.groups(MASTER_LIST) if group.group_id == group_id] == [
        "Amperity Message Attributes"
    ]
    (field,) = email.fields(MASTER_LIST, group_id)
    assert (field.field_id, field.group_id, field.name) == (field_id, group_id, "vip")
    assert (field.data_type, field.max_length, field.position) == ("CheckBox", 3, 1)


def test_marks_are_taken_of_unsubscribed_contacts_too(simulated: Simulated) -> None:
    email = simulated.client.email
    group_id = email.create_group(MASTER_LIST, "Attributes", 2)
    field_id = email.create_field(MASTER_LIST, group_id, "vip", "CheckBox", 3, 1)
    marked = ("ada@example.com", "opted.out@example.com")
    for address in marked:
        email.save_contact(MASTER_LIST, address, subscribed=None, values={field_id: "on"})
    unsubscribed = email.contacts(MASTER_LIST, field_id, None, unsubscribed=True).contacts
    assert "opted.out@example.com" in {each.email for each in unsubscribed if each.values.get(field_id) == "on"}

    content = b"ada@example.com,off\nopted.out@example.com,off\n"
    order = ImportOrder("leavers.csv", Action.UPDATE, (field_id,), include_unsubscribed=True)
    simulated.finish(email.start_import(MASTER_LIST, order, len(content), BytesIO(content)))

    contacts = simulated.simulator.contacts()
    assert [contacts[address]["values"].get("vip") for address in marked] == ["off", "off"]
    assert contacts["opted.out@example.com"]["state"] == "Unsubscribed"


# --- imports ---------------------------------------------------------------------------------------------------------


def test_an_import_subscribes_and_fills_fields(simulated: Simulated) -> None:
    field_id = simulated.simulator.add_field("Favourite", "Text")
    content = b'new@example.com,"red, ""dark"""\nada@example.com,\n'

    import_id = simulated.start(content, field_ids=(field_id,))
    summary = simulated.finish(import_id)

    assert (summary.subscribed, summary.already_subscribed, summary.processed) == (1, 1, 2)
    assert simulated.simulator.contacts()["new@example.com"]["values"]["Favourite"] == 'red, "dark"'
    assert {
        e: word for page in simulated.client.email.import_results(MASTER_LIST, import_id) for e, word in page.results
    } == {
        "new@example.com": "Subscribed",
        "ada@example.com": "AlreadySubscribed",
    }


def test_an_import_unsubscribes(simulated: Simulated) -> None:
    summary = simulated.finish(simulated.start(b"ada@example.com\n", Action.UNSUBSCRIBE))

    assert summary.unsubscribed == 1
    assert simulated.simulator.contacts()["ada@example.com"]["state"] == "Unsubscribed"


@pytest.mark.parametrize("paging", ["value", "uri"])
def test_the_results_of_twelve_thousand_contacts_come_whole(simulated: Simulated, paging: str) -> None:
    simulated.simulator.control("PUT", "/settings", {"next_page_cursor": paging})
    addresses = [f"person-{number}@example.com" for number in range(12_000)]

    import_id = simulated.start("".join(f"{address}\n" for address in addresses).encode())
    summary = simulated.finish(import_id)
    results = [e for page in simulated.client.email.import_results(MASTER_LIST, import_id) for e, _ in page.results]

    assert summary.processed == 12_000
    assert sorted(results) == sorted(addresses)
    assert len(simulated.simulator.journal(rf"/ListImport/{import_id}/Contact$")) == 3


@pytest.mark.parametrize("paging", ["value", "uri"])
def test_every_subscribed_contact_is_on_one_page(simulated: Simulated, paging: str) -> None:
    simulated.simulator.control("PUT", "/settings", {"next_page_cursor": paging})
    generated = {"list_name": "Newsletter", "generated_contacts": {"count": 11_000, "unsubscribed": 500}}
    simulated.simulator.control("POST", "/seed", {"lists": [generated]})
    field_id = simulated.simulator.add_field("vip", "CheckBox", 3, list_id=346)

    seen: list[Contact] = []
    cursor = None
    while True:
        page = simulated.client.email.contacts(346, field_id, cursor)
        seen += page.contacts
        cursor = page.next_cursor
        if cursor is None:
            break

    assert len(seen) == len({contact.email for contact in seen}) == 10_502
    assert all(contact.subscribed for contact in seen)


LOST = {
    "dropped after handling": {"kind": "drop", "handle": True},
    "failed after handling": {"kind": "answer", "handle": True, "status": 500},
    "unavailable after handling": {"kind": "answer", "handle": True, "status": 503},
    "broken off": {"kind": "truncate"},
    "stalled": {"kind": "stall", "seconds": 30},
}


@pytest.mark.parametrize("effect", LOST.values(), ids=LOST)
def test_an_import_that_listrak_took_is_never_said_not_to_be_sent_and_can_be_found(
    simulated: Simulated, effect: dict[str, Any]
) -> None:
    simulated.fail_once("POST", "/ListImport$", effect)
    client = client_of(simulated.simulator, read_timeout=0.5)

    with pytest.raises(OutcomeUnknownError):
        client.start_import(b"new@example.com\n")
    found = simulated.client.email.find_import(MASTER_LIST, NAME, LONG_AGO)

    (begun,) = simulated.imports()
    assert found == begun["import_id"]
    assert begun["file_name"] == NAME


@pytest.mark.parametrize(
    "effect",
    [
        {"kind": "drop", "handle": False},
        {"kind": "answer", "handle": False, "status": 500},
        {"kind": "stall", "handle": False, "seconds": 0.1},
    ],
    ids=["dropped", "failed", "stalled"],
)
def test_an_import_that_listrak_did_not_take_is_not_found_after_an_unknown_outcome(
    simulated: Simulated, effect: dict[str, Any]
) -> None:
    simulated.fail_once("POST", "/ListImport$", effect)

    with pytest.raises(OutcomeUnknownError):
        simulated.start(b"new@example.com\n")

    assert simulated.client.email.find_import(MASTER_LIST, NAME, LONG_AGO) is None
    assert simulated.imports() == []


def test_an_import_is_not_found_by_the_name_of_another(simulated: Simulated) -> None:
    simulated.start(b"new@example.com\n")

    assert simulated.client.email.find_import(MASTER_LIST, "listrak-relay_run_002.csv", LONG_AGO) is None
    assert simulated.client.email.find_import(346, NAME, LONG_AGO) is None


def test_an_import_from_before_the_moment_asked_for_is_not_found(simulated: Simulated) -> None:
    simulated.start(b"new@example.com\n")

    assert simulated.client.email.find_import(MASTER_LIST, NAME, 4_000_000_000.0) is None


def test_a_file_that_breaks_off_is_not_imported(simulated: Simulated) -> None:
    client = simulated.client
    order = ImportOrder(NAME, Action.SUBSCRIBE, ())

    with pytest.raises(RetryableError, match="nothing was imported"):
        client.email.start_import(MASTER_LIST, order, 4_000_000, BytesIO(b"a@example.com\n" * 200_000))

    assert client.email.find_import(MASTER_LIST, NAME, LONG_AGO) is None
    assert simulated.imports() == []


def test_an_import_too_large_for_listrak_is_for_an_operator_to_mend(simulated: Simulated) -> None:
    simulated.simulator.control("PUT", "/settings", {"body_limit_bytes": 1_000})

    with pytest.raises((ConfigurationError, OutcomeUnknownError)):
        simulated.start(b"a@example.com\n" * 100)

    assert simulated.imports() == []


def test_an_import_into_a_field_that_is_not_there_is_for_an_operator_to_mend(simulated: Simulated) -> None:
    with pytest.raises(ConfigurationError, match="ERROR_"):
        simulated.start(b"new@example.com,on\n", field_ids=(99_999,))


# --- single contacts -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("email", ODD)
def test_an_odd_address_is_saved_and_looked_up_as_it_is(simulated: Simulated, email: str) -> None:
    client = simulated.client.email
    assert client.contact(MASTER_LIST, email) is None

    client.save_contact(MASTER_LIST, email, subscribed=True, values={})
    found = client.contact(MASTER_LIST, email)

    assert found is not None
    assert found.subscribed
    assert found.email.casefold() == email.casefold()
    assert email in simulated.simulator.contacts()


@pytest.mark.parametrize("email", UNSAFE)
def test_an_address_with_a_character_that_listrak_takes_in_no_path_is_refused_alone(
    simulated: Simulated, email: str
) -> None:
    with pytest.raises(ContactRefusedError):
        simulated.client.email.contact(MASTER_LIST, email)


def test_an_unsubscribed_contact_is_seen_as_such_and_left_alone(simulated: Simulated) -> None:
    email = simulated.client.email

    email.save_contact(MASTER_LIST, "opted.out@example.com", subscribed=True, values={})

    found = email.contact(MASTER_LIST, "opted.out@example.com")
    assert found is not None
    assert not found.subscribed


def test_an_empty_value_takes_away_the_one_that_listrak_has_and_no_other(simulated: Simulated) -> None:
    email = simulated.client.email
    group_id = email.create_group(MASTER_LIST, "Attributes", 2)
    city, points = (email.create_field(MASTER_LIST, group_id, name, "Text", 20, 1) for name in ("city", "points"))
    email.save_contact(MASTER_LIST, "ada@example.com", subscribed=None, values={city: "Lititz", points: "7"})

    email.save_contact(MASTER_LIST, "ada@example.com", subscribed=None, values={city: ""})

    values = simulated.simulator.contacts()["ada@example.com"]["values"]
    assert (values.get("city", ""), values.get("points")) == ("", "7")


def test_only_an_override_subscribes_again(simulated: Simulated) -> None:
    email = simulated.client.email

    email.save_contact(MASTER_LIST, "opted.out@example.com", subscribed=True, values={}, override_unsubscribe=True)

    found = email.contact(MASTER_LIST, "opted.out@example.com")
    assert found is not None
    assert found.subscribed


def test_unsubscribing_twice_is_no_fault(simulated: Simulated) -> None:
    for _ in range(2):
        simulated.client.email.save_contact(MASTER_LIST, "ada@example.com", subscribed=False, values={})

    assert simulated.simulator.contacts()["ada@example.com"]["state"] == "Unsubscribed"


@pytest.mark.parametrize(
    ("email", "code"),
    [("banned@example.com", "ERROR_BANNED_EMAIL_ADDRESS"), ("suppressed@example.com", "ERROR_SUPPRESSED_EMAIL")],
)
def test_a_contact_that_listrak_turns_away_is_told_with_its_code(simulated: Simulated, email: str, code: str) -> None:
    with pytest.raises(ContactRefusedError) as caught:
        simulated.client.email.save_contact(MASTER_LIST, email, subscribed=True, values={})

    assert caught.value.code == code


@pytest.mark.parametrize("effect", LOST.values(), ids=LOST)
def test_saving_a_contact_outlives_a_lost_answer(simulated: Simulated, effect: dict[str, Any]) -> None:
    simulated.fail_once("POST", "/Contact$", effect)
    client = client_of(simulated.simulator, read_timeout=0.5)

    client.email.save_contact(MASTER_LIST, "new@example.com", subscribed=True, values={})

    assert simulated.simulator.contacts()["new@example.com"]["state"] == "Subscribed"


# --- signing in ------------------------------------------------------------------------------------------------------


def test_tokens_that_ended_early_are_renewed(simulated: Simulated) -> None:
    simulated.client.email.lists()
    simulated.simulator.control("DELETE", "/tokens")

    simulated.client.email.lists()

    assert simulated.simulator.control("GET", "/calls")["tokens"] == 2


def test_a_rotated_secret_is_taken_up(simulated: Simulated) -> None:
    rotated = Credentials(PAIR.client_id, "rotated")
    simulated.client.email.lists()
    simulated.client.secrets.rotate(SECRET, rotated)
    simulated.simulator.control("PUT", "/clients", [{"client_id": PAIR.client_id, "client_secret": "rotated"}])
    simulated.simulator.control("DELETE", "/tokens")

    assert len(simulated.client.email.lists()) == 2


def test_a_paused_integration_is_for_an_operator_to_mend(simulated: Simulated) -> None:
    simulated.client.email.lists()
    simulated.simulator.control("PUT", "/clients", [{**EMAIL_CLIENT, "paused": True}])

    for act in (simulated.client.email.lists, simulated.client.email.lists):
        with pytest.raises(ConfigurationError, match="paused") as caught:
            act()
        assert caught.value.code == "credentials_refused"


def test_an_import_by_a_paused_integration_is_for_an_operator_to_mend_by_its_second_delivery(
    simulated: Simulated,
) -> None:
    simulated.client.email.lists()
    simulated.simulator.control("PUT", "/clients", [{**EMAIL_CLIENT, "paused": True}])

    with pytest.raises(RetryableError):
        simulated.start(b"new@example.com\n")
    with pytest.raises(ConfigurationError) as caught:
        simulated.start(b"new@example.com\n")

    assert caught.value.code == "credentials_refused"


# --- side by side ----------------------------------------------------------------------------------------------------


def test_eight_threads_save_and_look_up_through_one_client_while_answers_get_lost(simulated: Simulated) -> None:
    for nth in range(20, 400, 40):
        drop = {"method": "POST", "path": "/Contact$", "effect": {"kind": "drop", "handle": True}}
        simulated.simulator.control("POST", "/faults", {**drop, "nth": nth, "count": 3})
    email = simulated.client.email
    addresses = [f"person-{number}@example.com" for number in range(400)]

    def work(address: str) -> Contact | None:
        email.save_contact(MASTER_LIST, address, subscribed=True, values={})
        return email.contact(MASTER_LIST, address)

    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(work, addresses))

    assert [contact and contact.email for contact in found] == addresses
    assert simulated.simulator.control("GET", "/calls")["tokens"] == 1


def test_eight_imports_go_out_side_by_side(simulated: Simulated) -> None:
    names = [f"listrak-relay_run_{number:03}.csv" for number in range(8)]

    def work(name: str) -> int:
        content = f"{name}@example.com\n".encode() * 50_000
        return simulated.client.start_import(content, order=ImportOrder(name, Action.SUBSCRIBE, ()))

    with ThreadPoolExecutor(8) as threads:
        ids = list(threads.map(work, names))

    assert {each["import_id"]: each["file_name"] for each in simulated.imports()} == dict(zip(ids, names, strict=True))
