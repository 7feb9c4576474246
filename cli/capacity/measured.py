"""What work takes, as it was measured: the one table of figures that a night is computed from.

`make bench ARGS=planning` prints them; its seconds are those of two cores of an AMD EPYC with the emulator of AWS on
the same cores, which is slower than AWS for a small call. GB-seconds of SMS are its seconds by the 1,024 MB that its
function has since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MEASURED_BY = (
    "make bench ARGS=planning, seconds of 2026-11-29, writes to the ledger of 2026-11-30, two cores of an AMD EPYC, "
    "other work on the machine"
)

Amounts = Mapping[str, float]
"""By the names of `costs.COUNTERS`."""


@dataclass(frozen=True, slots=True)
class Work:
    """``amounts`` that AWS charges for; ``seconds`` of each function, by its name in the template."""

    amounts: Amounts
    seconds: Mapping[str, float] = field(default_factory=dict)


EMAIL_RUN = Work(
    {
        "gb_seconds": 5.78,
        "invocations": 6,
        "write_units": 46,
        "read_units": 42,
        "sqs_requests": 14,
        "s3_writes": 29,
        "s3_reads": 50,
        "secrets_read": 2,
        "notices": 2,
    },
    {"IngestAudience": 0.905, "DeliverEmail": 0.557, "MonitorImport": 0.631, "CloseRun": 0.619},
)
"""Of a thousand contacts, which is what a run of one import takes by itself."""

CONTACT = Work(
    {
        "gb_seconds": 7.85e-5,
        "invocations": 8.01e-6,
        "write_units": 8e-6,
        "read_units": 2.3e-5,
        "sqs_requests": 2.4e-5,
        "s3_writes": 1.4e-5,
        "s3_reads": 2.9e-5,
    },
    {"IngestAudience": 2.01e-5, "DeliverEmail": 1.41e-6, "MonitorImport": 7.6e-6, "CloseRun": 2.21e-6},
)
"""More in the file: between a thousand and a million."""

LOOK = Work(
    {
        "gb_seconds": 0.163,
        "invocations": 1.06,
        "write_units": 1,
        "read_units": 3,
        "sqs_requests": 3.17,
        "s3_writes": 0.222,
        "s3_reads": 2.78,
    },
    {"MonitorImport": 0.102},
)
"""At an import that has not ended."""

SMS_RUN = Work(
    {
        "gb_seconds": 2.61,
        "invocations": 3,
        "write_units": 43,
        "read_units": 20,
        "sqs_requests": 6,
        "s3_writes": 19,
        "s3_reads": 46,
        "notices": 2,
    },
    {"IngestAudience": 0.369, "DeliverSms": 0.941, "CloseRun": 0.337},
)
"""Of two thousand numbers that are all right."""

NUMBER = Work(
    {
        "gb_seconds": 1.59e-4,
        "invocations": 4e-4,
        "write_units": 1.67e-3,
        "read_units": 2.3e-3,
        "sqs_requests": 1e-3,
        "s3_writes": 8e-4,
        "s3_reads": 6.6e-3,
    },
    {"IngestAudience": 6.39e-6, "DeliverSms": 1.4e-4},
)
"""More in the file, that is right at Listrak."""

CHANGED_NUMBER = Work(
    {"gb_seconds": 2.16e-3, "write_units": 0.0143, "read_units": 8.33e-4, "s3_writes": 1.25e-3, "s3_reads": 1e-3},
    {"DeliverSms": 2.14e-3},
)
"""That is not: one call."""

ROW_BYTES = 92
"""Of a row of nine columns."""

ADDED_SECONDS, ADDED_A_CONTACT = 2.27, 2.23e-5
"""To its import, by a run from its drop to its close."""

STACK_METRICS, DESTINATION_METRICS, ROUTE_METRICS = 20, 14, 30
"""Metrics of CloudWatch in use: docs/deploying.md, "What it costs"; the last of ten routes of Listrak."""
