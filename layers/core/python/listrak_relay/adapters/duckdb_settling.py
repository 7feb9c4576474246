"""From rows whose contact keys are decided to the files that are handed on."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from listrak_relay.adapters.chunk_files import ChunkCutter, ChunkLimits
from listrak_relay.adapters.duckdb_output import write_actions, write_rejects
from listrak_relay.adapters.duckdb_profile import Profile, find_profile
from listrak_relay.adapters.duckdb_source import Source
from listrak_relay.adapters.duckdb_verdicts import Verdicts
from listrak_relay.domain.audience import FieldType
from listrak_relay.domain.destinations import Destination
from listrak_relay.ports import LocalChunk


@dataclass(frozen=True, slots=True)
class Settled:
    """``reasons``: rejected rows by reason code. ``rejects``: a file, None when empty."""

    reasons: dict[str, int]
    profile: Profile
    chunks: tuple[LocalChunk, ...]
    rejects: Path | None


class Stopwatch:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, int] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.milliseconds[name] = round((time.perf_counter() - began) * 1000)


def settle(
    session: duckdb.DuckDBPyConnection,
    source: Source,
    verdicts: Verdicts,
    destination: Destination,
    *,
    limits: ChunkLimits,
    unclean: bool,
    out: Path,
    watch: Stopwatch,
    agreed: Mapping[str, FieldType] | None = None,
) -> Settled:
    """Decide the rest of each row that is no duplicate, find the columns' types and write into the folder ``out``.

    ``agreed``: types by profile field where these rows are a part of a file and the whole of it has decided.

    Raises:
        ConfigurationError: a single row is larger than a chunk may be.
    """
    plan = verdicts.plan
    with watch.stage("profile"):
        verdicts.decide_opt_status()
        verdicts.decide_declared_types()
        profile = find_profile(session, plan.fields, destination.max_text_length, unclean=unclean, agreed=agreed)
    rejects, cutter = out / "rejects.csv", ChunkCutter(limits)
    # Cutting is reading and hashing, which leaves the interpreter free while the next file is written.
    with ThreadPoolExecutor(1) as thread:
        with watch.stage("write"):
            reasons = write_rejects(session, source, len(plan.columns), verdicts.reasons, rejects)
            written = write_actions(session, source, verdicts.contacts, profile, out)
            cut = [thread.submit(cutter.cut, file) for file in written]
        with watch.stage("cut"):
            chunks = tuple(chunk for file in cut for chunk in file.result())
    return Settled(reasons, profile, chunks, rejects if reasons else None)
