"""The runs of one list take turns, and a late one gives way to what a newer one has said."""
