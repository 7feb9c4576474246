"""Starts the Listrak simulator as the program it is and talks to it."""

import base64
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from typing import Any

import httpx

from listrak_simulator.starting import started

EMAIL_CLIENT = {"client_id": "simulated-email-client", "client_secret": "simulated-email-secret"}
PRIVACY_CLIENT = {"client_id": "simulated-privacy-client", "client_secret": "simulated-privacy-secret"}
SMS_CLIENT = {"client_id": "simulated-sms-client", "client_secret": "simulated-sms-secret"}
MASTER_LIST = 345
_SECONDS_FOR_AN_IMPORT = 90
_POLL_SECONDS = 0.01


class RunningSimulator:
    """An HTTP client of one simulator, with a token of its email integration."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx.Client(base_url=url, timeout=30, trust_env=False)
        self.authorise()

    def reset(self) -> None:
        """Back to the seed, with imports that end at once."""
        self.control("POST", "/reset")
        self.control("PUT", "/settings", {"import_processing_seconds": 0})
        self.authorise()

    def authorise(self) -> None:
        self.http.headers["authorization"] = f"Bearer {self.token(**EMAIL_CLIENT).json()['access_token']}"

    def token(self, **form: str) -> httpx.Response:
        return self.http.post("/OAuth2/Token", data={"grant_type": "client_credentials", **form})

    def control(self, method: str, path: str, body: object = None) -> Any:
        answer = self.http.request(method, f"/control{path}", json=body)
        answer.raise_for_status()
        return answer.json()

    def settings(self, **changes: object) -> None:
        self.control("PUT", "/settings", changes)

    def fault(self, effect: Mapping[str, Any], **rule: object) -> None:
        self.control("POST", "/faults", {**rule, "effect": effect})

    def call(self, method: str, path: str, body: object = None, **query: str) -> httpx.Response:
        """``path`` below ``/email/v1``."""
        return self.http.request(method, f"/email/v1{path}", json=body, params=query or None)

    def add_field(self, name: str, data_type: str, max_length: int = 40, list_id: int = MASTER_LIST) -> int:
        """A profile field in the group "Test fields", which is made when missing."""
        groups = self.call("GET", f"/List/{list_id}/SegmentationFieldGroup").json()["data"]
        known = {group["segmentationFieldGroupName"]: group["segmentationFieldGroupId"] for group in groups}
        group_id = known.get("Test fields") or self._created(
            f"/List/{list_id}/SegmentationFieldGroup", {"segmentationFieldGroupName": "Test fields", "position": 9}
        )
        field = {"segmentationFieldName": name, "dataType": data_type, "maxLength": max_length, "position": 1}
        return self._created(f"/List/{list_id}/SegmentationFieldGroup/{group_id}/SegmentationField", field)

    def _created(self, path: str, body: object) -> int:
        return int(self.call("POST", path, body).raise_for_status().json()["resourceId"])

    def import_file(
        self, content: str, fields: Mapping[int, int] | None = None, list_id: int = MASTER_LIST, **changes: object
    ) -> dict[str, int]:
        """Import and wait for the end; returns the Summary. ``fields`` maps columns to profile field ids."""
        body = import_body(content, fields, **changes)
        import_id = self._created(f"/List/{list_id}/ListImport", body)
        self.wait_for_import(import_id, list_id)
        summary: dict[str, int] = self.call("GET", f"/List/{list_id}/ListImport/{import_id}/Summary").json()["data"]
        return {name: count for name, count in summary.items() if count}

    def wait_for_import(self, import_id: int, list_id: int = MASTER_LIST) -> dict[str, Any]:
        """Returns the final Status."""
        deadline = time.monotonic() + _SECONDS_FOR_AN_IMPORT
        while time.monotonic() < deadline:
            status: dict[str, Any]
            status = self.call("GET", f"/List/{list_id}/ListImport/{import_id}/Status").json()["data"]
            if status["endDate"]:
                return status
            time.sleep(_POLL_SECONDS)
        raise TimeoutError(f"import {import_id} did not end in {_SECONDS_FOR_AN_IMPORT} seconds")

    def contacts(self, list_id: int = MASTER_LIST) -> dict[str, dict[str, Any]]:
        """By address."""
        return {each["email"]: each for each in self.control("GET", f"/lists/{list_id}/contacts")}

    def journal(self, path: str = "") -> list[dict[str, Any]]:
        answer = self.http.get("/control/journal", params={"path": path}).json()
        return [dict(entry) for entry in answer]


def import_body(content: str, fields: Mapping[int, int] | None = None, /, **changes: object) -> dict[str, object]:
    """A request body for an import of comma-separated ``content`` whose first column is the address."""
    mappings: list[Mapping[str, object]] = [{"fileColumn": 0, "fileColumnType": "Email"}]
    for column, field_id in (fields or {}).items():
        mapping = {"fileColumn": column, "fileColumnType": "SegmentationField", "segmentationFieldId": field_id}
        mappings.append(mapping)
    return {
        "fileDelimiter": ",",
        "fileMappings": mappings,
        "fileName": "people.csv",
        "fileStream": base64.b64encode(content.encode()).decode(),
        "hasColumnNames": False,
        "importType": "AddSubscribersAndSegmentationData",
        "segmentationImportType": "Update",
        "suppressEmailNotifications": True,
        "textQualifier": '"',
        **changes,
    }


@contextmanager
def running_simulator(*arguments: str) -> Iterator[RunningSimulator]:
    """The program on a free port, ended with the block."""
    with started(*arguments) as url:
        simulator = RunningSimulator(url)
        with closing(simulator.http):
            yield simulator


def addresses_of(answers: Sequence[Mapping[str, Any]]) -> list[str]:
    return [answer["emailAddress"] for answer in answers]
