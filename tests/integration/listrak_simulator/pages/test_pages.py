"""What a person finds on the simulator's pages about audiences and people, and what the switches do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from listrak_simulator.pages.switches import CALLS, EFFECTS, TIMES, descriptions
from listrak_simulator.settings import Settings
from tests.support.listrak.simulator import MASTER_LIST, RunningSimulator

if TYPE_CHECKING:
    from tests.support.listrak.sms_simulator import SmsSimulator

TAGS = re.compile(r"<[^>]*>")


def page(simulator: RunningSimulator, path: str, **query: str) -> str:
    """The text that is read on it."""
    answer = simulator.http.get(path, params=query)
    assert answer.status_code == 200
    main = answer.text.partition("<main>")[2].partition("</main>")[0]
    return " ".join(TAGS.sub(" ", main).split())


def switch(simulator: RunningSimulator, action: str, **form: str) -> int:
    return simulator.http.post(f"/switches/{action}", data=form).status_code


# --- audiences and people --------------------------------------------------------------------------------------------


def test_contacts_are_filtered_by_their_audience(simulator: RunningSimulator) -> None:
    vip, colour = simulator.add_field("vip", "CheckBox", 3), simulator.add_field("Colour", "Text")
    simulator.import_file("ada@example.com,on,blue\nben@example.com,off,\n", {1: vip, 2: colour})

    members = page(simulator, f"/lists/{MASTER_LIST}", field=str(vip))
    coloured = page(simulator, f"/lists/{MASTER_LIST}", field=str(colour))
    found = page(simulator, f"/lists/{MASTER_LIST}", field=str(vip), search="ben")

    assert "ada@example.com" in members
    assert "ben@example.com" not in members
    assert "ada@example.com" in coloured
    assert "ben@example.com" not in coloured
    assert "No contact matches" in found


def test_a_person_s_page_tells_lists_values_and_imports(simulator: RunningSimulator) -> None:
    simulator.import_file("new@example.com\nADA@example.com\n", fileName="first.csv")
    simulator.import_file("opted.out@example.com\n", fileName="second.csv")

    ada = page(simulator, "/people", who="Ada@Example.com")

    assert "Master List" in ada
    assert "Newsletter" in ada
    assert "First Name Ada" in ada
    assert "first.csv" in ada
    assert "2 AlreadySubscribed" in ada
    assert "second.csv" not in ada
    assert "PreviouslyUnsubscribed" in page(simulator, "/people", who="opted.out@example.com")
    assert "banned" in page(simulator, "/people", who="banned@example.com")
    assert "Nobody here" in page(simulator, "/people", who="stranger@example.com")


def test_a_person_s_page_tells_phone_lists_and_opt_outs(sms_simulator: SmsSimulator) -> None:
    sms_simulator.subscribe("17175550106")

    opted_out = page(sms_simulator.running, "/people", who="+1 (717) 555-0106")

    assert "Master List Subscribed" in opted_out
    assert "opted out: " in opted_out
    assert "lifted by subscribe" in opted_out
    assert "no contact of the sender code" in page(sms_simulator.running, "/people", who="7175550111")


def test_a_number_and_its_address_are_one_person(sms_simulator: SmsSimulator) -> None:
    sms_simulator.update("17175550101", emailAddress="ada@example.com")

    for who in ("ada@example.com", "17175550101"):
        found = page(sms_simulator.running, "/people", who=who)

        assert "Newsletter" in found
        assert "+17175550101" in found


# --- switches --------------------------------------------------------------------------------------------------------


def test_a_fault_is_switched_on_and_off(simulator: RunningSimulator) -> None:
    form = {"call": "email: read contacts", "effect": "502 with an HTML page", "times": "once"}
    assert switch(simulator, "faults", **form) == 303

    assert "email: read contacts answer 502" in page(simulator, "/switches")
    assert simulator.call("GET", f"/List/{MASTER_LIST}/Contact").status_code == 502
    assert simulator.call("GET", f"/List/{MASTER_LIST}/Contact").status_code == 200
    assert "1 of 1" in page(simulator, "/switches")

    [rule] = simulator.control("GET", "/faults")
    assert switch(simulator, "faults/remove", fault=rule["id"]) == 303
    assert "No fault is on" in page(simulator, "/switches")


def test_all_faults_are_switched_off_at_once(simulator: RunningSimulator) -> None:
    for effect in ("500", "401"):
        switch(simulator, "faults", call="every call", effect=effect, times="until switched off")

    switch(simulator, "faults/remove")

    assert simulator.control("GET", "/faults") == []


@pytest.mark.parametrize("effect", EFFECTS)
def test_every_effect_can_be_switched_on_for_any_call(simulator: RunningSimulator, effect: str) -> None:
    for call in CALLS:
        for times in TIMES:
            assert switch(simulator, "faults", call=call, effect=effect, times=times) == 303


def test_what_is_no_switch_is_refused(simulator: RunningSimulator) -> None:
    assert switch(simulator, "faults", call="every call", effect="thunder", times="once") == 400
    assert switch(simulator, "settings", latency_ms="long") == 400
    assert switch(simulator, "settings", next_page_cursor="number") == 400


def test_settings_are_shown_and_changed(simulator: RunningSimulator) -> None:
    form = {"latency_ms": "1.5", "failing_imports": "true", "next_page_cursor": "uri", "import_name_length": "7"}
    assert switch(simulator, "settings", **form) == 303

    changed = simulator.control("GET", "/settings")
    assert {name: changed[name] for name in form} == {
        "latency_ms": 1.5,
        "failing_imports": True,
        "next_page_cursor": "uri",
        "import_name_length": 7,
    }
    assert "latency_ms changed" in page(simulator, "/switches")


def test_every_setting_says_what_it_does() -> None:
    assert descriptions().keys() == vars(Settings()).keys()
    assert all(descriptions().values())
