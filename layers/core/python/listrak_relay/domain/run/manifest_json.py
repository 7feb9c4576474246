"""A run's manifest as JSON and back."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from listrak_relay.domain.destinations.destinations import (
    Channel,
    ColumnRole,
    Destination,
    MissingOptStatus,
    MissingProfileFields,
    Mode,
    PhoneFormat,
)
from listrak_relay.domain.destinations.feed_settings import FeedSettings
from listrak_relay.domain.run.manifest import Action, Chunk, FieldType, Part, ProfileColumn, RunManifest
from listrak_relay.domain.run.runs import DroppedFile


def manifest_to_json(manifest: RunManifest) -> bytes:
    """Without the data template, what the files look like and when they are expected: no later step asks for these."""
    values = asdict(manifest)
    for used_up in ("data_template", "file", "expected_by"):
        del values["destination"][used_up]
    return json.dumps(values, separators=(",", ":")).encode()


def manifest_from_json(body: bytes) -> RunManifest:
    values: dict[str, Any] = json.loads(body)
    destination = values["destination"]
    return RunManifest(
        run_id=values["run_id"],
        source=DroppedFile(**values["source"]),
        destination=Destination(
            **{
                **destination,
                "channel": Channel(destination["channel"]),
                "mode": Mode(destination["mode"]),
                "missing_opt_status": MissingOptStatus(destination["missing_opt_status"]),
                "phone_format": PhoneFormat(destination["phone_format"]),
                "missing_profile_fields": MissingProfileFields(destination["missing_profile_fields"]),
                "event_ids": tuple(destination["event_ids"]),
                "feed": FeedSettings.from_dict(destination["feed"]) if destination["feed"] else None,
            }
        ),
        audience=values["audience"],
        columns=tuple(_column(column) for column in values["columns"]),
        chunks=tuple(Chunk(**{**c, "action": Action(c["action"])}) for c in values["chunks"]),
        rows_read=values["rows_read"],
        rejected=values["rejected"],
        duplicates=values["duplicates"],
        reasons=values["reasons"],
        notes=values["notes"],
        parts=tuple(Part(**part) for part in values["parts"]),
    )


def _column(values: dict[str, Any]) -> ProfileColumn:
    return ProfileColumn(**{**values, "data_type": FieldType(values["data_type"]), "role": ColumnRole(values["role"])})
