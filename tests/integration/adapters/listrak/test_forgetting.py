"""Asking Listrak to forget a person, by the client that the command line has and the simulator."""

from __future__ import annotations

import pytest

from listrak_relay.adapters.listrak.privacy import ListrakPrivacy
from listrak_relay.errors import ConfigurationError
from listrak_relay.ports.secrets import Credentials
from tests.support.listrak.client import listrak_client
from tests.support.listrak.contract.published_api import PublishedApi
from tests.support.listrak.simulator import PRIVACY_CLIENT, SMS_CLIENT, RunningSimulator

ENTRY_PATH = "/privacy/v1/Forget"


def privacy(simulator: RunningSimulator, client: dict[str, str] = PRIVACY_CLIENT) -> ListrakPrivacy:
    pair = Credentials(client["client_id"], client["client_secret"])
    url = f"{simulator.url}/privacy/v1"
    return ListrakPrivacy(listrak_client(url, f"{simulator.url}/OAuth2/Token", pair=pair).http)


@pytest.mark.parametrize(
    ("person", "sent"),
    [("ana@example.com", {"emailAddress": "ana@example.com"}), ("+17175550100", {"phoneNumber": "+17175550100"})],
)
def test_a_person_is_named_as_published_and_the_request_has_an_id(
    simulator: RunningSimulator, person: str, sent: dict[str, str]
) -> None:
    request = privacy(simulator).forget(person)

    [entry] = simulator.http.get("/control/journal", params={"path": ENTRY_PATH}).json()
    assert entry["body"] == sent
    assert PublishedApi("privacy").check_journal_entry(entry) == []
    simulator.http.headers["authorization"] = f"Bearer {simulator.token(**PRIVACY_CLIENT).json()['access_token']}"
    told = simulator.http.get(f"{ENTRY_PATH}/{request}").json()["data"]
    assert (told["requestID"], told["status"]) == (request, "COMPLETE")


def test_a_request_is_under_way_until_it_is_done(simulator: RunningSimulator) -> None:
    simulator.settings(forget_seconds=3_600)

    request = privacy(simulator).forget("ana@example.com")

    simulator.http.headers["authorization"] = f"Bearer {simulator.token(**PRIVACY_CLIENT).json()['access_token']}"
    told = simulator.http.get(f"{ENTRY_PATH}/{request}").json()["data"]
    assert (told["status"], told["processedDate"]) == ("PROCESSING", None)


def test_an_integration_of_another_type_is_refused(simulator: RunningSimulator) -> None:
    with pytest.raises(ConfigurationError, match="credentials"):
        privacy(simulator, SMS_CLIENT).forget("ana@example.com")


def test_nobody_is_no_person_to_forget(simulator: RunningSimulator) -> None:
    with pytest.raises(ConfigurationError) as refused:
        privacy(simulator).forget(" ")

    assert refused.value.code == "listrak_refused"
