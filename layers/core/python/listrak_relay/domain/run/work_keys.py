"""Names of objects in the WorkBucket. `config/`, `delivered/` and `opt_outs/` are kept, everything else expires by the
bucket's lifecycle."""

from __future__ import annotations

from urllib.parse import quote

CONFIG_KEY = "config/destinations.yaml"


def manifest_key(run_id: str) -> str:
    return f"runs/{run_id}/manifest.json"


def chunk_key(run_id: str, chunk_id: str) -> str:
    return f"chunks/{run_id}/{chunk_id}.csv"


def rows_key(run_id: str, chunk_id: str) -> str:
    """The sidecar with source row numbers."""
    return f"chunks/{run_id}/{chunk_id}.rows"


def job_key(run_id: str) -> str:
    """What the run is to do, as found out when it began."""
    return f"runs/{run_id}/job.json"


def faulty_destinations_key(run_id: str) -> str:
    """Names of other destinations that could not be used when the run began, as a JSON list."""
    return f"runs/{run_id}/faulty_destinations.json"


def run_keys_key(run_id: str, name: str) -> str:
    """Sorted keys of the rows of a feed file, with how many rows have each."""
    return f"chunks/{run_id}/keys-{name}.csv"


def delivered_key(account: str, feed: str) -> str:
    """What was delivered last of a feed to an SFTP account."""
    return f"delivered/{quote(account, safe='')}/{feed}.json"


def delivered_keys_key(account: str, feed: str) -> str:
    """Its keys, sorted."""
    return f"delivered/{quote(account, safe='')}/{feed}.csv"


def steps_key(run_id: str, chunk_id: str) -> str:
    """One character for each row of the chunk: what is to be done for its number."""
    return f"chunks/{run_id}/{chunk_id}.steps"


def removals_key(run_id: str, chunk_id: str) -> str:
    """Numbers that a mirror run takes off the list along with the chunk, one a line."""
    return f"chunks/{run_id}/{chunk_id}.removals"


def numbers_key(run_id: str, kind: str, part: int) -> str:
    """Numbers that Listrak shows, while they are read; empty when they have been compared with the file."""
    return f"chunks/{run_id}/{kind}-{part:05}.numbers"


def leavers_key(run_id: str, part: int) -> str:
    """Addresses whose mark a mirror run takes, with what the field is to hold then; in parts, as they were counted."""
    return f"chunks/{run_id}/leavers-{part:04}.csv"


def staying_key(run_id: str, chunk_id: str) -> str:
    """Sorted hashes of the addresses of the chunk that are to have the audience's mark, eight bytes each."""
    return f"chunks/{run_id}/{chunk_id}.staying"


def progress_key(run_id: str, chunk_id: str) -> str:
    """How the rows ended that have been sent so far, by position; no personal data."""
    return f"chunks/{run_id}/{chunk_id}.progress"


def results_key(run_id: str, chunk_id: str, import_id: int, part: int) -> str:
    """Contacts of a chunk's import that Listrak turned away, with its reasons; in parts, as they were read."""
    return f"runs/{run_id}/results/{chunk_id}-{import_id}-{part:04}.csv"


OPT_OUTS_PREFIX = "opt_outs/"


def opt_outs_key(folder: str, segment: str) -> str:
    """Keyed hashes of people who said no in files of one list; ``folder`` stands for the list."""
    return f"{OPT_OUTS_PREFIX}{folder}/{segment}"


def listed_numbers_key(folder: str) -> str:
    """Numbers that a phone list showed when its opt-outs were collected last; ``folder`` stands for the list."""
    return f"listed/{folder}.csv"


def verdicts_key(run_id: str, chunk_id: str) -> str:
    """One character for each row of the chunk: what newer runs have left of it."""
    return f"runs/{run_id}/verdicts/{chunk_id}"


def rejects_prefix(run_id: str) -> str:
    return f"runs/{run_id}/rejects/"


def rejects_section_key(run_id: str, part: str) -> str:
    """One part for each step that turned rows away: ``ingest`` or ``<chunk>``; sorted by row within the part."""
    return f"{rejects_prefix(run_id)}{part}.csv"


def rejects_key(run_id: str) -> str:
    """All rejected and refused rows, by row number."""
    return f"runs/{run_id}/rejects.csv"


def skipped_key(run_id: str) -> str:
    """Rows left alone on purpose, such as people who had opted out."""
    return f"runs/{run_id}/skipped.csv"


def warnings_key(run_id: str) -> str:
    """Rows that were sent although something is wrong with them."""
    return f"runs/{run_id}/warnings.csv"


def duplicates_key(run_id: str) -> str:
    """Header ``row,kept_row``: each dropped duplicate and the later row that took its place."""
    return f"runs/{run_id}/duplicates.csv"


def report_key(run_id: str) -> str:
    return f"runs/{run_id}/report.json"


def report_page_key(run_id: str) -> str:
    """The report for people."""
    return f"runs/{run_id}/report.html"


RUN_INDEX_KEY = "runs/index.html"
"""The page that lists runs, and leads to their reports."""

RUN_LIST_KEY = "runs/index.json"
"""What that page was made of: a JSON table from the key of an entry to the entry."""

RUN_ENTRIES_PREFIX = "runs/index/"


def run_entry_key(day: str, run_id: str) -> str:
    """``day``: YYYY-MM-DD in UTC on which the run was closed."""
    return f"{RUN_ENTRIES_PREFIX}{day}/{run_id}.json"


# --- of a run that is read in ranges ---------------------------------------------------------------------------------


def range_layout_key(run_id: str) -> str:
    return f"runs/{run_id}/ranges/plan.json"


def range_todo_key(run_id: str, step: str, times: int) -> str:
    """The numbers of the ranges that a step is for, the ``times``-th time it is taken."""
    return f"runs/{run_id}/ranges/{step}-{times}.json"


def range_facts_key(run_id: str, number: int) -> str:
    return f"runs/{run_id}/ranges/facts-{number:05d}.json"


def joined_ranges_key(run_id: str) -> str:
    return f"runs/{run_id}/ranges/joined.json"


def written_range_key(run_id: str, number: int) -> str:
    return f"runs/{run_id}/ranges/written-{number:05d}.json"


def agreed_types_key(run_id: str) -> str:
    """Types of profile fields, where ranges by themselves would take different ones."""
    return f"runs/{run_id}/ranges/agreed.json"


def range_piece_key(run_id: str, number: int) -> str:
    """The rows of a range of a packed file, unpacked."""
    return f"chunks/{run_id}/ranges/piece-{number:05d}"


def range_keys_key(run_id: str, number: int, partition: int) -> str:
    """Contact keys of a range with their row numbers."""
    return f"chunks/{run_id}/ranges/keys-{number:05d}-{partition:04d}.parquet"


def range_damaged_key(run_id: str, number: int) -> str:
    """Damaged rows of a range, as a rejects file with row numbers of its own."""
    return f"chunks/{run_id}/ranges/damaged-{number:05d}.csv"


def range_dropped_key(run_id: str, number: int) -> str:
    """Row numbers of duplicates in a range."""
    return f"chunks/{run_id}/ranges/dropped-{number:05d}.parquet"


def range_rejects_key(run_id: str, number: int) -> str:
    return f"chunks/{run_id}/ranges/rejects-{number:05d}.csv"
