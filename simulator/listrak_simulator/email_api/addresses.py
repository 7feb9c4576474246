"""Which email addresses the simulated Listrak takes. Its real rule is not published; this one is on the strict side."""

import re

_LENGTHS = r"(?!.{255})(?![^@]{65})"  # RFC 5321: of the address (256 less its brackets) and of the local part
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]++"
_LABEL = r"(?!-)[A-Za-z0-9-]{1,63}+(?<!-)"
_ADDRESS = re.compile(
    rf"{_LENGTHS}{_ATOM}(?:\.{_ATOM})*+@(?:{_LABEL}\.)++(?:[A-Za-z]{{2,63}}|xn--[A-Za-z0-9-]{{1,59}})"
)


def is_valid(address: str) -> bool:
    return _ADDRESS.fullmatch(address) is not None
