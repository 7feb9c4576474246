"""Why a text is no contact key: no email address or phone number that a row could be delivered to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ContactFault:
    """``reason``: a stable word for reports. ``detail``: a sentence for a person, without the value."""

    reason: str
    detail: str
