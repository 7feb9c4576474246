"""Reports of closed runs lie where the simulator shows them."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from local.relay_client import RelayClient
from local.run_pages import RunPages


class Kept:
    """The WorkBucket's objects, by key."""

    def __init__(self, objects: dict[str, str]) -> None:
        self.objects = objects

    def read(self, key: str) -> bytes:
        if key not in self.objects:
            raise FileNotFoundError(key)
        return self.objects[key].encode()


def closed(run_id: str, **more: str) -> dict[str, object]:
    return {"detail-type": "Listrak Relay Run Closed", "detail": {"run_id": run_id, **more}}


def test_a_closed_run_has_its_report_its_files_and_the_list_of_runs(tmp_path: Path) -> None:
    kept = Kept(
        {
            "runs/email-1/report.json": "{}",
            "runs/email-1/report.html": "page",
            "runs/email-1/rejects.csv": "row",
            "runs/index.html": "list",
        }
    )

    pages = RunPages(cast("RelayClient", kept), tmp_path / "runs")
    pages.add(closed("email-1", rejects_key="runs/email-1/rejects.csv", skipped_key="runs/email-1/skipped.csv"))

    found = {str(path.relative_to(tmp_path)): path.read_text() for path in tmp_path.rglob("*") if path.is_file()}
    assert found == kept.objects


def test_what_an_earlier_stack_left_and_events_of_others_are_passed_over(tmp_path: Path) -> None:
    old = tmp_path / "runs" / "old"
    old.mkdir(parents=True)

    pages = RunPages(cast("RelayClient", Kept({})), tmp_path / "runs")
    for event in ({}, {"detail": "text"}, {"detail": {"bucket": "drop"}}):
        pages.add(event)

    assert list((tmp_path / "runs").iterdir()) == []
