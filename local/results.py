"""A finished run's files, copied where a person can open them."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path

from listrak_relay.domain.report.page import taken_away
from listrak_relay.domain.run.work_keys import report_page_key
from local.paths import shown
from local.relay_client import RelayClient, Report

KEPT_ROWS = 20  # row numbers for each reason; the file has all


@dataclass(slots=True)
class TurnedAway:
    """Lines of `rejects.csv` or `skipped.csv` with one reason, without the rows themselves, which are personal data."""

    outcome: str
    reason: str
    column: str
    detail: str
    count: int = 0
    rows: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Results:
    """``turned_away``: what was not sent before what was left alone, each with the most frequent reason first."""

    folder: Path
    turned_away: list[TurnedAway]

    @property
    def shown_folder(self) -> Path:
        return shown(self.folder)


def fetch_results(client: RelayClient, report: Report, out: Path) -> Results:
    """Copy report, rejects, skipped, warnings and duplicates to ``out/<run>/``."""
    folder = out / report["run_id"]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    page = client.read(report_page_key(report["run_id"])).decode()
    (folder / "report.html").write_text(taken_away(page, files=True), encoding="utf-8")
    for name in ("rejects_key", "skipped_key", "warnings_key", "duplicates_key"):
        if key := report.get(name):
            (folder / key.rsplit("/", 1)[-1]).write_bytes(client.read(key))
    files = [folder / "rejects.csv", folder / "skipped.csv"]
    return Results(folder, [group for file in files if file.exists() for group in read_turned_away(file)])


def read_turned_away(rejects: Path) -> list[TurnedAway]:
    found: dict[tuple[str, str, str, str], TurnedAway] = {}
    with rejects.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            what = (line["outcome"], line["reason"], line["column"], line["detail"])
            group = found.setdefault(what, TurnedAway(*what))
            group.count += 1
            if len(group.rows) < KEPT_ROWS:
                group.rows.append(line["row"])
    return sorted(found.values(), key=lambda group: -group.count)
