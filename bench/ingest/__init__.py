"""Reading a dropped audience file: ours beside four other readers, on the same files, in one run."""

from bench.ingest.comparison import run

__all__ = ["run"]
