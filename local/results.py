"""A finished run's files, copied where a person can open them."""

from __future__ import annotations

import csv
import io
import itertools
import json
from dataclasses import dataclass
from pathlib import Path

from local.paths import ROOT
from local.relay_client import RelayClient, Report

KEPT_IN_MEMORY = 100  # rows turned away; the file has all


@dataclass(frozen=True, slots=True)
class TurnedAway:
    """A line of `rejects.csv` without the row itself, which is personal data."""

    row: str
    outcome: str
    reason: str
    column: str
    detail: str


@dataclass(frozen=True, slots=True)
class Results:
    folder: Path
    turned_away: list[TurnedAway]
    turned_away_count: int

    @property
    def shown_folder(self) -> Path:
        """As short as can be."""
        return self.folder.relative_to(ROOT) if self.folder.is_relative_to(ROOT) else self.folder


def fetch_results(client: RelayClient, report: Report, out: Path) -> Results:
    """Copy report, rejects, skipped and duplicates to ``out/<run>/``."""
    folder = out / report["run_id"]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    for name in ("rejects_key", "skipped_key", "duplicates_key"):
        if key := report.get(name):
            (folder / key.rsplit("/", 1)[-1]).write_bytes(client.read(key))
    rejects = folder / "rejects.csv"
    if not rejects.exists():
        return Results(folder, [], 0)
    with rejects.open(encoding="utf-8", newline="") as file:
        return _read(folder, file)


def _read(folder: Path, file: io.TextIOBase) -> Results:
    rows = csv.DictReader(file)
    first = [
        TurnedAway(row["row"], row["outcome"], row["reason"], row["column"], row["detail"])
        for row in itertools.islice(rows, KEPT_IN_MEMORY)
    ]
    return Results(folder, first, len(first) + sum(1 for _ in rows))
