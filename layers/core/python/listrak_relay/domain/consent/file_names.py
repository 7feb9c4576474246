"""What the name of a file, an audience or a sheet says of everybody in it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from listrak_relay.domain.consent.leaving import IN_NAMES, IN_SCRIPTS
from listrak_relay.domain.consent.names import consent_key, other_script, word_set, words_of
from listrak_relay.domain.consent.suspicion import UNSURE
from listrak_relay.domain.destinations.choices import MissingOptStatus, UnsureOptStatus
from listrak_relay.domain.destinations.destinations import AudienceDestination
from listrak_relay.domain.values.names import shown
from listrak_relay.errors import FileRejectedError

_NOT = re.compile(r"(?:donot|dont)(?:e?mail|contact|send|text|sms|market)|no[nt]subscri")
_OUT = re.compile(
    rf"{IN_NAMES}|opt(?:ed|s|ing)?outs?(?!door|side|let|reach|rig)|suppress|black?list|blocklist|denylist|stoplist|removallist|revoked"
    r"|cleaned(?:member|contact|subscriber)|abgemeld|nomail(?!ing)|robinsonlist|listarobinson|sperrliste|widerruf"
)
_OUT_WORDS = word_set("""
    dnc dne dnm bounced bounces hardbounce hardbounces complaints complainers spamtraps exclusion exclusions quarantined
    erasure erasures bajas
""")
_OUT_IN_SCRIPTS = re.compile(f"{IN_SCRIPTS}|解除|拒收")
_WITHOUT = word_set("""
    no not non without excl excluding minus except less ex sans ohne net after removed risk likely propensity predicted
    prevent prevention
""")
"""Beside those the rest of the people are meant."""


def tells_of_opt_outs(name: str) -> bool:
    """Whether everybody under this name wants no messages, as it sounds: ``unsubscribes_2026.csv``,
    ``Suppression List``; not ``all_without_optouts.csv``."""
    key, words = consent_key(name), set(words_of(name))
    if _NOT.search(key):
        return True
    told = _OUT.search(key) or words & _OUT_WORDS or _OUT_IN_SCRIPTS.search(other_script(name))
    return bool(told) and not words & _WITHOUT


def check_names(names: Iterable[str], destination: AudienceDestination, file: str) -> None:
    """``names``: of what holds people of whom no column says what they want: audience, files, sheet.

    Raises:
        FileRejectedError: one of them speaks of opt-outs, and the destination subscribes whoever says nothing (code
            ``opt_status_unsure``).
    """
    subscribes = destination.missing_opt_status is MissingOptStatus.SUBSCRIBE
    if not subscribes or destination.unsure_opt_status is not UnsureOptStatus.REJECT:
        return
    told = next((name for name in names if tells_of_opt_outs(name)), None)
    if told is not None:
        raise FileRejectedError(
            UNSURE,
            f"{file}: the name {shown(repr(told), 'of the file, its audience or its sheet')} sounds as if everybody in "
            "it wanted no messages, and no column says what they want, so they would be subscribed. Nothing was sent. "
            "Add a column opt_in with no in each row to unsubscribe them; or give it another name, if they have all "
            f"agreed; or set missing_opt_status: update in destination {destination.name}, which subscribes nobody; "
            "then drop the file again",
        )
