"""The full check of email addresses that are not of the usual form, by the library email-validator."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email


def check_unusual_email(text: str) -> str | None:
    """The normal form of a trimmed, lower-cased address, or None; see `domain.email_address.UnusualCheck`.

    Quoted and internationalised local parts are taken, addresses at a bare IP number are not. No name is looked up.
    """
    try:
        address = validate_email(text, check_deliverability=False, allow_quoted_local=True, strict=True)
    except EmailNotValidError:
        return None
    return f"{address.local_part}@{address.ascii_domain}"
