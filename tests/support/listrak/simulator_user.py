"""What somebody else's test of their own Listrak client looks like, with nothing but the fixture and a library."""

A_TEST = """
import json
from urllib.parse import urlencode
from urllib.request import Request, urlopen


def send(url, token=None, body=None, form=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if body is not None:
        headers["Content-Type"] = "application/json"
    data = urlencode(form).encode() if form else json.dumps(body).encode() if body is not None else None
    with urlopen(Request(url, data, headers)) as answer:
        return json.load(answer)


def test_a_contact_is_created(listrak):
    form = {"grant_type": "client_credentials", **listrak.credentials("email")}
    token = send(listrak.auth_url, form=form)["access_token"]

    contact = {"emailAddress": "new@example.com", "segmentationFieldValues": []}
    send(f"{listrak.email_url}/List/345/Contact", token, contact)

    assert "new@example.com" in {contact["email"] for contact in listrak.contacts("Master List")}
    assert [entry["status"] for entry in listrak.journal("POST", "/Contact$")] == [201]


def test_each_test_finds_listrak_as_it_starts(listrak):
    assert "new@example.com" not in {contact["email"] for contact in listrak.contacts("Master List")}
    assert listrak.journal() == []


def test_faults_can_be_set(listrak):
    listrak.settings(latency_ms=1)
    listrak.fault({"kind": "answer", "status": 503}, path="/Token$")

    assert [rule["path"] for rule in listrak.faults()] == ["/Token$"]
"""
TESTS = 3
