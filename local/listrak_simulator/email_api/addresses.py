"""Which email addresses the simulated Listrak takes. Its real rule is not published; this one is on the strict side."""

import re

_LONGEST_ADDRESS = 254  # characters, RFC 5321 section 4.5.3.1.3 less its brackets
_LONGEST_LOCAL_PART = 64  # characters, RFC 5321 section 4.5.3.1.1
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+(?:[A-Za-z]{{2,63}}|xn--[A-Za-z0-9-]{{1,59}})")
_matches = _ADDRESS.fullmatch


def is_valid(address: str) -> bool:
    return (
        len(address) <= _LONGEST_ADDRESS
        and _matches(address) is not None
        and address.index("@") <= _LONGEST_LOCAL_PART
    )
