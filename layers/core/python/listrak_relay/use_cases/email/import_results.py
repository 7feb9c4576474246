"""Whom Listrak turned away of an import, read page by page over as many invocations as it takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from listrak_relay.domain.delivery.email_results import OTHER_WORDS, is_unknown_word, reason_of_result
from listrak_relay.domain.run import work_keys as keys
from listrak_relay.domain.run.manifest import Action
from listrak_relay.messages import FollowImport
from listrak_relay.ports.listrak_email import EmailGateway, ResultPage
from listrak_relay.ports.storage import ObjectStore
from listrak_relay.ports.time import TimeLeft
from listrak_relay.use_cases.runs.followed_import import Patience
from listrak_relay.use_cases.runs.read_parts import ReadParts
from listrak_relay.use_cases.runs.stopping import must_stop

Refusal = tuple[str, str]
"""Reason code, Listrak's own word."""


MOST_WORDS = 50
"""Of an import's results that are told apart."""

WRITING_SECONDS = 300.0
"""For the lines of a chunk whose every contact was turned away."""


@dataclass(frozen=True, slots=True)
class ImportResults:
    """``list_id``: of the import's list. ``action``: of its chunk."""

    store: ObjectStore
    gateway: EmailGateway
    list_id: int
    action: Action

    def refusals(
        self, message: FollowImport, patience: Patience, *, everyone: bool = False
    ) -> Mapping[str, Refusal] | FollowImport:
        """By address in lower case. A message instead: the time ran out, and by it the reading goes on. ``everyone``:
        those too whom Listrak did not turn away, without a reason.

        Where it may not go on any more, what was read so far is all there is.
        """
        found: dict[str, Refusal] = {}
        pairs: dict[str, Refusal] = {}
        parts = self._parts(message)
        # Another copy of the message, or a process that died, may have read further than the message says.
        read = parts.last(message.result_parts)
        for page in self._pages(message, parts, read):
            for email, word in page.results:
                # Many people, and few words: each pair is kept once.
                refusal = pairs.get(word) or pairs.setdefault(word, (self._reason(word, len(pairs)), word))
                if refusal[0] or everyone:
                    found[email.strip().casefold()] = refusal
            if not patience.for_results:
                if must_stop(patience.time_left):
                    break
            elif _is_short(page, patience.time_left):
                lines = ((email, *refusal) for email, refusal in found.items())
                parts.write(read, lines, page.next_cursor)
                return replace(message, result_parts=read + 1)
        for email, reason, word in parts.rows(read):
            found.setdefault(email, pairs.setdefault(word, (reason, word)))
        return found

    def _reason(self, word: str, words_before: int) -> str:
        reason = reason_of_result(self.action, word) or ""
        # The ledger keeps each reason of a chunk, and has no room for thousands.
        return OTHER_WORDS if is_unknown_word(reason) and words_before >= MOST_WORDS else reason

    def forget(self, message: FollowImport) -> None:
        for part in range(self._parts(message).last(message.result_parts)):
            self.store.delete(self._key(message, part))

    def _pages(self, message: FollowImport, parts: ReadParts, read: int) -> Iterator[ResultPage]:
        cursor = parts.cursor(read) if read else None
        if read and cursor is None:
            return iter(())
        return self.gateway.import_results(self.list_id, message.import_id, cursor)

    def _parts(self, message: FollowImport) -> ReadParts:
        return ReadParts(self.store, lambda part: self._key(message, part))

    def _key(self, message: FollowImport, part: int) -> str:
        return keys.results_key(message.run_id, message.chunk_id, message.import_id, part)


def _is_short(page: ResultPage, time_left: TimeLeft) -> bool:
    """Whether what comes behind the page is left to another invocation."""
    return must_stop(time_left) if page.next_cursor is not None else time_left() < WRITING_SECONDS
