"""The list of runs: an entry of each, and the page that is made of them anew at every close."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from listrak_relay.domain.report.index import index_page
from listrak_relay.domain.report.sentences import in_one_line, where
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.use_cases.runs.content_types import HTML, JSON

DAYS = 90
"""That a run is listed for; shorter where the WorkBucket forgets earlier."""

_TRIES = 3  # when others close runs meanwhile


def list_run(store: ObjectStore, report: Mapping[str, Any]) -> None:
    """Several runs may be closed at once: each puts its own entry first and then makes the page of all there are, once
    more if one has come meanwhile. Whoever is last sees all."""
    day = report["closed_at"][:10]
    store.put(keys.run_entry_key(day, report["run_id"]), json.dumps(_entry(report)).encode(), JSON)
    known = _known(store)
    known.pop(keys.run_entry_key(day, report["run_id"]), None)  # it may have been closed before
    oldest = keys.run_entry_key((date.fromisoformat(day) - timedelta(days=DAYS)).isoformat(), "")
    for _ in range(_TRIES):
        listed = [key for key in store.keys(keys.RUN_ENTRIES_PREFIX) if key >= oldest]
        entries = {key: known.get(key) or _load(store, key) for key in listed}
        store.put(keys.RUN_LIST_KEY, json.dumps(entries).encode(), JSON)
        newest_first = sorted(entries.values(), key=lambda entry: entry["closed_at"], reverse=True)
        store.put(keys.RUN_INDEX_KEY, index_page(newest_first).encode(), HTML)
        known = entries
        if all(key in known for key in store.keys(keys.RUN_ENTRIES_PREFIX) if key >= oldest):
            return


def _entry(report: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "run_id": report["run_id"],
        "status": report["status"],
        "where": where(report),
        "key": report["file"]["key"],
        "headline": in_one_line(report),
        "attention": len(report["attention"]),
        "counts": report["counts"],
        "closed_at": report["closed_at"],
        "seconds": report["seconds"],
    }


def _known(store: ObjectStore) -> dict[str, Any]:
    try:
        return dict(_load(store, keys.RUN_LIST_KEY))
    except (FileNotFoundError, ValueError):
        return {}


def _load(store: ObjectStore, key: str) -> Any:
    with store.open(key) as body:
        return json.load(body)
