"""Which runs go to one list, in which order they were dropped, and what a newer one leaves of an older one."""
