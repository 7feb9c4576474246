"""A word for leaving a list is one in a cell, in the name of a column and in that of a file."""

from __future__ import annotations

import re

import pytest

from listrak_relay.domain.consent.doubts import Doubt, doubt_of
from listrak_relay.domain.consent.file_names import tells_of_opt_outs
from listrak_relay.domain.consent.statements import HINTS, NOTE_PATTERN, OUT_PATTERN, normal_word
from listrak_relay.domain.destinations.choices import Channel


@pytest.mark.parametrize(
    "word",
    [
        *(
            "Unsubscribed",
            "Abgemeldet",
            "Abmeldung",
            "desuscrito",
            "Désinscrit",
            "desinscrit",
            "Désabonné",
            "dezabonat",
        ),
        *(
            "descadastrado",
            "disiscritto",
            "uitgeschreven",
            "uitschrijving",
            "afgemeld",
            "afmeldt",
            "avmeldt",
            "utmeldt",
        ),
        *(
            "avregistrerad",
            "avprenumererat",
            "odhlášen",
            "odhlaseny",
            "wypisany",
            "leiratkozott",
            "отписан",
            "відписався",
        ),
        *("已退订", "已退訂", "配信停止", "購読解除", "退会", "수신거부", "구독취소", "탈퇴"),
    ],
)
def test_a_word_for_leaving_is_one_everywhere(word: str) -> None:
    said = normal_word(word)

    assert re.search(OUT_PATTERN, said)
    assert re.search(NOTE_PATTERN, said)
    assert re.search(HINTS, said)
    assert doubt_of(word, Channel.EMAIL) is Doubt.STRONG
    assert tells_of_opt_outs(f"{word}.csv")
