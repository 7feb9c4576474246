"""Parts of delivering to an email list: preparing a run, sending its chunks, reading what became of an import."""
