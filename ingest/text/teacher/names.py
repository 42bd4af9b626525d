"""Names of people, by what people write in front of them.

"Me llamo", "Dear", "Sr."... A name that is found once is found wherever it stands again. Names that
nothing announces are not found; `docs/teacher.md` says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files
from itertools import chain

import yaml

_WORD = re.compile(r"[^\W\d_]+(?:['’.-][^\W\d_]+)*")
# "My name is": whatever follows is a name, in lower case too.
_SAID = re.compile(
    r"\b(?:me llamo|mi nombre(?: completo)? es|a nombre de|me chamo|(?:o )?meu nome(?: completo)? é|"
    r"em nome de|my (?:full )?name(?: is|'s|’s)|in the name of|(?:nombre|nome|name|titular|cliente) ?:)"
    r"[\s:,]{1,3}",
    re.IGNORECASE,
)
# Before these, what begins with a capital is a name...
_ANNOUNCED = re.compile(
    r"\b(?:estimad[oa]s?|querid[oa]s?|apreciad[oa]s?|hola|prezad[oa]s?|car[oa]|olá|oi|dear|hi|hello|"
    r"señora?|señorita|sra?|srta|don|doña|dña|senhora?|dona|mrs?|ms|miss|dra?|ing|lic|prof|"
    r"soy|sou o|sou a|sou|i am|i'm|this is|le habla|les escribe|quem fala é|"
    r"(?:me )?atendi[óo](?: por)?|atendid[oa] (?:por|pel[oa])|habl[ée] con|falei com|"
    r"(?:spoke|speaking|talked) (?:to|with)|asesora?|operadora?|atendente|técnic[oa]|agente|agent)\b"
    r"\.?\s{1,3}",
    re.IGNORECASE,
)
# ... and after a greeting and a comma, if another sign follows.
_GREETED = re.compile(
    r"\b(?:hola|olá|oi|hi|hello|hey|buen[ao]s? (?:d[ií]as?|tardes|noches)|bom dia|boa (?:tarde|noite)|"
    r"good (?:morning|afternoon|evening)),\s{1,3}(?=[^\W\d_]+(?: [^\W\d_]+)?\s?(?:[,.:;!\n]|\Z))",
    re.IGNORECASE,
)
# After these, at the end of a text or of its line, stands who wrote it.
_SIGNED = re.compile(
    r"\b(?:atentamente|saludos(?: cordiales)?|un saludo|gracias|firmado|atenciosamente|att|abraços?|"
    r"obrigad[oa]|grat[oa]|(?:kind |best )?regards|sincerely|yours|cheers|thanks|thank you)\b[\s.,:!–-]{1,6}"
    r"(?P<name>[^\W\d_][^\n\d,;:!?]{1,40}?)\s{0,3}(?=[.!]?\s{0,3}(?:\n|\Z))",
    re.IGNORECASE,
)
_LISTS = yaml.safe_load(files(__package__).joinpath("names.yaml").read_text("utf-8"))
_PARTICLES, _TITLES, _NO_NAMES = (
    frozenset(_LISTS[name].split()) for name in ("particles", "titles", "no_names")
)
_LEAST = 3  # letters of a name's word that is looked for elsewhere


def find_names(text: str) -> list[tuple[int, int]]:
    """Find names as (start, end), in no order; they may overlap."""
    found = list(_find_announced(text))
    words = {
        word[0]
        for start, end in found
        for word in _WORD.finditer(text, start, end)
        if len(word[0]) >= _LEAST and word[0].lower() not in _NO_NAMES | _PARTICLES
    }
    if words:
        again = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(words)))})\b")
        found += [match.span() for match in again.finditer(text)]
    return found


def _find_announced(text: str) -> Iterator[tuple[int, int]]:
    for match in _SAID.finditer(text):
        yield from _read_name(text, match.end(), most=5, lower=True)
    for match in chain(_ANNOUNCED.finditer(text), _GREETED.finditer(text)):
        shouted = match[0].isupper() and len(match[0].strip()) > 3  # then capitals say nothing
        if not shouted:
            yield from _read_name(text, match.end(), most=5, lower=False)
    for match in _SIGNED.finditer(text):
        start, end = match.span("name")
        if len(_WORD.findall(text, start, end)) <= 4:
            yield from _read_name(text, start, most=4, lower=text[start].islower())


def _read_name(text: str, position: int, *, most: int, lower: bool) -> Iterator[tuple[int, int]]:
    """Yield the name that begins at a position, if one does."""
    start, end, words = position, position, 0
    between = "\t "  # a full stop ends a name, but for that of an initial or a title
    for word in _WORD.finditer(text, position, position + 200):
        said = word[0].lower()
        if text[end : word.start()].strip(between):
            break
        between = "\t ." if len(said) == 1 or said in _TITLES else "\t "
        if said in _TITLES and not words:
            end = word.end()
            continue
        is_name = (
            said not in _NO_NAMES | _PARTICLES
            and bool(said.strip("x"))  # XXXX is hidden already
            and (word[0][0].isupper() or (lower and words < 2))
        )
        if not is_name and not (words and said in _PARTICLES and _is_name_next(text, word.end())):
            break
        if is_name:
            start = start if words else word.start()
            words += 1
        end = word.end()
        if words == most:
            break
    if words:
        yield start, end


def _is_name_next(text: str, position: int) -> bool:
    """Tell whether the next word, or the one after another particle, begins with a capital."""
    for word in _WORD.finditer(text, position, position + 40):
        if word[0].lower() not in _PARTICLES:
            return word[0][0].isupper() and word[0].lower() not in _NO_NAMES
    return False
