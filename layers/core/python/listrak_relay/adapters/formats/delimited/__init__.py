"""Text parted by a delimiter: how it is written, what its bytes count, and its records one by one."""
