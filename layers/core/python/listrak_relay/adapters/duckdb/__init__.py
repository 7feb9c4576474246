"""Reading files of rows with DuckDB, the only place that imports it: loaded, decided, written."""
