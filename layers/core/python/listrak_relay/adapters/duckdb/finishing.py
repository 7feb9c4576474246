"""From rows whose contact keys are decided to the files that are handed on."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path

import duckdb

from listrak_relay.adapters.duckdb.deciding.consent import count_contradicted, count_statements
from listrak_relay.adapters.duckdb.deciding.profile import Profile, find_profile
from listrak_relay.adapters.duckdb.deciding.verdicts import Verdicts
from listrak_relay.adapters.duckdb.parsing import Parsed
from listrak_relay.adapters.duckdb.writing.chunk_files import ChunkCutter, ChunkLimits
from listrak_relay.adapters.duckdb.writing.output import write_actions
from listrak_relay.adapters.duckdb.writing.rejects import list_rows, look_up_texts, write_listed
from listrak_relay.adapters.stopwatch import Stopwatch
from listrak_relay.domain.destinations.choices import MissingOptStatus
from listrak_relay.domain.destinations.destinations import MAX_TEXT_LENGTH, AudienceDestination, EmailDestination
from listrak_relay.domain.reading.range_types import Agreed
from listrak_relay.domain.run.manifest import Action
from listrak_relay.ports.reading import LocalChunk


@dataclass(frozen=True, slots=True)
class Finished:
    """What is handed on.

    ``reasons``: rejected rows by reason code.
    ``statements``: rows by what they say of consent, before the opt status has rejected any.
    ``contradicted``: rows of a no for which another column has a yes.
    ``profile``: of the columns.
    ``cut``: files of the rows that are delivered, being cut.
    ``rejects``: a file, None when empty.
    """

    reasons: dict[str, int]
    statements: dict[str, int]
    contradicted: int
    profile: Profile
    cut: tuple[Future[list[LocalChunk]], ...]
    rejects: Path | None

    def chunks(self) -> tuple[LocalChunk, ...]:
        """Of the rows that are delivered, once they are cut.

        Raises:
            ConfigurationError: a single row is larger than a chunk may be.
        """
        return tuple(chunk for file in self.cut for chunk in file.result())


def finish(
    session: duckdb.DuckDBPyConnection,
    parsed: Parsed,
    destination: AudienceDestination,
    *,
    limits: ChunkLimits,
    out: Path,
    watch: Stopwatch,
    beside: Executor,
    agreed: Mapping[str, Agreed] | None = None,
) -> Finished:
    """Decide the rest of each row that is no duplicate, find the columns' types and write into the folder ``out``.

    ``beside``: one thread, for what is done while the engine writes, which leaves the interpreter free: looking for
    rows in their file, and cutting, which is reading and hashing and may outlast the session.
    ``agreed``: types by profile field where these rows are a part of a file and the whole of it has decided.
    """
    source, verdicts, plan = parsed.source, parsed.verdicts, parsed.plan
    with watch.stage("profile"):
        statements, contradicted = count_statements(session), count_contradicted(session, plan)
        decide_rest(verdicts, destination)
        # Of SMS no field is ever made, so none is given a length.
        longest = destination.max_text_length if isinstance(destination, EmailDestination) else MAX_TEXT_LENGTH
        profile = find_profile(
            session,
            plan.fields,
            longest,
            unclean=parsed.unclean,
            zone=destination.time_zone,
            agreed=agreed,
        )
    rejects, cutter = out / "rejects.csv", ChunkCutter(limits)
    with session.cursor() as own, watch.stage("write"):
        list_rows(session, source, len(plan.columns), verdicts.reasons)
        texts = beside.submit(look_up_texts, own, source, rejects)
        written = write_actions(session, source, verdicts.contacts, profile, unstated_action(destination), out)
        cut = tuple(beside.submit(cutter.cut, file) for file in written)
        reasons = write_listed(session, source, texts.result(), rejects)
    return Finished(reasons, statements, contradicted, profile, cut, rejects if reasons else None)


def decide_rest(verdicts: Verdicts, destination: AudienceDestination) -> None:
    """What becomes of each row that is no duplicate, by its opt status and by the types that are declared."""
    verdicts.decide_opt_status(unstated_rejected=destination.missing_opt_status is MissingOptStatus.REJECT)
    verdicts.decide_declared_types()


def unstated_action(destination: AudienceDestination) -> Action:
    """What becomes of rows that say nothing of consent and are not rejected for it."""
    return Action.UPDATE if destination.missing_opt_status is MissingOptStatus.UPDATE else Action.SUBSCRIBE
