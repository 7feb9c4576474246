"""Sessions of DuckDB, and SQL text made from names, numbers and the domain's rules."""
