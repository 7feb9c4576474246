"""``/privacy/v1``: the part of Listrak that takes requests to forget a person."""
