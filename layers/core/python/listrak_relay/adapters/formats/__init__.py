"""What a file is and where its records are, for each format, without DuckDB."""
