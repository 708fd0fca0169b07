"""Is a text English? Told by its letters and its commonest words; enough to refuse what the vocabulary cannot read."""

from __future__ import annotations

import re

#: Commonest function words of English running text; none of them is a word of the other list.
_ENGLISH_WORDS = (
    "the of and to with was were for that by from as are this these which we our be been has have had is at or not "
    "their after between than using who patients study"
)
#: Function words of the other languages of PubMed in Latin letters (German, French, Spanish, Italian, Portuguese,
#: Dutch, Polish, Czech, Hungarian, Danish, Swedish, Indonesian).
_OTHER_WORDS = (
    "der die das und mit bei wurde wurden nach eine einer nicht zur zum les des une dans avec chez pour sur est sont "
    "par aux ont los las del con una por fue fueron para el se gli della delle nei con sono che nel stato uma dos das "
    "com foi foram het een van voor bij werd zijn oraz jest przez nie byly pro byla az egy og med som av til ved ble "
    "och att har yang dan pada dengan untuk pacientes patienten pazienti"
)
_ENGLISH, _OTHER = frozenset(_ENGLISH_WORDS.split()), frozenset(_OTHER_WORDS.split())
#: From so many words on, a text with letters of other alphabets' kind and hardly a function word of ours is in a
#: language we have no words of. Lists of criteria have few function words, but plain letters.
_JUDGED, _FEWEST, _PLAIN = 60, 0.01, 0.995
_WORD = re.compile(r"[^\W\d_]+")


def english(text: str) -> bool:
    """Tell whether a text can be read as English.

    Args:
        text: title and abstract. A few words in Latin letters are taken as English: product codes have no language.

    Returns:
        False where most letters are not Latin or Greek, or where the function words are those of another language: two
        different ones at least, and no abbreviations ("TIL", "PRO") in a text that is not in capitals throughout.
    """
    printed = _WORD.findall(text[:20_000])
    words = [word.lower() for word in printed]
    letters = "".join(words)
    if not letters:
        return True
    if sum(letter < "\u0400" or "\u1e00" <= letter < "\u2c00" for letter in letters) < 0.6 * len(letters):
        return False
    ours = sum(word in _ENGLISH for word in words)
    shouted = 5 * sum(map(_is_capitals, printed)) > 4 * len(printed)
    theirs = [word for word in printed if word.lower() in _OTHER and (shouted or not _is_capitals(word))]
    if len(theirs) >= 3 and len(theirs) > ours and len({word.lower() for word in theirs}) > 1:
        return False
    plain = sum(letter < "\x80" for letter in letters)
    return len(words) < _JUDGED or ours >= _FEWEST * len(words) or plain >= _PLAIN * len(letters)


def _is_capitals(word: str) -> bool:
    return len(word) > 1 and word.isupper()
