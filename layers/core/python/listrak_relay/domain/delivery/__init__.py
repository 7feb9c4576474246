"""Deciding what to send for the rows of a run, and counting what became of them."""
