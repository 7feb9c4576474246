"""How much the name of a column says of consent, where it does not settle what the column is.

A name that speaks of it in a language or a short form that is not listed here is taken for a profile field, and whoever
says no there is subscribed. So these lists are long, and in doubt a name belongs to them: the file then stops, with the
line to write.
"""

# ruff: noqa: RUF001 - letters of other languages are meant

from __future__ import annotations

import re
from enum import StrEnum

from listrak_relay.domain.consent.leaving import IN_NAMES, IN_SCRIPTS
from listrak_relay.domain.consent.names import (
    STATUS_NAMES,
    about_another_channel,
    consent_key,
    is_of_a_channel,
    other_script,
    word_set,
    words_of,
)
from listrak_relay.domain.destinations.choices import Channel


class Doubt(StrEnum):
    """How much a column's name says of consent, where the name does not settle what it is.

    STRONG: it is about consent. A value other than a detail's stops the file.
    WEAK: it may be. Only values that are answers or states stop it.
    STATUS: as WEAK; if all its values are states, it is read as the opt status.
    NONE: it says nothing. Only values that are unmistakable stop it.
    ELSEWHERE: it is about consent to another channel. Nothing stops it.
    """

    STRONG = "strong"
    WEAK = "weak"
    STATUS = "status"
    NONE = "none"
    ELSEWHERE = "elsewhere"


_STRONG = re.compile(
    r"opt(?:ed|s|ing)?(?:in|out)|austrag|consen|permission|permitted"
    r"|newsletter|gdpr|dsgvo|rgpd|lgpd|casl|tcpa|canspam|lawfulbasis|legalbasis|rechtsgrund"
    r"|donot(?!modify)|dontsend|dontemail|suppress|black?list|blocklist|denylist|nomail|noemail|notext|nosms|nomarketing|nospam"
    r"|einwillig|erlaub|kommunik|werbe|zustimm|mailable|emailable|contactable|textable|reachable|sendable|subscrib|abonn|inscrit"
    r"|suscri|iscri(?:tt|zi)|consenso|toestemming|samtycke|acepta|accett|accepte(?:mail|news|pub)"
    r"|(?:accept|agree|allow|receiv|want|wish|like|send|may|can|ok|okay|happy|willing|prefer)[a-z]*"
    r"(?:email|mail|news|sms|te?xt|msg|marketing|mktg|promo|offer|commercial|communicat|contact|deal|update|message)"
    r"|(?:email|mail|news|sms|mms|te?xt|txtmsg|marketing|mktg|promo|offer|commercial|communications?)"
    r"(?:optin|accept|agree|allow|ok|okay|pref|permit|perm|approv|eligib|confirm|authori[sz]|flag|enabled|blocked)"
    r"|marketable|mktgok|dnc|dnm|dn(?:em|[est])(?:$|flag|flg|ind|indicator|cd|yn)|quarantin|complain|bounc|undeliver"
)
_WEAK = re.compile(
    r"subscri|accept|agree|allow|status|marketing|mktg|mailing|promo|offers|communicat|privacy|preferenc|contactme"
    r"|emailme|textme|news(?!room|paper|stand)|active|enabled|blocked|eligib|commercial|baja|alta|loyaltyemail|^email|^sms|^text|^txt|^mms|sms$|txt$|mms$|email$"
    r"|spam|valid|deliverab|optional|confirm|authori[sz]|approv|signup|listmember|^quit(?:list)?$|^block$|never(?:e?mail|contact|text)"
    r"|^(?:mobile|cell|phone|msg|call)s?(?:ok|okay|fl|flg|flag|ind|yn|pref|prefs|preference)$|^messag(?:es?|ing)(?:ok|flag|ind|yn|pref.*)?$"
    r"|^(?:ok|okay|can|may)(?:to|we)?(?:call|phone)|^quiet$|^prefs?$|^(?:contact|send|mail|comms?)?freq(?:uency)?(?:pref.*)?$"
)


_STRONG_SHORT = re.compile(
    r"prmsn|permsn|cnsnt|consnt|cnstflg|perm(?:flg|flag|ind|cd|sts|stat)|^e?ma?l?perm|sbscr|unsbs|subs?fl(?:a?g)|nwsl|nws?lt|newsltr|enews"
    r"|(?:^|em|eml|emal|email|mail|sms|mktg|mkt|marketing|comms?)opt(?:$|cd|code|flg|flag|ind|sts|stat|status|type|val|freq|channel)"
    r"|^e?ma?l?(?:sts|stat|stcd|stscd)(?:us)?(?:cd|code|flg|flag|ind)?$|doubleopt|^doi(?:$|date|time|at|on|ts|status|flag|confirmed)|correspondenceopt"
    r"|^(?:email|mail|emal|eml|ema|nl)(?:yn|yesno|ind|indicator|fl|flg)$|ok2(?:e?mail|contact|text|sms)"
)
"""As warehouses shorten them."""

_STRONG_ABROAD = re.compile(
    r"nieuwsbri|nyhets?bre|nyhedsbre|uutiskir|infolettre|lettred?info|biulet|hirleve|odbernov|rundbrief|mailingliste"
    r"|souhlas|suhlas|zgod[ay]|hozzajarul|privola|consint|samtykk|suostum|markkinointi(?:lupa|kielto|luvat)|samtyck"
    r"|einverst|widerruf|widerspr|(?:werbe?|mail|kontakt|mailing|versand|email)sperr|sperrvermerk|nichtmail|keine?(?:werb|mail|email|news)"
    r"|darf[a-z]*(?:mail|kontakt|angeschrieben|werb)|mag[a-z]*mail|wilnieuws|wenst[a-z]*(?:mail|nieuws)"
    r"|desinscr|disiscr|cancelouinscr|leirat|feliratk|prihlas|wypis|zapisan"
    r"|aangemeld|aanmeld|ingeschr|inschrij|tilmeld|pameld|prenumer"
    r"|pretplac|odjavlj|prijavlj|abonat|abonad|optante|abonar"
    r"|nepas(?:contact|envoy|email|mail|solli|dem)|pasde(?:mail|pub|news|sms|solli|prosp|demarch)|stoppub|demarchage|bloctel|prospection"
    r"|refus(?:e|er)?(?:pub|prosp|news|mail|email|sms|offre|commer)|accord(?:commer|mail|email|news|pub|prosp|offre)"
    r"|(?:no|nao|non)(?:contact|contat|molest|envi|invi|desea|desej|recib|receb|ricev|quier|quer|vuole)|listarobinson"
    r"|(?:recib|receb|ricev|recev|recoi|desea|desej|quier|quer|vuole|souhait|permite|permet)[a-z]*"
    r"(?:mail|correo|news|notic|novid|oferta|offre|offert|promo|public|pubbl|comunic|envio|sms|info|boletin)"
    r"|(?:email|eposta|ileti|sms|ticari)(?:izn|izin|onay)|iysdurum|ticariileti|iletiizni"
)
"""Without signs, as `consent_key` writes them: what the languages of Europe call consent and newsletters."""

_LEAVES = re.compile(IN_NAMES)

_STRONG_IN_SCRIPTS = re.compile(
    f"{IN_SCRIPTS}|購読|配信|メルマガ|メールマガジン|受信|同意|許諾|許可|拒否|停止|解除|退会|オプトイン|オプトアウト|ニュースレター|希望|承諾"
    "|订阅|訂閱|退订|退訂|同意|营销|營銷|行銷|推广|推廣|许可|许諾|授权|授權|接收|拒收|拒绝|拒絕|电子报|電子報|通讯|通訊"
    "|수신|동의|거부|구독|마케팅|광고|뉴스레터|해지|허용|동참"
    "|соглас|подпис|отпис|рассыл|разреш|запрет|маркетинг|реклам|згод|дозв|розсил|підпис|відпис|съглас|аборир|абонир|бюлетин|отказ|откаж"
    "|συγκατ|συναιν|εγγραφ|διαγραφ|ενημερωτ|μάρκετ|μαρκετ|προσφορ|διαφημ|αποδοχ|αποδέχ|συνδρομ"
    "|הסכמ|מאשר|דיוור|ניוזלטר|הסר|רשומ|פרסומ|פרסום|שיווק|ביטול|עלון"
    "|موافق|اشتراك|مشترك|إلغاء|الغاء|نشرة|تسويق|إعلان|قبول|رفض|رسائل"
    "|ยินยอม|สมัคร|จดหมายข่าว|การตลาด|ยกเลิก|ข่าวสาร"
    "|सहमति|सदस्यता|न्यूज़लेटर|विपणन|अनुमति"
)
"""As `other_script` writes them: Japanese, Chinese, Korean, Cyrillic, Greek, Hebrew, Arabic, Thai, Hindi."""

_WEAK_ABROAD = re.compile(
    r"autori[sz]|estado|estatus|statut|stato$|situacao|zustand|stavodb|publicit|publicid|pubblicit|reklam|reclame|werb"
    r"|advert|utskick|refus|accord$|revoca|robinson|sperr|bulletin|boletin|recib|receb|ricev|izinl|rezerv|reservation$|spaerr|sparra|bulten"
    r"|^abone$|^(?:aktiv|aktif|activ[oa]|ativ[oa]|attiv[oa]|actif|actief|aktywny|aktivni)$|^bestatigt$|^confirm(?:e|ado|ada)$|^confermato$"
)
_WEAK_PHRASES = re.compile(
    r"keepme|keepin|intouch|hearfrom|tellmemore|signmeup|signedup|staytuned|leftlist|leavelist|removal|removed?from"
    r"|maillist|mailcode|mailblock|legitimateinterest|processingpurpose|righttoobject|contactab|eclub|onetrust|^(?:in|on)list|^comok|^comopt|issub$|emails$|mktpref|mktok|contactok|contactpref|contactmethod|joinlist|jointhe|^mail$"
)
_OF_CHANGES = re.compile(
    r"(?:row|record|audience|segment|list|member|membership|sync|cdc|dml|crud)?(?:action|operation|op|change|cmd|command)"
)

_NAMES_SOMEBODY = re.compile(r"(?:subscriber|member|contact|customer|user)(?:key|id|name|number|no|email|since)$")
_ADDRESS_PARTS = word_set("""
    mailing shipping billing street city country zip postal line1 line2 address state
""")
_MESSAGES = word_set("""
    email emails mail mails mailing mailings marketing news newsletter newsletters promo promos promotion promotions
    promotional offer offers sms text texts message messages messaging communication communications communicate contact
    contacts contacted updates alerts notifications commercial advertising list lists
""")
_ABOUT_MESSAGES = _MESSAGES | word_set("""
    digest ezine bulletin comms comm mkt mktg mkg adverts ads correspondence privacy eprivacy ccpa pecr gpp texting
    textclub mms msg call calls contactability
""")
_ADVERTS_ABROAD = re.compile(r"publicit|publicid|pubblicit|reklam|reclame|werb|utskick|boletin|bulten")
_WEAK_WORDS = word_set("""
    dnd perm permissible comms comm mkt mktg mkg solicit stop mute muted exclude excluded exclusion exclusions remove
    removed objection
    objected revoked withdrawn refused declined denied deny banned notify notification notifications update updates
    alert alerts deal deals digest ezine bulletin listserv advert adverts ads ad whitelist whitelisted granted
    correspondence tcf gpp ccpa pecr onetrust paused pause snoozed sub subs subbed opt optn oi doi nl onay izni izin
    excl include included send interested enrolled joined left cancelled canceled disabled churned deactivated purpose
    purposes channels rejected enrollment subscr nlsub enl stopped hold snooze bulk targetable dnsmpi oo
    litigator litigators edm emkt opted optd ewc pewc erasure rtbf forget processing pause
""")
"""By the word: within others they mean nothing."""
_LEAVING = word_set("""
    removed removal left revoked withdrawn objected excluded exclusion exclusions baja
    stopped cancelled canceled deactivated blocked muted paused
    snoozed snooze pause banned refused declined denied erasure forget rtbf
""")
_TELLING_TO_LEAVE = word_set("stop remove exclude no never")
_MOMENTS = word_set("date time at on since timestamp datetime ts dt")
"""Whatever stands under such a name may be that of an opt-out; under one with the latter, if it is about messages."""
_OTHER_THINGS = word_set("""
    payment payments terms tos returns warranty credit card cart order orders delivery delivered shipment shipments
    shipping address row record buyer loyalty reward rewards product products item items invoice tax coupon license
    licence gift loan policy insurance appointment booking reservation trial device stock refund
""")
"""A weak name that names one of these and no messages is about it."""
_COUNTED = word_set("""
    used redeemed visits visited count counts total totals sum cost costs amount spent opens opened clicks clicked sent
    received num qty quantity
""")
_VERIFIED = word_set("email e mail address is has valid validated validity verified verification")
"""Whether somebody's address exists is no word of theirs."""
_DETAILS = word_set("""
    timestamp time date datetime at on source src ip level method form page url version campaign reason type
    updated created modified medium channel store location device collected agent text wording language id ids
    name count score rate frequency format details client provider domain hash
    interest interests topic topics segment tag tags last first month
""")
"""In a name, these make of a consent column one about its circumstances."""


def doubt_of(name: str, channel: Channel) -> Doubt:
    """How doubtful a column is by its name, if `names.known_reading` knows it not."""
    doubt = _by_itself(name)
    if about_another_channel(name, channel):
        spoken_of = doubt is not Doubt.NONE and is_of_a_channel(name)
        return Doubt.ELSEWHERE if spoken_of else Doubt.NONE
    return doubt


def _by_itself(name: str) -> Doubt:
    key, script = consent_key(name), other_script(name)
    if key in STATUS_NAMES:
        return Doubt.STATUS
    if _NAMES_SOMEBODY.search(key):
        return Doubt.NONE
    if any(
        names.search(key) for names in (_STRONG, _LEAVES, _STRONG_SHORT, _STRONG_ABROAD)
    ) or _STRONG_IN_SCRIPTS.search(script):
        return Doubt.STRONG
    if script:
        # Nobody here can tell what it is about.
        return Doubt.WEAK
    weak = any(names.search(key) for names in (_WEAK, _WEAK_ABROAD, _WEAK_PHRASES))
    weak = weak or bool(_WEAK_WORDS & set(words_of(name))) or is_of_changes(name)
    return Doubt.WEAK if weak and not _is_about_something_else(name) else Doubt.NONE


def is_of_changes(name: str) -> bool:
    """Whether the name may be that of what was done to a row, in a file of changes to a table or an audience."""
    return _OF_CHANGES.fullmatch(consent_key(name)) is not None


def may_tell_who_left(name: str) -> bool:
    """Whether whatever stands under this name, where the name is doubtful at all, may be said of somebody who left: a
    day, a reason, a word."""
    words = words_of(name)
    told_to_leave = _TELLING_TO_LEAVE & set(words)
    others = set(words) - told_to_leave
    return bool(_LEAVING & set(words) or (told_to_leave and (others <= _MOMENTS or is_about_messages(name))))


def is_about_messages(name: str) -> bool:
    """Whether the name speaks of messages, so that words which elsewhere may be said of an account, an order or a
    device are about those."""
    return bool(_ABOUT_MESSAGES & set(words_of(name))) or _ADVERTS_ABROAD.search(consent_key(name)) is not None


def _is_about_something_else(name: str) -> bool:
    words = set(words_of(name))
    if words <= _ADDRESS_PARTS and len(words) > 1:
        return True
    if words <= _VERIFIED and words & {"valid", "validated", "verified"}:
        return True
    return bool(words & _COUNTED or (words & _OTHER_THINGS and not words & _MESSAGES))


def is_detail(name: str) -> bool:
    """Whether the name is that of a circumstance (when, from where), but not of an opt-out's or of a consent's end."""
    found = set(words_of(name)) & _DETAILS
    return bool(found) and not re.search(
        r"unsub|optout|optedout|desinscri|desabonn|abmeld|revok|withdr|expir|until", consent_key(name)
    )
