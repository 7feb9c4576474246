"""What is known of an import while Listrak works on it, whatever the channel."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImportStatus:
    """``raw`` is Listrak's own word, which no document lists; of a sentence only what can be nobody's data."""

    finished: bool
    failed: bool
    raw: str
