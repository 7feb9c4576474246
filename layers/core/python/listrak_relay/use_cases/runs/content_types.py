"""Content types of what is written to the WorkBucket."""

from __future__ import annotations

JSON = "application/json"

PARQUET = "application/vnd.apache.parquet"

CSV = "text/csv; charset=utf-8"

TEXT = "text/plain"

OCTETS = "application/octet-stream"
BINARY = "application/octet-stream"
HTML = "text/html; charset=utf-8"
