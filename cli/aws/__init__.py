"""The deployed stack, or the one on this machine, as its operator sees it."""
