"""The lines of whom Listrak turned away of an import, each with its row in the source file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from itertools import repeat

from listrak_relay.domain.consent.statements import DETAILS, NOT_ASKED
from listrak_relay.domain.delivery.email_results import NOT_ON_LIST, SKIPPED_REASONS
from listrak_relay.domain.destinations.destinations import Destination
from listrak_relay.domain.lanes.verdicts import REASONS, Verdict
from listrak_relay.domain.run.manifest import Action, Chunk, RunManifest
from listrak_relay.domain.run.rejects import Reject, RejectOutcome
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.use_cases.email.import_results import Refusal
from listrak_relay.use_cases.runs.chunk_rows import ChunkRow, dropped_record, read_chunk


@dataclass(frozen=True, slots=True)
class RefusedRows:
    """``results``: by address in lower case. ``believed``: words of contacts that Listrak did not turn away.
    ``verdicts``: one of each row, empty if all of them were sent."""

    store: ObjectStore
    manifest: RunManifest[Destination]
    chunk: Chunk
    results: Mapping[str, Refusal]
    believed: Set[str]
    verdicts: str = ""

    def lines(self, as_sent: Iterable[ChunkRow | Reject] | None = None) -> Iterator[Reject]:
        """Of those whom Listrak lists as turned away. ``as_sent``: each row of the chunk, or why it was not sent, where
        there are lines of those too of whom it lists nothing, since the list does not know them."""
        verdicts = map(Verdict, self.verdicts) if self.verdicts else repeat(Verdict.SEND, self.chunk.rows)
        each: Iterable[ChunkRow | Reject | None] = as_sent or repeat(None, self.chunk.rows)
        for (row, cells), verdict, sent in zip(read_chunk(self.store, self.chunk), verdicts, each, strict=True):
            if verdict in REASONS:
                continue  # It was not sent and has a line already.
            if why := self._turned_away(cells[0].casefold(), was_sent=isinstance(sent, ChunkRow)):
                yield Reject(row, *why, record=dropped_record(self.manifest.columns, cells))

    def _turned_away(self, person: str, *, was_sent: bool) -> tuple[RejectOutcome, str, str, str] | None:
        """Outcome, reason, column, detail. ``was_sent``: and would be listed if the list knew it."""
        reason, word = self.results.get(person, ("", ""))
        if word in self.believed:
            reason = ""
        if self.chunk.action is Action.KEEP and reason in ("", NOT_ASKED):
            return RejectOutcome.SKIPPED, NOT_ASKED, "", DETAILS[NOT_ASKED]
        if reason:
            outcome = RejectOutcome.SKIPPED if reason in SKIPPED_REASONS else RejectOutcome.REFUSED
            return outcome, reason, "", f"Listrak's result: {word}"
        if was_sent and person not in self.results:
            why = "Listrak lists no result, as of somebody whom the list does not know"
            return RejectOutcome.SKIPPED, NOT_ON_LIST, "", why
        return None
