"""Time that a test lets pass in the simulator."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

import pytest

from tests.support.listrak.simulator import MASTER_LIST, RunningSimulator, import_body

AN_HOUR = 3600


def test_an_import_of_an_hour_ends_when_the_hour_is_over(simulator: RunningSimulator) -> None:
    simulator.settings(import_processing_seconds=AN_HOUR)
    path = f"/List/{MASTER_LIST}/ListImport"
    import_id = int(simulator.call("POST", path, import_body("new@example.com\n")).json()["resourceId"])
    assert simulator.call("GET", f"{path}/{import_id}/Status").json()["data"]["status"] == "DataUploaded"

    simulator.control("PUT", "/clock", {"ahead_seconds": AN_HOUR})
    simulator.authorise()

    assert simulator.wait_for_import(import_id)["status"] == "ProcessingCompleted"


def test_tokens_end_and_lags_pass(simulator: RunningSimulator) -> None:
    simulator.settings(contact_lag_seconds=AN_HOUR, token_lifetime_seconds=60)
    simulator.authorise()
    contacts = f"/List/{MASTER_LIST}/Contact"
    simulator.call("POST", contacts, {"emailAddress": "new@example.com", "segmentationFieldValues": []})
    assert simulator.call("GET", f"{contacts}/new@example.com").status_code == 404

    simulator.control("PUT", "/clock", {"ahead_seconds": AN_HOUR})

    assert simulator.call("GET", f"{contacts}/new@example.com").status_code == 401
    simulator.authorise()
    assert simulator.call("GET", f"{contacts}/new@example.com").status_code == 200


def test_a_reset_sets_the_clock_and_nothing_else_turns_it_back(simulator: RunningSimulator) -> None:
    simulator.control("PUT", "/clock", {"ahead_seconds": AN_HOUR})

    for wrong in (0, -1, "soon", None, True):
        assert simulator.http.put("/control/clock", json={"ahead_seconds": wrong}).status_code == 400

    simulator.reset()
    assert simulator.control("GET", "/clock")["ahead_seconds"] == pytest.approx(0)


def test_answers_bear_the_simulators_time(simulator: RunningSimulator) -> None:
    simulator.control("PUT", "/clock", {"ahead_seconds": AN_HOUR})

    answer = simulator.http.get("/control/clock")

    assert parsedate_to_datetime(answer.headers["date"]).timestamp() == pytest.approx(answer.json()["now"], abs=2)
    assert len(answer.headers.get_list("date")) == 1
