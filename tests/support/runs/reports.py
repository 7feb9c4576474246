"""A report as a closed run leaves it, for tests of what is told of it."""

from __future__ import annotations

from typing import Any


def a_report(**changes: Any) -> dict[str, Any]:
    """A run that went well; ``changes`` replaces its parts."""
    return {
        "run_id": "email-0123456789abcdef",
        "status": "COMPLETED",
        "attention": [],
        "waited_seconds": 0,
        "problem_code": None,
        "problem": None,
        "destination": "email",
        "audience": "vip",
        "file": {
            "bucket": "drop",
            "key": "email/vip/people.csv",
            "version_id": "v1",
            "size": 52_000,
            "dropped_at": "2027-01-15T08:00:00Z",
        },
        "counts": {
            "read": 1_000,
            "accepted": 990,
            "refused": 1,
            "rejected": 2,
            "duplicates": 3,
            "skipped": 4,
            "dead_lettered": 0,
        },
        "balanced": True,
        "reasons": {"email_invalid": 2, "banned": 1, "previously_unsubscribed": 4},
        "chunks": [],
        "timeline": [
            {"at": "2027-01-15T08:00:00Z", "what": "dropped"},
            {"at": "2027-01-15T08:00:01.000Z", "what": "begun"},
            {"at": "2027-01-15T08:00:21.000Z", "what": "closed"},
        ],
        "opened_at": "2027-01-15T08:00:01.000Z",
        "closed_at": "2027-01-15T08:00:21.000Z",
        "seconds": 20.0,
        "notes": {"delimiter": ","},
        **changes,
    }
