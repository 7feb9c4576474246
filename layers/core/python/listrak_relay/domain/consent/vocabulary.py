"""The words in columns of consent in the languages of the usual exports, as `statements.normal_word` writes them.

Pairs are of a word for yes and one for no. Where a language has a second word for one of them there is a pair for each.
"""

# ruff: noqa: RUF001 - letters of other languages are meant

from __future__ import annotations

SPREADSHEET = (
    ("prawda", "fałsz"),
    ("pravda", "nepravda"),
    ("igaz", "hamis"),
    ("adevărat", "fals"),
    ("cert", "fals"),
    ("doğru", "yanlış"),
    ("doğru", "yanliş"),
    ("истина", "ложь"),
    ("истина", "неистина"),
    ("істина", "хибність"),
    ("αληθης", "ψευδης"),
    ("αληθησ", "ψευδησ"),
    ("αληθής", "ψευδής"),
    ("sant", "falskt"),
    ("sann", "usann"),
    ("sand", "falsk"),
    ("tosi", "epätosi"),
    ("tõene", "väär"),
    ("patiess", "aplams"),
    ("teisinga", "klaidinga"),
    ("istina", "neistina"),
    ("egiazkoa", "faltsua"),
)
"""TRUE and FALSE as Excel, LibreOffice and Google Sheets write them in these languages. Capitals of Turkish and Greek
become small ones in more than one way."""

_MOST_ZEROS = 37
DECIMALS = tuple((f"1.{'0' * zeros}", f"0.{'0' * zeros}") for zeros in range(1, _MOST_ZEROS + 1))
"""As databases write a number with that many decimals (Snowflake's NUMBER has up to 37)."""

PLAIN = (
    ("true", "false"),
    ("yes", "no"),
    ("1", "0"),
    ("y", "n"),
    ("t", "f"),
    ("on", "off"),
    *DECIMALS,
    ("checked", "unchecked"),
    ("ja", "nein"),
    ("oui", "non"),
    ("si", "no"),
    ("sí", "no"),
    ("sim", "não"),
    ("wahr", "falsch"),
    ("vrai", "faux"),
    ("verdadero", "falso"),
    ("verdadeiro", "falso"),
    ("vero", "falso"),
    ("sì", "no"),
    ("ya", "nee"),
    ("waar", "onwaar"),
    ("ja", "nej"),
    ("ja", "nei"),
    ("kyllä", "ei"),
    ("tak", "nie"),
    ("ano", "ne"),
    ("áno", "nie"),
    ("igen", "nem"),
    ("da", "nu"),
    ("da", "ne"),
    ("evet", "hayır"),
    ("evet", "hayir"),
    ("да", "нет"),
    ("так", "ні"),
    ("да", "не"),
    ("ναι", "όχι"),
    ("はい", "いいえ"),
    ("可", "不可"),
    ("有", "無"),
    ("有", "无"),
    ("是", "否"),
    ("예", "아니오"),
    ("네", "아니요"),
    ("כן", "לא"),
    ("نعم", "لا"),
    ("jah", "ei"),
    ("taip", "ne"),
    ("jā", "nē"),
    ("ya", "tidak"),
    ("có", "không"),
    ("ใช่", "ไม่ใช่"),
    ("हाँ", "नहीं"),
    ("بله", "خیر"),
    *SPREADSHEET,
    ("✓", "✗"),
    ("✔", "✘"),
    ("✔", "✖"),
    ("☑", "☐"),
    ("✅", "❌"),
)
STATES = (
    ("subscribed", "unsubscribed"),
    ("opted in", "opted out"),
    ("opt in", "opt out"),
    ("optedin", "optedout"),
    ("optin", "optout"),
    ("subscribe", "unsubscribe"),
    ("resubscribed", "un subscribed"),
    ("explicitly optedin", "explicitly optedout"),
    ("explicitly opted in", "explicitly opted out"),
    ("consented", "not consented"),
    ("consent given", "consent withdrawn"),
    ("granted", "denied"),
    ("accepted", "declined"),
    ("accept", "reject"),
    ("given", "withdrawn"),
    ("agreed", "refused"),
    ("allowed", "not allowed"),
    ("allowed", "forbidden"),
    ("contactable", "not contactable"),
    ("mailable", "not mailable"),
    ("emailable", "not emailable"),
    ("reachable", "not reachable"),
    ("allow", "do not allow"),
    ("double opt in", "revoked"),
    ("single opt in", "rejected"),
    ("confirmed opt in", "disallowed"),
    ("soft opt in", "soft opt out"),
    ("opted in confirmed", "confirmed opt out"),
    ("express", "do not contact"),
    ("implied", "do not email"),
    ("explicit", "do not mail"),
    ("implicit", "do not send"),
    ("marketing contact", "do not text"),
    ("optedin confirmed", "blacklisted"),
    ("abonniert", "abgemeldet"),
    ("abonné", "désabonné"),
    ("inscrit", "désinscrit"),
    ("suscrito", "baja"),
    ("iscritto", "disiscritto"),
    ("send", "blocklisted"),
    ("enabled", "disabled"),
    ("removed by request", "opted out of all"),
    ("opted in to all", "dnc"),
    ("unstop", "stop"),
    ("unstop", "stopall"),
    ("unstop", "stop all"),
    ("unstop", "stopped"),
    ("joined", "left"),
    ("sub", "unsub"),
    ("subs", "unsubs"),
    ("consent", "no consent"),
    ("angemeldet", "nicht angemeldet"),
    ("inscrito", "descadastrado"),
    ("ingeschreven", "uitgeschreven"),
    ("aangemeld", "afgemeld"),
    ("tilmeldt", "afmeldt"),
    ("påmeldt", "avmeldt"),
    ("prenumererar", "avregistrerad"),
    ("zapisany", "wypisany"),
    ("feliratkozott", "leiratkozott"),
    ("přihlášen", "odhlášen"),
    ("abonat", "dezabonat"),
    ("подписан", "отписан"),
    ("подписался", "отписался"),
    ("согласен", "не согласен"),
    ("購読中", "配信停止"),
    ("購読", "購読解除"),
    ("希望する", "希望しない"),
    ("同意する", "同意しない"),
    ("受信する", "受信しない"),
    ("已订阅", "已退订"),
    ("订阅", "退订"),
    ("同意", "不同意"),
    ("接收", "拒收"),
    ("수신", "수신거부"),
    ("동의", "거부"),
    ("구독", "구독취소"),
)

ANSWERS = (
    ("ok", "not ok"),
    ("okay", "nope"),
    ("agree", "disagree"),
    ("permitted", "not permitted"),
    ("permission", "no permission"),
    ("can contact", "no contact"),
    ("may contact", "do not contact me"),
    ("yes please", "no thanks"),
    ("yes please", "no thank you"),
    ("email ok", "no email"),
    ("emails ok", "no emails"),
    ("mail ok", "no mail"),
    ("marketing ok", "no marketing"),
    ("sms ok", "no sms"),
    ("texts ok", "no texts"),
    ("text ok", "no text"),
    ("interested", "not interested"),
    ("always", "never"),
    ("in", "out"),
)
"""To the question whether somebody may be written to; elsewhere they may be about anything."""

ACTIVITY = (("active", "inactive"),)

_WORDS = frozenset(
    """
    never subscribed|neversubscribed|not subscribed|notsubscribed|non subscribed|nonsubscribed|non subscriber|
    nonsubscriber|did not subscribe|unknown|none|not set|notset|not specified|not seen|notseen|seen|unspecified|
    undefined|not asked|no consent given yet|not applicable|n/a|na|pending|pending confirmation|pending opt in|
    pendingoptin|awaiting confirmation|awaiting|unconfirmed|not confirmed|not activated|not active|confirming|
    validating|cleaned|bounced|bounce|soft bounced|softbounced|hard bounced|hardbounced|soft bounce|hard bounce|held|
    temp hold|on hold|suppressed|blocked|quarantined|invalid|undeliverable|non marketing contact|transactional|archived|
    transactional only|
    deleted|removed|redacted|complained|complaint|spam|spam complaint|reported spam|marked as spam|non opted in|
    not opted in|not verified|unverified|waiting|pending double opt in|no response|no answer|no preference|not provided|
    not given|not collected|undecided|default|invited|no optin|u|nan|nicht abonniert|no suscrito|non inscrit|
    non abonné|nicht gefragt|non iscritto|não inscrito|niet ingeschreven|не подписан|未購読|未订阅|未設定|미동의
""".replace("\n", " ").split("|")
)
WORDS_NOT_ASKED = frozenset(" ".join(word.split()) for word in _WORDS)

NO_DAYS = (
    "0000 00 00",
    "0000 00 00 00:00:00",
    "0000/00/00",
    "00/00/0000",
    "1900 01 00",
    "null",
    "\\n",
    "never",
    "none",
    "nat",
    "nan",
    "<na>",
    "(null)",
    "(blank)",
    "nil",
    "n/a",
    "na",
    "not set",
    "undefined",
    " ",
    "  ",
    ".",
)
"""What stands in a column of days, in its normal form, where there is no day."""
