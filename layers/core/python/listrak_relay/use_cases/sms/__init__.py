"""Parts of delivering to a phone list: preparing a run, calling for single numbers, what became of a chunk."""
