"""A stand-in for Listrak's REST API: a server with state and the vendor's published rules (see README.md)."""
