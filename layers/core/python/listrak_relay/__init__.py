"""Listrak Relay: files dropped in S3 become Listrak contacts, every row accounted for."""
