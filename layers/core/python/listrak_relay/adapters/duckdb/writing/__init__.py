"""Third of three steps: from decided rows to files: chunks, rejects, duplicates."""
