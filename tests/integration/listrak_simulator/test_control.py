"""Tokens, faults, the journal, seeds and the pages of the simulator."""

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.listrak.simulator import (
    EMAIL_CLIENT,
    MASTER_LIST,
    SMS_CLIENT,
    RunningSimulator,
    import_body,
    running_simulator,
)
from tests.support.paths import SIMULATOR
from tests.support.waiting import LEAST_SECONDS

IMPORTS = f"/List/{MASTER_LIST}/ListImport"


def fault(simulator: RunningSimulator, kind: str, *, nth: int = 1, count: int | None = 1, **effect: Any) -> str:
    """A rule for the calls that start imports."""
    rule = {"method": "POST", "path": "/ListImport$", "nth": nth, "count": count, "effect": {"kind": kind, **effect}}
    return str(simulator.control("POST", "/faults", rule)["id"])


def start_import(simulator: RunningSimulator, **options: Any) -> httpx.Response:
    body = import_body("new@example.com\n")
    return simulator.http.post(f"/email/v1{IMPORTS}", json=body, **options)


def imports(simulator: RunningSimulator) -> int:
    return len(simulator.call("GET", IMPORTS).json()["data"])


def test_a_token_answer_tells_its_type_and_lifetime(simulator: RunningSimulator) -> None:
    answer = simulator.token(**EMAIL_CLIENT)

    assert answer.status_code == 200
    assert {**answer.json(), "access_token": ""} == {"access_token": "", "token_type": "bearer", "expires_in": 3599}


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({**EMAIL_CLIENT, "client_secret": "wrong"}, "ERROR_INVALID_CREDENTIALS"),
        ({**EMAIL_CLIENT, "client_id": "wrong"}, "ERROR_INVALID_CREDENTIALS"),
        ({}, "ERROR_INVALID_CREDENTIALS"),
        ({**EMAIL_CLIENT, "grant_type": "password"}, "ERROR_INVALID_PARAMETER"),
    ],
)
def test_wrong_credentials_get_no_token(simulator: RunningSimulator, form: dict[str, str], code: str) -> None:
    answer = simulator.token(**form)

    assert answer.status_code == 400
    assert {**answer.json(), "message": ""} == {"status": 400, "error": code, "message": ""}


def test_a_token_request_must_be_a_form(simulator: RunningSimulator) -> None:
    assert simulator.http.post("/OAuth2/Token", json=EMAIL_CLIENT).status_code == 415


def test_a_token_of_another_integration_is_not_enough(simulator: RunningSimulator) -> None:
    token = simulator.token(**SMS_CLIENT).json()["access_token"]

    answer = simulator.http.get("/email/v1/List", headers={"authorization": f"Bearer {token}"})

    assert (answer.status_code, answer.json()["error"]) == (401, "ERROR_UNAUTHORIZED")


def test_expired_and_revoked_tokens_are_refused(simulator: RunningSimulator) -> None:
    assert simulator.control("DELETE", "/tokens")["expired"] >= 1
    assert simulator.call("GET", "/List").status_code == 401

    simulator.control("PUT", "/settings", {"token_lifetime_seconds": 0})
    simulator.authorise()
    assert simulator.call("GET", "/List").status_code == 401


def test_clients_can_be_rotated_and_paused(simulator: RunningSimulator) -> None:
    rotated = {"client_id": EMAIL_CLIENT["client_id"], "client_secret": "next"}
    simulator.control("PUT", "/clients", [rotated])

    assert simulator.token(**EMAIL_CLIENT).status_code == 400
    assert simulator.token(**rotated).status_code == 200
    assert simulator.call("GET", "/List").status_code == 200

    simulator.control("PUT", "/clients", [{**rotated, "paused": True}])

    assert simulator.token(**rotated).status_code == 400
    assert simulator.call("GET", "/List").status_code == 401


def test_a_fault_can_answer_instead(simulator: RunningSimulator) -> None:
    fault(simulator, "answer", status=429, error="ERROR_TOO_MANY_REQUESTS", headers={"Retry-After": "2"}, nth=2)

    answers = [start_import(simulator) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 429, 201]
    assert answers[1].headers["retry-after"] == "2"
    assert answers[1].json()["error"] == "ERROR_TOO_MANY_REQUESTS"
    assert imports(simulator) == 2


def test_a_fault_can_hide_an_effect_behind_an_error(simulator: RunningSimulator) -> None:
    fault(simulator, "answer", status=500, handle=True)

    assert start_import(simulator).status_code == 500
    assert imports(simulator) == 1


@pytest.mark.parametrize(("handle", "made"), [(False, 0), (True, 1)])
def test_a_fault_can_drop_the_connection_with_or_without_effect(
    simulator: RunningSimulator, handle: bool, made: int
) -> None:
    fault(simulator, "drop", handle=handle)

    with pytest.raises(httpx.TransportError):
        start_import(simulator)

    assert imports(simulator) == made
    [entry] = simulator.journal("ListImport$")[:1]
    assert (entry["status"], entry["fault"], entry["handled"]) == (None, "fault-" + entry["fault"][6:], handle)


def test_a_fault_can_stall(simulator: RunningSimulator) -> None:
    fault(simulator, "stall", seconds=30)

    with pytest.raises(httpx.ReadTimeout):
        start_import(simulator, timeout=0.3)

    assert imports(simulator) == 1
    assert start_import(simulator).status_code == 201


def test_a_fault_can_cut_an_answer_short(simulator: RunningSimulator) -> None:
    fault(simulator, "truncate")

    with pytest.raises(httpx.RemoteProtocolError):
        start_import(simulator)

    assert imports(simulator) == 1


def test_a_fault_by_chance_repeats_itself(simulator: RunningSimulator) -> None:
    def outcomes() -> list[int]:
        simulator.control("DELETE", "/faults")
        rule = {"path": "/List$", "probability": 0.5, "seed": 7, "effect": {"kind": "answer", "status": 503}}
        simulator.control("POST", "/faults", rule)
        return [simulator.call("GET", "/List").status_code for _ in range(20)]

    first = outcomes()

    assert set(first) == {200, 503}
    assert outcomes() == first


def test_faults_can_be_listed_and_removed(simulator: RunningSimulator) -> None:
    rule_id = fault(simulator, "answer", count=None)
    start_import(simulator)

    assert [(rule["id"], rule["hits"]) for rule in simulator.control("GET", "/faults")] == [(rule_id, 1)]
    simulator.control("DELETE", f"/faults/{rule_id}")
    assert start_import(simulator).status_code == 201
    assert simulator.http.delete("/control/faults/none").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body", "told"),
    [
        ("POST", "/faults", {"effect": {"kind": "explode"}}, "answer, drop, stall, truncate"),
        ("POST", "/faults", {"effects": {}}, "unknown key 'effects'"),
        ("POST", "/faults", {"path": "(", "effect": {"kind": "drop"}}, "not a regular expression"),
        ("POST", "/faults", {}, "needs an `effect`"),
        ("PUT", "/settings", {"latency": 5}, "latency_ms"),
        ("PUT", "/settings", {"latency_ms": "5"}, "must be a float"),
        ("PUT", "/settings", {"next_page_cursor": "number"}, "'value' or 'uri'"),
        ("PUT", "/clients", [{"id": 1}], "client_id"),
        ("POST", "/seed", {"people": []}, "clients, lists, settings"),
        ("POST", "/seed", {"lists": [{"list_name": "X", "contact": []}]}, "unknown key 'contact'"),
        ("POST", "/seed", {"lists": [{"list_name": "X", "contacts": [{"email": "a", "state": "Gone"}]}]}, "Gone"),
        ("GET", "/lists/999/contacts", None, "345 (Master List)"),
    ],
)
def test_a_wrong_control_request_is_told_what_is_wrong(
    simulator: RunningSimulator, method: str, path: str, body: object, told: str
) -> None:
    answer = simulator.http.request(method, f"/control{path}", json=body)

    assert answer.status_code in {400, 404}
    assert told in answer.json()["problem"]


def test_calls_are_counted_by_kind_and_route(simulator: RunningSimulator) -> None:
    simulator.control("DELETE", "/journal")
    simulator.token(**EMAIL_CLIENT)
    simulator.call("GET", f"/List/{MASTER_LIST}/Contact/ada@example.com")
    start_import(simulator)

    calls = simulator.control("GET", "/calls")

    assert calls == {
        "tokens": 1,
        "reads": 1,
        "writes": 1,
        "by_route": {
            "GET /email/v1/List/{listId}/Contact/{contactIdentifier}": 1,
            "POST /OAuth2/Token": 1,
            "POST /email/v1/List/{listId}/ListImport": 1,
        },
    }


def test_the_journal_shows_requests_without_secrets(simulator: RunningSimulator) -> None:
    simulator.call("GET", "/List", colour="red")

    token_entry, call = simulator.journal()[-2:]

    assert token_entry["body"] == {"grant_type": "client_credentials", "client_id": EMAIL_CLIENT["client_id"]}
    assert (call["method"], call["path"], call["query"], call["status"]) == (
        "GET",
        "/email/v1/List",
        [["colour", "red"]],
        200,
    )


def test_latency_is_added_to_each_call(simulator: RunningSimulator) -> None:
    simulator.control("PUT", "/settings", {"latency_ms": 80})
    started = time.monotonic()

    simulator.call("GET", "/List")

    assert time.monotonic() - started >= 0.08


def test_a_reset_brings_the_seed_back(simulator: RunningSimulator) -> None:
    simulator.import_file("new@example.com\n")
    simulator.add_field("vip", "CheckBox")
    fault(simulator, "drop")

    simulator.reset()

    state = simulator.control("GET", "/state")
    assert (state["lists"][0]["contacts"], state["lists"][0]["imports"], state["faults"]) == (5, {}, [])


def test_a_seed_adds_lists_fields_and_contacts(simulator: RunningSimulator) -> None:
    fields = [{"name": "Tier", "data_type": "Text", "max_length": 10}]
    contacts = [{"email": "eve@example.com", "state": "Unsubscribed", "values": {"Tier": "gold"}, "external_id": "9"}]
    planted = {
        "list_name": "Loyalty",
        "groups": [{"name": "Shop", "fields": fields}],
        "contacts": contacts,
        "generated_contacts": {"count": 10, "unsubscribed": 4},
        "banned": ["No@example.com"],
    }

    state = simulator.control("POST", "/seed", {"lists": [planted]})

    loyalty = state["lists"][-1]
    assert (loyalty["subscribed"], loyalty["unsubscribed"], loyalty["banned"]) == (6, 5, 1)
    contact = simulator.contacts(loyalty["list_id"])["eve@example.com"]
    assert (contact["values"], contact["external_id"]) == ({"Tier": "gold"}, "9")
    [field] = simulator.control("GET", "/lists/Loyalty/fields")
    assert (field["group"], field["name"], field["data_type"], field["filled"]) == ("Shop", "Tier", "Text", 1)


def test_the_program_starts_from_a_seed_file(tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    client = {**EMAIL_CLIENT, "integration": "email"}
    seed.write_text(json.dumps({"clients": [client], "lists": [{"list_id": 7, "list_name": "Only"}]}), "utf-8")

    with running_simulator("--seed", str(seed)) as simulator:
        at_start = simulator.call("GET", "/List").json()["data"]
        simulator.reset()
        after_reset = simulator.call("GET", "/List").json()["data"]

        for lists in (at_start, after_reset):
            assert [(each["listId"], each["listName"]) for each in lists] == [(7, "Only")]


def test_a_wrong_seed_file_stops_the_program_with_a_reason(tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    seed.write_text('{"list": []}', "utf-8")

    ended = subprocess.run(
        [sys.executable, "-m", "listrak_simulator", "--seed", str(seed)],
        cwd=SIMULATOR,
        capture_output=True,
        text=True,
        check=False,
        timeout=LEAST_SECONDS,
    )

    assert ended.returncode == 2
    assert "unknown key 'list' in the seed; the known ones are clients, lists, settings" in ended.stderr


def test_the_pages_show_lists_imports_and_contacts(simulator: RunningSimulator) -> None:
    simulator.import_file("new@example.com,<b>Nia</b>\nbanned@example.com\n", {1: 12001}, fileName="spring.csv")

    home, one, found, rows = (
        simulator.http.get(path).raise_for_status().text
        for path in (
            "/",
            f"/lists/{MASTER_LIST}",
            f"/lists/{MASTER_LIST}?search=CLEO&state=Subscribed&page=9",
            f"/lists/{MASTER_LIST}/imports/500001?result=Banned",
        )
    )

    assert "Master List" in home
    assert "Newsletter" in home
    assert "spring.csv" in one
    assert "&lt;b&gt;Nia&lt;/b&gt;" in one
    assert "cleo@example.com" in found
    assert "ada@example.com" not in found
    assert "banned@example.com" in rows
    assert "new@example.com" not in rows
    assert simulator.http.get("/lists/9").status_code == 404
