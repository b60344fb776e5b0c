"""How mail systems put into words that a mail did not reach its reader; data for `inbound.bounces`."""

import re

ROBOT = re.compile(r"mailer[-_.]?daemon|mail[-_]?daemon|mdaemon", re.IGNORECASE)
"""Begins an address that no person has."""

DAEMON = re.compile(rf"(?:{ROBOT.pattern}|postmaster|mail[-_.]?delivery)\b", re.IGNORECASE)
"""Begins an address that a mail system uses, and sometimes the person who looks after it."""

DAEMON_NAME = re.compile(
    r"mailer[- ]?daemon|mail deliver(?:y)? (?:sub)?system|postmaster|delivery subsystem", re.IGNORECASE
)


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
    r"niedostarcz",
    r"не доставлен",
    r"メールエラー",
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
    r"automatically rejected",
    r"konnte nicht zugestellt werden",
    r"n'a pas pu [êe]tre d[ée]livr",
    r"no se pudo entregar",
    r"non è stato possibile recapitare",
    r"kon niet worden (?:afgeleverd|bezorgd)",
    r"nie (?:mogła|mógł|może) (?:zostać|być) dostarczon",
    r"не может быть доставлен",
    r"送信できません",
)
"""Found in the first words of bounces."""

LATER = _any(
    r"delay",
    r"warning",
    r"will be retried",
    r"still (?:being )?(?:retr|try)",
    r"will (?:keep|continue) (?:to )?(?:try|retry)",
    r"delivery attempts will continue",
    r"do not need to resend",
    r"temporar",
)
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
