"""Parts of ingesting: which objects belong together, and how a run that has been read goes on record."""
