"""Parts of relaying a feed: its turn, and what was delivered before it."""
