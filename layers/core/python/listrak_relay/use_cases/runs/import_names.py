"""The name under which Listrak is given a chunk, by which it is found again after a lost answer."""

from __future__ import annotations

CLOCK_TOLERANCE_SECONDS = 86_400.0
"""How far Listrak's clock and zone may lie from ours when we look an import up by date; the dates have no zone."""


def import_file_name(run_id: str, chunk_id: str) -> str:
    """Unique to run and chunk, so that a lost answer can be settled by looking the name up."""
    return f"listrak-relay_{run_id}_{chunk_id}.csv"


def early_import_file_name(run_id: str, chunk_id: str) -> str:
    """Of opt-outs that are sent before their turn. It is looked up in their turn, whether it has ended."""
    return f"listrak-relay_{run_id}_{chunk_id}_early.csv"


def again_import_file_name(run_id: str, chunk_id: str, what: str) -> str:
    """Of what newer files say, sent once more behind the import of this chunk."""
    return f"listrak-relay_{run_id}_{chunk_id}_newer-{what}.csv"
