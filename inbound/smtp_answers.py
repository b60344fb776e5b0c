"""What we answer to an SMTP peer: with RFC 3463 codes, and never with what it or a fault of ours said."""

from __future__ import annotations

import structlog

log = structlog.get_logger()

_ANSWERS = {
    "250 OK": "250 2.0.0 OK",
    "221 Bye": "221 2.0.0 Bye",
    "220 Ready to start TLS": "220 2.0.0 Ready to start TLS",
    "454 TLS not available": "454 4.7.0 TLS not available",
    "500 Command line too long": "500 5.5.2 Command line too long",
    "500 Error: bad syntax": "500 5.5.2 Bad syntax",
    "503 Error: need MAIL command": "503 5.5.1 Send MAIL first",
    "503 Error: send HELO first": "503 5.5.1 Say EHLO first",
    "503 Error: nested MAIL command": "503 5.5.1 MAIL was sent already",
    "501 Error: BODY can only be one of 7BIT, 8BITMIME": "501 5.5.4 BODY is 7BIT or 8BITMIME",
    "501 Error: SMTPUTF8 takes no arguments": "501 5.5.4 SMTPUTF8 takes no argument",
    "552 Error: message size exceeds fixed maximum message size": "552 5.3.4 Message is larger than the limit",
    "553 5.1.3 Error: malformed address": "553 5.1.3 Address malformed",
    "555 MAIL FROM parameters not recognized or not implemented": "555 5.5.4 MAIL parameter not known",
    "555 RCPT TO parameters not recognized or not implemented": "555 5.5.4 RCPT parameter not known",
}


def worded(status: str) -> str:
    """aiosmtpd's answer with its RFC 3463 code, and without what the peer sent."""
    if status.startswith("500 Error: command"):
        return "500 5.5.1 Command not known"
    if status.startswith("501 Syntax: "):
        return "501 5.5.4 " + status.removeprefix("501 ")
    return _ANSWERS.get(status, status)


def failed(error: Exception) -> str:
    """The answer to a fault of ours: temporary, and without its text, which may hold what was in a mail."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else ""
    log.error("smtp_failed", error=type(error).__name__, where=where)
    return "451 4.3.0 Something went wrong here, try again later"
