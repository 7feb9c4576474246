"""Rules and value types. Imports nothing but the standard library and `errors`."""
