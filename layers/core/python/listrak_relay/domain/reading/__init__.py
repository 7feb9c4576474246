"""Judging a file as a whole while it is read: encoding, damage, and ranges of a large one."""
