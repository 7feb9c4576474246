"""Reports of the stack's runs as files on this machine, for the simulator's pages."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from listrak_relay.domain.run.work_keys import RUN_INDEX_KEY, report_key, report_page_key
from local.relay_client import RelayClient

_FILES = ("rejects_key", "skipped_key", "warnings_key", "duplicates_key")


class RunPages:
    """``folder`` is emptied first, and then has what the WorkBucket has below `runs/` for people."""

    def __init__(self, client: RelayClient, folder: Path) -> None:
        self._client, self._folder = client, folder
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)

    def add(self, event: Mapping[str, Any]) -> None:
        """``event``: that a run was closed, as EventBridge has it; any other is passed over."""
        detail = event.get("detail")
        if not isinstance(detail, Mapping) or "run_id" not in detail:
            return
        run_id = str(detail["run_id"])
        listed = [str(detail[name]) for name in _FILES if detail.get(name)]
        # The list last: what it leads to is there.
        for key in (report_key(run_id), report_page_key(run_id), *listed, RUN_INDEX_KEY):
            self._copy(key)

    def _copy(self, key: str) -> None:
        try:
            content = self._client.read(key)
        except FileNotFoundError:
            return  # such as the rejects of a run that turned no row away
        target = self._folder / key.partition("/")[2]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
