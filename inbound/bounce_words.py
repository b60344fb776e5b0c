"""How mail systems put into words that a mail did not reach its reader; data for `inbound.bounces`."""

import re

ROBOT = re.compile(r"mailer[-_.]?daemon|mail[-_]?daemon|mdaemon|microsoftexchange[0-9a-f]{8,64}@", re.IGNORECASE)
"""Begins an address that no person has."""

DAEMON = re.compile(rf"(?:{ROBOT.pattern}|postmaster|mail[-_.]?delivery)\b", re.IGNORECASE)
"""Begins an address that a mail system uses, and sometimes the person who looks after it."""

DAEMON_NAME = re.compile(
    r"mailer[- ]?daemon|mail deliver(?:y)? (?:sub)?system|postmaster|delivery subsystem", re.IGNORECASE
)


SYSTEM = re.compile(
    r"(?:no-?reply|do-?not-?reply|ndr|bounces?|mail-?system|mail-?admin|mail-?server|system|root|admin|administrator"
    r"|[\w.]{0,40}(?:smtp|mail)[-_.]?(?:service|gateway|server)s?|[\w.]{0,40}smtp[-_.]gateways?)\b",
    re.IGNORECASE,
)
"""Begins an address behind which nobody reads."""

ANSWERED = re.compile(
    r"\s*(?:re|aw|sv|vs|odp|ref|rif|res|ynt|відп|отв|fw|fwd|wg|tr|rv|i|pd|enc|doorst)\s*[:：]", re.IGNORECASE
)
"""Begins the subject of an answer or a forward: a person speaks about a bounce."""


GREETING = re.compile(
    r"\s*(?:hi|hello|hey|dear|good (?:morning|afternoon|day)|hallo|guten (?:tag|morgen)|moin|sehr geehrte?[rs]?"
    r"|liebe[rs]?|grüezi|servus|bonjour|bonsoir|chère?s?|madame|monsieur|hola|buen[oa]s (?:d[ií]as|tardes)"
    r"|estimad[oa]s?|ciao|salve|buon ?giorno|gentil[ei]|egregi[oa]|beste|geachte|goede(?:morgen|middag|ndag)"
    r"|dzień dobry|cześć|szanown[iy]|witam|добрий день|доброго дня|вітаю|шановн(?:і|ий|а)|привіт|здравствуйте"
    r"|добрый день|уважаем(?:ый|ые|ая))(?:[\s,!.]|$)[^\n]{0,60}(?:\n|$)",
    re.IGNORECASE,
)
"""Begins what a person writes; a mail system that writes so goes by its own name."""


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


SUBJECT = _any(
    r"undeliver",
    r"not delivered",
    r"delivery (?:status|failure|failed|report|error|problem|has failed|delay|notification)",
    r"failed delivery",
    r"failure (?:notice|delivery)",
    r"return(?:ed)? (?:mail|to sender)",
    r"mail delivery",
    r"could ?n[o']t? (?:be )?deliver",
    r"delayed mail",
    r"mail (?:system )?error",
    r"non-? ?delivery",
    r"bounced? mail",
    r"warning: (?:message|could not)",
    r"message (?:not|delivery)",
    r"rejected mail",
    r"during delivery",
    r"failed mail",
    r"mail failed",
    r"error sending your mail",
    r"user unknown",
    r"unzustellbar",
    r"nicht zugestellt",
    r"non remis",
    r"échec (?:de|d')",
    r"devuelto",
    r"no entregado",
    r"mancata consegna",
    r"onbestelbaar",
    r"non recapita",
    r"kan niet worden be(?:zorgd|steld)",
    r"não (?:foi )?entregue|não entreg",
    r"не вдалося достав|недоставлен",
    r"kunde inte levereras|kunne ikke leveres|ei voitu toimittaa",
    r"nedoručiteln|nedoručen|kézbesíthetetlen|teslim edilemed",
    r"配達できません|配信不能|无法投递|無法傳遞|退信|배달되지",
    r"niedostarcz",
    r"не доставлен",
    r"メールエラー",
    r"zustell(?:fehler|ung fehlgeschlagen)",
    r"no se (?:puede|pudo|ha podido) entregar|error (?:de|en la) entrega",
    r"(?:erreur|[ée]chec|notification) de (?:remise|distribution|livraison)|non (?:distribu|d[ée]livr)",
    r"errore? di (?:recapito|consegna)|mancato recapito|impossibile recapitare",
    r"niet (?:af)?geleverd|niet bezorgd|bezorg(?:ing mislukt|fout)",
    r"nie dostarczon|niedor[ęe]cz|zwrot wiadomo[śs]ci",
    r"помилка доставки|не доставлен|повернен(?:о|ий) лист",
    r"не уда[её]тся доставить|ошибка доставки|сбой доставки",
    r"(?:não é|não foi) possível entregar|falha na entrega",
    r"kan inte leverera|går inte att leverera|leverans misslyckad",
    r"kan ikke lever(?:es|e)|levering mislykke",
    r"ei voi(?:da)? toimittaa|toimitus epäonnistui",
    r"nelivrabil|nu (?:a putut|poate) fi livrat",
    r"메일이 배달|반송",
)
"""Found in the subjects of bounces."""

PROSE = _any(
    r"(?:message|mail)\b[^.\n]{0,80}(?:not be|was not|can't be|couldn't be|failed to be) deliver",
    r"unable to deliver (?:the |your |this )?(?:message|mail)",
    r"error delivering your mail",
    r"wasn't able to deliver",
    r"delivery of (?:your )?(?:e-?mail|message)",
    r"delivery to the following",
    r"failed recipients?",
    r"recipients? (?:failed|could not|couldn't|was aborted)",
    r"(?:following|these) (?:recipients?|address(?:es)?)\b",
    r"no such user",
    r"non-delivery report",
    r"did not reach (?:the|some|any)",
    r"(?:message|mail) was undeliverable|has been undeliverable",
    r"automatically rejected",
    r"konnte nicht zugestellt werden",
    r"n'a pas pu [êe]tre d[ée]livr",
    r"no se pudo entregar",
    r"non è stato possibile recapitare",
    r"kon niet worden (?:afgeleverd|bezorgd)",
    r"nie (?:mogła|mógł|może) (?:zostać|być) dostarczon",
    r"не может быть доставлен",
    r"送信できません",
    r"recapito\b[^.\n]{0,40}non riuscit",
    r"bezorging\b[^.\n]{0,80}mislukt",
    r"dostarczenie\b[^.\n]{0,80}nie powiodło",
    r"échec de la remise",
    r"не вдалося доставити",
    r"fehler bei der nachrichtenzustellung",
    r"não foi possível entregar|falha na entrega",
    r"wasn['’]t found at",
    r"(?:couldn|wasn)['’]t (?:be )?delivered",
    r"wurde nicht zugestellt|zustellung\b[^.\n]{0,60}fehlgeschlagen",
    r"(?:error|fallo) de entrega|no (?:ha podido|pudo) ser entregado",
    r"n'a (?:pas )?pu (?:[êe]tre )?(?:distribu|remis|d[ée]livr)",
    r"(?:messaggio|e-?mail)\b[^.\n]{0,40}(?:non è stat[oa] (?:consegnat|recapitat))",
    r"kon niet worden (?:geleverd|bezorgd)|niet afgeleverd",
    r"(?:wiadomo[śs][ćc])\b[^.\n]{0,40}nie (?:została|mogła|może)",
    r"не доставлено|не может быть отправлено|сбой доставки|не уда[её]тся доставить",
    r"leveran[sc]e?n?\b[^.\n]{0,80}misslyck|levering\b[^.\n]{0,80}mislyk",
    r"toimitus\b[^.\n]{0,80}epäonnistui|livrarea\b[^.\n]{0,80}nu a reu[șs]it",
    r"doručení\b[^.\n]{0,80}nezdařil|kézbesítés\b[^.\n]{0,80}sikertelen|teslim edileme",
)
"""Found in the first words of bounces."""

FAILED_TO = _any(
    r"(?:mail|message)\b[^.\n]{0,80}(?:not be|was not|can't be|couldn't be|failed to be) deliver",
    r"unable to deliver (?:the |your |this )?(?:message|mail)",
    r"delivery (?:to|of)\b[^\n]{0,80}(?:failed|not possible)",
    r"(?:failed|undeliver(?:ed|able)) (?:mail|message|recipients?)",
    r"automatically rejected|no such user|non-delivery report|did not reach (?:some|any)",
)
"""Found in what a system says of a mail that it could not deliver, in so many words."""

SURELY = _any(
    r"(?:could|can|was|has|were|is)\s?(?:not|n't|n’t) (?:be |been )?delivered to (?:one or more|some|any|all)",
    r"delivered to the following (?:recipient|address)",
    r"n'a pas pu [êe]tre d[ée]livr",
    r"smtp error|failed recipients|returned mail",
    r"your (?:message|e-?mail|mail)\b[^\n]{0,120}(?:could|can|was|wasn|couldn)\s?(?:not|n?['’]t)[^.\n]{0,20}deliver",
    r"(?:message|mail) (?:that )?you sent\b[^.\n]{0,60}not (?:be |been )?deliver",
    r"this (?:message|report) was (?:created|generated) automatically",
    r"this is an automatically generated",
    r"mail delivery (?:software|system|subsystem)",
    r"could not be delivered to:\s{0,9}<",
    r"recipnotfound|recipientnotfound|unrouteable address|user unknown|no such user|unknown user",
    r"resolver\.adr\.|nicht im domino-verzeichnis|not listed in (?:the )?domino directory|remote server returned '",
    r"#\d{3} \d\.\d\.\d|remote (?:mail )?server|remote host said|mail server rejected",
)
"""Found in what mail systems write and persons do not."""

TRYING = _any(
    r"will be retried",
    r"still (?:being )?(?:retr|try)",
    r"will (?:keep|continue) (?:to )?(?:try|retry)",
    r"delivery attempts will continue",
    r"do not need to resend",
    r"(?:has not yet|hasn['’]t yet) been delivered",
)
"""Says outright that the mail system goes on."""

LATER = _any(TRYING.pattern, r"delay", r"warning", r"temporar")
"""Says that the mail system has not given up."""

FULL = _any(
    r"(?:mail ?box|mail ?drop|account|inbox)\b[^.\n]{0,40}\b(?:is |was )?(?:full|over (?:its |the )?quota)",
    r"(?:mailbox|disk|user'?s?|over|exceeded?s?)\b[^.\n]{0,30}\bquota",
    r"quota (?:was |is |has been )?exceeded",
    r"not enough (?:disk )?space",
    r"postfach\b[^.\n]{0,40}\bvoll",
    r"bo[iî]te\b[^.\n]{0,40}\bpleine",
    r"buz[oó]n\b[^.\n]{0,40}\blleno",
    r"casella\b[^.\n]{0,40}\bpiena",
)
"""Says that the mailbox holds no more for now (RFC 3463, X.2.2)."""

NO_MEMBER = _any(
    r"not (?:a )?(?:member|subscribe[rd])s? (?:of|to) (?:this|the|that)\b[^\n]{0,40}\blist",
    r"not (?:allowed|authori[sz]ed|permitted) to (?:post|send)\b[^\n]{0,60}\b(?:list|group)",
    r"only (?:list )?(?:members|subscribers)\b[^\n]{0,40}\b(?:post|send|write)",
    r"posts?\b[^\n]{0,20}\bnon-?(?:members|subscribers)",
    r"kein mitglied dieser (?:mailing)?-?liste",
)
"""Says that a list takes mail from those alone who are on it."""

RETURNED = re.compile(
    r"^[ \t>*-]{0,60}(?:original message|returned mail|returned message|old message|message headers? follow|subject:"
    r"|received:|message-id:)",
    re.IGNORECASE | re.MULTILINE,
)
"""Begins the mail that came back."""

MASKED = re.compile(r"\.\.\.|…|\*@")
"""Stands in addresses whose letters somebody took out: whoever they belong to, they cannot be written to."""
