"""The part of PubMed's query language that the double understands.

Words, ``"quoted phrases"``, truncation (``transplant*``, also within a word and in a phrase: ``"h*morrhagic fever*"``),
AND, OR, NOT from left to right, brackets, ``#1`` of the history, dates (``2025[dp]``, ``2025/01/01:2025/03/31[edat]``)
and the tags below. A tag looks the whole value up (``[mh]``, ``[pt]``, ``[uid]``, ``[la]``, ``[si]``; what ``*`` stands
for may be any text) or searches words (the others), where a hyphen is a blank. There is no automatic term mapping and
no explosion of headings; ``"Clinical Trial"[pt]`` also finds the kinds of clinical trial, as the real one does, unless
it says ``[pt:noexp]``. ``all[sb]`` finds everything.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.doubles.expression import ExpressionError, evaluate, split
from tests.doubles.library import World
from tests.doubles.papers import Paper, plain

_DATE = r'"?\d{4}(?:/\d{1,2}){0,2}"?(?:\[[^\]]*\])?'
TOKEN = re.compile(rf'{_DATE}\s*:\s*{_DATE}|\(|\)|"[^"]*"(?:\[[^\]]*\])?|[^\s()"\[]+(?:\[[^\]]*\])?')
_MONTHS = {month: f"{number:02}" for number, month in enumerate(calendar.month_abbr) if month}
#: Tags by their long and short names.
TAGS = {
    **dict.fromkeys(("", "all", "all fields", "tw", "text word"), "All Fields"),
    **dict.fromkeys(("tiab", "title/abstract"), "Title/Abstract"),
    **dict.fromkeys(("ti", "title"), "Title"),
    **dict.fromkeys(("mh", "mesh", "mesh terms", "majr", "mh:noexp", "mesh terms:noexp"), "MeSH Terms"),
    **dict.fromkeys(("pt", "ptyp", "publication type", "pt:noexp"), "Publication Type"),
    **dict.fromkeys(("uid", "pmid"), "UID"),
    **dict.fromkeys(("la", "language"), "Language"),
    **dict.fromkeys(("si", "secondary source id"), "Secondary Source ID"),
    **dict.fromkeys(("sb", "subset", "filter"), "Filter"),
    **dict.fromkeys(("dp", "pdat", "date - publication"), "Date - Publication"),
    **dict.fromkeys(("edat", "crdt", "date - entry", "date - create"), "Date - Entry"),
    **dict.fromkeys(("mdat", "lr", "date - modification"), "Date - Modification"),
}
DATES: Mapping[str, Callable[[Paper], str]] = {
    "Date - Publication": lambda paper: published(paper),
    "Date - Entry": lambda paper: paper.entered,
    "Date - Modification": lambda paper: paper.revised,
}
WHOLE: Mapping[str, Callable[[Paper], list[str]]] = {
    "MeSH Terms": lambda paper: [label for _, label in paper.headings],
    "Publication Type": lambda paper: [label for _, label in paper.types],
    "UID": lambda paper: [paper.pmid],
    "Language": lambda paper: [paper.language],
    "Secondary Source ID": lambda paper: list(paper.ncts),
}
#: Publication types that a search for a broader one finds too (MeSH, tree V03.175.250).
TRIALS = (
    "clinical trial",
    *(f"clinical trial, phase {number}" for number in ("i", "ii", "iii", "iv")),
    "adaptive clinical trial",
    "controlled clinical trial",
    "randomized controlled trial",
    "equivalence trial",
    "pragmatic clinical trial",
)


@dataclass
class Found:
    """What a search found, and what PubMed says about the query.

    Attributes:
        pmids: the newest first, as PubMed sorts by default.
    """

    pmids: tuple[str, ...] = ()
    translation: str = ""
    phrases_not_found: list[str] = field(default_factory=list)
    fields_not_found: list[str] = field(default_factory=list)
    quoted_not_found: list[str] = field(default_factory=list)


def published(paper: Paper) -> str:
    """Return the day PubMed files a publication date under: what is missing counts as the first."""
    month = re.search(r"<Month>(\w+)</Month>", paper.published)
    day = re.search(r"<Day>(\d+)</Day>", paper.published)
    return f"{paper.year}-{_MONTHS[month.group(1)] if month else '01'}-{day.group(1) if day else '01'}"


def lower_bound(text: str) -> str:
    """``2025``, ``2025/3`` or ``2025/03/09`` as an ISO day, the first it can mean."""
    parts = [f"{int(part):02}" for part in re.split(r"[/-]", text)]
    return "-".join([*parts, "01", "01"][:3])


def upper_bound(text: str) -> str:
    """The last day a date can mean; the 31st serves every month, as days are only compared."""
    parts = [f"{int(part):02}" for part in re.split(r"[/-]", text)]
    return "-".join([*parts, "31"] if len(parts) == 2 else [*parts, "12", "31"][:3])


def within(world: World, field_name: str, low: str, high: str) -> set[str]:
    """Return the papers whose date lies between two days, both included."""
    when = DATES[field_name]
    return {pmid for pmid, paper in world.papers.items() if lower_bound(low) <= when(paper) <= upper_bound(high)}


def order(world: World, pmids: set[str], sort: str = "") -> tuple[str, ...]:
    """Return papers in the order of a search: newest entry first, or by publication date, author or title."""
    found = [world.papers[pmid] for pmid in pmids]
    found.sort(key=lambda paper: (paper.entered, paper.pmid), reverse=True)
    if sort in ("pub_date", "pub date"):
        found.sort(key=published, reverse=True)
    elif sort in ("Author", "first author"):
        found.sort(key=lambda paper: paper.authors[:1])
    elif sort in ("JournalName", "journal"):
        found.sort(key=lambda paper: paper.journal)
    return tuple(paper.pmid for paper in found)


def search(world: World, term: str, history: Callable[[str], set[str]]) -> Found:
    """Run a query.

    Args:
        history: records of an earlier set, by its key.

    Raises:
        ExpressionError: the brackets do not match.
    """
    found = Found()
    query = _Query(world, found, history)
    tokens = split(TOKEN, term)
    found.pmids = tuple(evaluate(tokens, query.leaf, set(world.papers), flat=True))
    found.translation = " ".join(query.translated.get(token, token) for token in tokens)
    return found


_GAP = r"[\s‐–-]{1,3}"


def _words(text: str) -> re.Pattern[str]:
    """Return what a word or phrase stands for: ``*`` is any rest of one word, a blank or hyphen is either."""
    parts = (r"\w*".join(map(re.escape, part.split("*"))) for part in re.split(r"[\s‐–-]+", text))
    return re.compile(rf"(?<!\w){_GAP.join(parts)}(?!\w)")


class _Query:
    def __init__(self, world: World, found: Found, history: Callable[[str], set[str]]) -> None:
        self.world, self.found, self.history = world, found, history
        self.translated: dict[str, str] = {}

    def leaf(self, token: str) -> set[str]:
        if token.startswith("#"):
            return self.history(token[1:])
        if re.fullmatch(rf"{_DATE}\s*:\s*{_DATE}", token):
            return self.dates(token)
        text, _, tag = token.partition("[")
        name = TAGS.get(tag.rstrip("]").lower(), "")
        if not name:
            self.found.fields_not_found.append(tag.rstrip("]"))
            name = "All Fields"
        self.translated[token] = f"{text}[{name}]"
        if name == "Filter":
            return set(self.world.papers)
        if name in DATES:
            return within(self.world, name, text.strip('"'), text.strip('"'))
        wanted = text.strip('"').lower()
        if wanted == TRIALS[0] and name == "Publication Type" and "noexp" not in tag:
            hits = set().union(*(self.words(kind, name) for kind in TRIALS))
        else:
            hits = self.words(wanted, name)
        return hits or self.missing(text, name)

    def missing(self, text: str, name: str) -> set[str]:
        """A phrase nobody wrote is searched word by word, with a warning; a word nobody wrote finds nothing."""
        phrase = text.strip('"')
        if text.startswith('"') and name not in WHOLE and len(phrase.split()) > 1:
            self.found.quoted_not_found.append(text)
            hits = [self.words(word.lower(), name) for word in phrase.split()]
            return set.intersection(*hits)
        self.found.phrases_not_found.append(phrase)
        return set()

    def dates(self, token: str) -> set[str]:
        low, high = (part.strip() for part in token.split(":"))
        name = TAGS.get(high.partition("[")[2].rstrip("]").lower(), "")
        if name not in DATES:
            raise ExpressionError(f"no such date field in {token}")
        low, high = (part.partition("[")[0].strip('"') for part in (low, high))
        self.translated[token] = f"{low}:{high}[{name}]"
        return within(self.world, name, low, high)

    def words(self, text: str, name: str) -> set[str]:
        if name in WHOLE:
            values = WHOLE[name]
            whole = re.compile(".*".join(map(re.escape, text.split("*"))))
            return {
                pmid
                for pmid, paper in self.world.papers.items()
                if any(whole.fullmatch(one.lower()) for one in values(paper))
            }
        pattern = _words(text)
        if name == "Title":
            return {pmid for pmid, paper in self.world.papers.items() if pattern.search(plain(paper.title).lower())}
        hits = {pmid for pmid, words in self.world.indexed.items() if pattern.search(words)}
        if name == "All Fields":
            hits |= {
                pmid
                for pmid, paper in self.world.papers.items()
                if text == pmid or any(pattern.search(label.lower()) for _, label in (*paper.headings, *paper.types))
            }
        return hits
