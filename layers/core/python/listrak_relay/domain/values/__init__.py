"""Single values: texts, names, addresses, phone numbers, and dataclasses as text."""
