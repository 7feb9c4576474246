"""Libraries that stand for nothing outside the process: YAML, phone numbers, unusual email addresses."""
