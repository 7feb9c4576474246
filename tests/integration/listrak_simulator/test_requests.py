"""How the simulator takes requests that are written otherwise than the document has them, or that are too many, and
answers that are not Listrak's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.listrak.simulator import MASTER_LIST, RunningSimulator, import_body
from tests.support.waiting import eventually

CONTACTS = f"/List/{MASTER_LIST}/Contact"
IMPORTS = f"/List/{MASTER_LIST}/ListImport"
CONTACT = {"emailAddress": "new@example.com", "segmentationFieldValues": []}
PAGE = "<!DOCTYPE html><html><body><h1>Bad Gateway</h1></body></html>"
NESTED = "[" * 1000 + "]" * 1000


# --- paths and queries -----------------------------------------------------------------------------------------------


def test_a_public_client_s_slash_and_capital_booleans_are_taken(simulator: RunningSimulator) -> None:
    query = {"overrideUnsubscribe": "False", "subscribedByContact": "False", "sendDoubleOptIn": "False"}

    answer = simulator.call("POST", f"{CONTACTS}/", CONTACT, **query, updateType="Update")

    assert answer.status_code == 201
    assert simulator.call("GET", f"{CONTACTS}/new@example.com/").status_code == 200
    assert simulator.call("GET", "/List/").json() == simulator.call("GET", "/List").json()
    assert simulator.control("GET", "/calls")["by_route"]["POST /email/v1/List/{listId}/Contact"] == 1


def test_a_slash_at_the_end_may_be_an_unknown_route(simulator: RunningSimulator) -> None:
    simulator.settings(trailing_slash="unknown_route")

    answer = simulator.call("POST", f"{CONTACTS}/", CONTACT)

    assert (answer.status_code, answer.json()["error"]) == (404, "ERROR_UNKNOWN_ROUTE")


def test_capital_booleans_may_be_refused(simulator: RunningSimulator) -> None:
    simulator.settings(query_booleans="lower_case")

    refused = simulator.call("POST", CONTACTS, CONTACT, overrideUnsubscribe="False")

    assert (refused.status_code, refused.json()["error"]) == (400, "ERROR_INVALID_PARAMETER")
    assert simulator.call("POST", CONTACTS, CONTACT, overrideUnsubscribe="false").status_code == 201


# --- too many --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("retry_after", [0, 7])
def test_calls_above_the_rate_are_turned_away(simulator: RunningSimulator, retry_after: int) -> None:
    simulator.settings(rate_limit_per_second=1, rate_limit_retry_after=retry_after)

    def turned_away() -> Any:
        answers = [simulator.call("POST", CONTACTS, CONTACT) for _ in range(2)]
        return next((answer for answer in answers if answer.status_code == 429), None)

    answer = eventually(turned_away, what="two calls in one second")

    assert answer.json()["error"] == "ERROR_TOO_MANY_REQUESTS"
    assert answer.headers.get("retry-after") == (str(retry_after) if retry_after else None)
    entries = [entry for entry in simulator.journal("/Contact$") if entry["status"] == 429]
    assert {(entry["fault"], entry["handled"]) for entry in entries} == {("rate limit", False)}


def test_tokens_and_control_know_no_rate(simulator: RunningSimulator) -> None:
    simulator.settings(rate_limit_per_second=1)

    for _ in range(5):
        simulator.authorise()


# --- answers that are not Listrak's ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("effect", "status", "content_type", "text"),
    [
        ({"status": 502, "text": PAGE}, 502, "text/html; charset=utf-8", PAGE),
        ({"status": 200, "text": PAGE}, 200, "text/html; charset=utf-8", PAGE),
        ({"status": 200, "text": NESTED, "content_type": "application/json"}, 200, "application/json", NESTED),
        ({"status": 200, "body": {}}, 200, "application/json", "{}"),
        ({"status": 200, "body": []}, 200, "application/json", "[]"),
        ({"status": 200, "body": None}, 200, "application/json", "null"),
        ({"status": 200, "body": {"data": None}}, 200, "application/json", '{"data": null}'),
        ({"status": 200, "body": {"data": {"lists": [1]}}}, 200, "application/json", '{"data": {"lists": [1]}}'),
    ],
)
def test_a_fault_answers_in_any_shape(
    simulator: RunningSimulator, effect: dict[str, Any], status: int, content_type: str, text: str
) -> None:
    simulator.fault({"kind": "answer", **effect}, path="/List$", count=1)

    answer = simulator.call("GET", "/List")

    assert (answer.status_code, answer.headers["content-type"], answer.text) == (status, content_type, text)
    assert simulator.call("GET", "/List").json()["status"] == 200


@pytest.mark.parametrize(
    "effect",
    [{"status": 201, "body": {"status": 201}}, {"status": 500}, {"status": 502, "text": PAGE}],
    ids=["no id", "500", "a page"],
)
def test_an_import_is_taken_although_its_answer_does_not_say_so(
    simulator: RunningSimulator, effect: dict[str, Any]
) -> None:
    simulator.fault({"kind": "answer", "handle": True, **effect}, method="POST", path="/ListImport$", count=1)

    answer = simulator.call("POST", IMPORTS, import_body("new@example.com\n"))

    assert answer.status_code == effect["status"]
    assert "resourceId" not in answer.text
    [taken] = simulator.call("GET", IMPORTS).json()["data"]
    simulator.wait_for_import(taken["importFileId"])
    assert "new@example.com" in simulator.contacts()


def test_a_token_may_come_in_any_shape(simulator: RunningSimulator) -> None:
    simulator.fault({"kind": "answer", "status": 200, "body": {}}, path="/Token$", count=1)

    assert json.loads(simulator.token(client_id="a", client_secret="b").text) == {}


def test_an_effect_has_one_body(simulator: RunningSimulator) -> None:
    rule = {"effect": {"kind": "answer", "body": {}, "text": ""}}

    answer = simulator.http.post("/control/faults", json=rule)

    assert (answer.status_code, "not both" in answer.text) == (400, True)


def test_words_of_a_setting_are_as_many_as_there_are_states(simulator: RunningSimulator) -> None:
    answer = simulator.http.put("/control/settings", json={"import_status_words": "yes,no"})

    assert answer.status_code == 400
    assert "4 words" in answer.json()["problem"]
