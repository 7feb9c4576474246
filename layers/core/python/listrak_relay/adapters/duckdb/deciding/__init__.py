"""Second of three steps: what each row of table ``source`` is worth, as SQL made from the domain's rules."""
