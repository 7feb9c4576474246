"""Our table of what Listrak publishes against its documents, and the simulator against what the table leaves out.

Where the documents are not at hand these are the only tests that are skipped for it.
"""

from __future__ import annotations

import re

import pytest

from listrak_simulator.email_api.routes import routes as email_routes
from listrak_simulator.privacy_api.routes import routes as privacy_routes
from listrak_simulator.sms_api.routes import routes as sms_routes
from tests.support.listrak.contract.document import Document, listrak_document
from tests.support.listrak.contract.facts import Facts, facts_of
from tests.support.listrak.contract.published_api import not_located
from tests.support.listrak.simulator import EMAIL_CLIENT, PRIVACY_CLIENT, SMS_CLIENT, RunningSimulator

AN_ID = {"listId": "345", "senderCodeId": "55", "phoneListId": "5501"}

Pairs = list[tuple[Facts, Document]]


@pytest.fixture(scope="module")
def both() -> Pairs:
    """Table and document of each API."""
    return [(facts_of(api), listrak_document(api)) for api in ("email", "sms", "privacy")]


def test_the_table_says_what_the_documents_say(both: Pairs) -> None:
    for facts, document in both:
        assert list(facts.operations) == [document.operation(each.method, each.template) for each in facts.operations]
        assert {name: document.shape(name) for name in facts.shapes} == facts.shapes
        assert facts.statuses == document.statuses
        assert facts.codes <= document.codes


def test_every_operation_of_the_table_takes_and_answers_json(both: Pairs) -> None:
    for facts, document in both:
        definitions = [document.definitions[each.method, each.template] for each in facts.operations]

        assert {kind for each in definitions for kind in each["produces"]} == {"application/json"}
        assert {kind for each in definitions for kind in each.get("consumes", [])} == {"application/json"}


def test_the_message_of_an_unknown_id_is_the_published_one(both: Pairs) -> None:
    published = [
        (each.path_parameters, answer["examples"]["application/json"]["message"])
        for facts, document in both
        for each in facts.operations
        if (answer := document.definitions[each.method, each.template]["responses"].get("404"))
    ]

    assert len(published) > 30
    assert [message for _, message in published] == [not_located(names) for names, _ in published]


def test_every_route_of_the_simulator_is_published(both: Pairs) -> None:
    for routes, (_, document) in zip((email_routes, sms_routes, privacy_routes), both, strict=True):
        own = {(method, route.path) for route in routes for method in route.methods or () if method != "HEAD"}

        assert own <= document.definitions.keys()


def test_published_operations_that_are_left_out_are_unknown_routes(both: Pairs, simulator: RunningSimulator) -> None:
    for client, (facts, document) in zip((EMAIL_CLIENT, SMS_CLIENT, PRIVACY_CLIENT), both, strict=True):
        token = simulator.token(**client).json()["access_token"]
        simulator.http.headers["authorization"] = f"Bearer {token}"
        for method, template in document.definitions.keys() - {
            (each.method, each.template) for each in facts.operations
        }:
            path = re.sub(r"{(\w+)}", lambda found: AN_ID.get(found[1], "1"), template)
            answer = simulator.http.request(method, path)

            assert (answer.status_code, answer.json()["error"]) == (404, "ERROR_UNKNOWN_ROUTE"), (method, path)
