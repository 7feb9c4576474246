"""What an import's summary comes to, count by count, and what its list of results adds to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, replace

from listrak_relay.domain.consent.statements import NOT_ASKED
from listrak_relay.domain.delivery.email_results import (
    NOT_ON_LIST,
    ImportCounts,
    accepted_words,
    count_import,
    is_unknown_word,
)
from listrak_relay.domain.run.manifest import Action
from listrak_relay.ports.listrak_email import ImportSummary
from listrak_relay.use_cases.email.import_results import Refusal


def believed_words(action: Action, results: Mapping[str, Refusal], turned_away: int) -> frozenset[str]:
    """Words that nobody knows, of contacts that the summary has accepted all the same."""
    if action is Action.KEEP:
        return frozenset()
    reasons = Counter(reason for reason, _ in results.values() if reason)
    unknown = Counter(word for reason, word in results.values() if is_unknown_word(reason))
    return accepted_words(unknown, reasons.total() - unknown.total(), turned_away)


def adds_up(action: Action, summary: ImportSummary, sent: int) -> bool:
    """Whether each row that was sent is counted once, though perhaps not yet as what it is."""
    return summary.processed >= sent and counted(action, summary, sent, whole=False).accounted == sent


def counted(action: Action, summary: ImportSummary, sent: int, *, whole: bool) -> ImportCounts:
    """Each of the ``sent`` rows as what it is, as far as the summary tells. ``whole``: it is not of
    an import that was given up."""
    values = asdict(summary)
    processed = values.pop("processed")
    counts = count_import(action, **values)
    if action is Action.SUBSCRIBE or processed > sent or (processed < sent and not whole):
        return counts
    # The summary has no count of its own for contacts that were only updated: they are what is left over. Rows that
    # name nobody of the list it may leave out altogether.
    updated, unnamed = max(0, processed - counts.accounted), max(0, sent - max(processed, counts.accounted))
    if action is Action.KEEP:
        return replace(counts, skipped={NOT_ASKED: counts.skipped.get(NOT_ASKED, 0) + updated + unnamed})
    skipped = dict(counts.skipped)
    if unnamed:
        skipped[NOT_ON_LIST] = skipped.get(NOT_ON_LIST, 0) + unnamed
    accepted = counts.accepted + updated if action is Action.UPDATE else counts.accepted
    return replace(counts, accepted=accepted, skipped=skipped)
