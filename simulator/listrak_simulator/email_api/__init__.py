"""``/email/v1``: the part of Listrak's Email API that keeps lists and imports contacts."""
