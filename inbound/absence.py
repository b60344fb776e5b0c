"""What an out-of-office text says: until when somebody is away, and who may be asked instead.

Both are hints for reminders, never more: nobody gains a right by standing in such a text.
"""

import re
from dataclasses import dataclass
from datetime import date

from inbound.absence_words import UNTIL
from inbound.documents.dates import find_dates, parse_date
from inbound.letter import Letter
from inbound.quote_words import any_of
from inbound.said import split

_CHARS = 3_000
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_UNTIL = re.compile(r"(?<!\w)" + any_of(sorted(UNTIL, key=len, reverse=True)) + r"(?!\w)[\s:,]{0,3}", re.IGNORECASE)
_REACH = 25
"""So many characters may stand between the word and the day: a weekday, an article."""


@dataclass(frozen=True, slots=True)
class Absence:
    """The last day that an absence names, and the addresses that it gives; either may be missing."""

    until: date | None = None
    instead: tuple[str, ...] = ()


def absence_of(letter: Letter, today: date) -> Absence:
    """Read an out-of-office mail; `today` settles days without a year, and days behind it are no end."""
    words = split(letter.text, letter.html).said[:_CHARS] or letter.text[:_CHARS]
    own = {letter.author or "", *(box.address for box in (*letter.to, *letter.cc))}
    instead = dict.fromkeys(
        address.rstrip(".") for address in _ADDRESS.findall(words) if address.rstrip(".").lower() not in own
    )
    return Absence(_until(words, today), tuple(instead)[:5])


def _until(words: str, today: date) -> date | None:
    days: list[date] = []
    for match in list(_UNTIL.finditer(words))[:20]:
        after = words[match.end() : match.end() + 60].split("\n")[0]
        found = next(((start, day) for start, _end, day in find_dates(after)), None)
        if found and found[0] <= _REACH and isinstance(found[1], date):
            days.append(found[1])
            continue
        pieces = after.split()
        for first in range(min(3, len(pieces))):
            read = [parse_date(" ".join(pieces[first : first + size]).rstrip(",;!"), today=today) for size in (3, 2, 1)]
            day = next((one for one in read if isinstance(one, date)), None)
            if day:
                days.append(day)
                break
    later = [day for day in days if day >= today]
    return max(later) if later else None
