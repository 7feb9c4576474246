"""Calls the SMS part of a running Listrak simulator."""

import base64
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

import httpx

from tests.support.listrak.simulator import SMS_CLIENT, RunningSimulator, running_simulator

SENDER_CODE = 55
MASTER_LIST, INACTIVE_LIST = 5501, 5502
SUBSCRIBED, UNSUBSCRIBED, PENDING = "17175550101", "17175550104", "17175550105"
OPTED_OUT, BANNED, SUSPENDED = "17175550106", "17175550108", "17175550109"
ON_ANOTHER_LIST, OPTED_OUT_STRANGER, BANNED_STRANGER = "17175550110", "17175550111", "17175550112"
STRANGER = "17175550150"
TIER, POINTS, VIP, LAST_ORDER, DISABLED_FIELD = 9001, 9002, 9003, 9004, 9005
_SECONDS_FOR_AN_IMPORT = 90
_POLL_SECONDS = 0.01


class SmsSimulator:
    """An HTTP client with a token of the SMS integration; paths are below the default sender code."""

    def __init__(self, running: RunningSimulator) -> None:
        self.running = running
        self.http = httpx.Client(base_url=f"{running.url}/sms/v1", timeout=30, trust_env=False)
        self.authorise()

    def authorise(self) -> None:
        token = self.running.token(**SMS_CLIENT).json()["access_token"]
        self.http.headers["authorization"] = f"Bearer {token}"

    def reset(self) -> None:
        self.running.reset()
        self.authorise()

    def settings(self, **changes: object) -> None:
        self.running.control("PUT", "/settings", changes)

    def seed(self, **sender_code: object) -> None:
        """Adds to the default sender code."""
        self.running.control("POST", "/seed", {"sms": {"sender_codes": [{"code": "71755", **sender_code}]}})

    def call(
        self, method: str, path: str = "", body: object = None, sender_code: object = SENDER_CODE, **query: str
    ) -> httpx.Response:
        return send(self.http, method, f"/ShortCode/{sender_code}{path}", body, params=query or None)

    def outcome(self, method: str, path: str, body: object = None, **query: str) -> tuple[int, str]:
        """Status and error code."""
        answer = self.call(method, path, body, **query)
        return answer.status_code, answer.json().get("error", "")

    def create(self, phone: str, list_id: int = MASTER_LIST, /, **properties: object) -> tuple[int, str]:
        return self.outcome("POST", f"/PhoneList/{list_id}/Contact", {"phoneNumber": phone, **properties})

    def update(self, phone: str, **properties: object) -> tuple[int, str]:
        return self.outcome("PUT", "/Contact", {"phoneNumber": phone, **properties})

    def subscribe(self, phone: str, list_id: int = MASTER_LIST) -> tuple[int, str]:
        return self.outcome("POST", f"/Contact/{phone}/PhoneList/{list_id}")

    def unsubscribe(self, phone: str, list_id: int = MASTER_LIST) -> tuple[int, str]:
        return self.outcome("DELETE", f"/ContactUnsubscribe/{phone}/PhoneList/{list_id}")

    def state(self, phone: str, list_name: str = "Master List") -> str | None:
        subscription = self.contacts()[phone]["lists"].get(list_name)
        return subscription["state"] if subscription else None

    def contacts(self) -> dict[str, dict[str, Any]]:
        """From the inside, by number."""
        return {each["phone"]: each for each in self.running.control("GET", f"/sms/{SENDER_CODE}/contacts")}

    def opt_outs(self) -> list[dict[str, Any]]:
        """From the inside, lifted ones too."""
        return [dict(each) for each in self.running.control("GET", f"/sms/{SENDER_CODE}/opt-outs")]

    def listed(self, list_id: int = MASTER_LIST, **query: str) -> list[str]:
        """The numbers on all pages of a list's contacts."""
        return self._numbers(f"/PhoneList/{list_id}/Contact", **query)

    def listed_opt_outs(self, **query: str) -> list[str]:
        return self._numbers("/OptOut", **query)

    def _numbers(self, path: str, **query: str) -> list[str]:
        numbers: list[str] = []
        cursor: str | None = "Start"
        while cursor is not None:
            answer = self.call("GET", path, cursor=cursor, **query).raise_for_status().json()
            numbers += [each["phoneNumber"] for each in answer["data"]]
            cursor = answer.get("nextPageCursor")
        return numbers

    def import_file(
        self, content: str, fields: Mapping[int, int] | None = None, /, **changes: object
    ) -> dict[str, Any]:
        """Import and wait for the end; returns what the inside tells of it."""
        started = self.call("POST", "/ContactImport", import_body(content, fields, **changes)).raise_for_status()
        self.wait_for_import(started.json()["resourceId"])
        imports: list[dict[str, Any]] = self.running.control("GET", f"/sms/{SENDER_CODE}/imports")
        return imports[-1]

    def wait_for_import(self, import_id: str) -> dict[str, Any]:
        deadline = time.monotonic() + _SECONDS_FOR_AN_IMPORT
        while time.monotonic() < deadline:
            status: dict[str, Any] = self.call("GET", f"/ContactImport/{import_id}").json()["data"]
            if status["endDate"]:
                return status
            time.sleep(_POLL_SECONDS)
        raise TimeoutError(f"import {import_id} did not end in {_SECONDS_FOR_AN_IMPORT} seconds")


def send(http: httpx.Client, method: str, path: str, body: object, **options: Any) -> httpx.Response:
    """With the content type that a POST needs, with a body or without one."""
    headers = {"content-type": "application/json"} if method == "POST" else {}
    return http.request(method, path, json=body, headers=headers, **options)


def import_body(content: str, fields: Mapping[int, int] | None = None, /, **changes: object) -> dict[str, object]:
    """An import of comma-separated ``content`` whose first column is the number; ``fields`` by column."""
    mappings: list[Mapping[str, object]] = [{"fileColumnType": "Phone", "segmentationFieldId": 0, "fileColumn": 0}]
    for column, field_id in (fields or {}).items():
        mapping = {"fileColumnType": "SegmentationField", "segmentationFieldId": field_id, "fileColumn": column}
        mappings.append(mapping)
    return {
        "fileName": "people.csv",
        "fileStream": base64.b64encode(content.encode()).decode(),
        "importType": "UpdateSubscribers",
        "hasColumnNames": False,
        "textQualifier": '"',
        "fileMappings": mappings,
        **changes,
    }


@contextmanager
def running_sms_simulator() -> Iterator[SmsSimulator]:
    with running_simulator() as running:
        simulator = SmsSimulator(running)
        with closing(simulator.http):
            yield simulator
