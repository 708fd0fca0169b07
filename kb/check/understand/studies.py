"""Studies a page names: by author and year, by PMID, DOI or trial number, or by a marker of its list of references."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from kb.check.page import Page
from kb.check.understand.meant import Mention, Sought, narrowed, settled, treats
from kb.dataset import Dataset
from kb.records.study import Study

_SURNAME = r"(?:(?:de|van|von|der|den|la|le|di|da|el|al)[ -])*[A-ZÀ-Þ][\w-]+(?:['’][A-ZÀ-Þ][\w-]+)?(?![\w-])"
_WITH = rf"(?:,? et al\.?|(?:,? and|,? &) (?:colleagues|co-?workers|others|{_SURNAME}))"
_AUTHOR_YEAR = re.compile(
    rf"(?P<name>{_SURNAME})(?:,? (?:[A-Z]{{1,3}}\.?,? )?)?(?:{_WITH}|['’]s (?:team|group|study|trial))?,?\s*"
    r"[\(\[]?(?:(?:in )?(?:the )?(?![\w-]+,? (?:et al|and|&))[A-Z][\w. ]{2,30}[,;]? )?"
    r"(?P<year>(?:19|20)\d\d)[a-z]?[\)\]]?"
)
_TEAM = re.compile(rf"(?P<name>{_SURNAME})(?:,? et al\.?|(?: and| &) (?:colleagues|co-?workers))")
#: What a study is called behind its author: "Ohira's 2025 trial", "the study of Heczey".
_STUDY = (
    r"(?:study|studies|trial|trials|paper|series|report|publication|work|phase|experience|cohort|group|team|data"
    r"|results)\b"
)
_ITS_STUDY = re.compile(rf"['’](?:s )?(?:[\w-]+ ){{0,6}}?{_STUDY}")
_OF_STUDY = re.compile(rf"\b{_STUDY}(?: [\w-]+){{0,6}}? (?:by|of|from) (?:[A-Z]\. ?)?$")
_THE_STUDY = re.compile(rf" {_STUDY}")
_REPORTS = re.compile(
    r"(?: \d{4})? (?:proved|showed|shows|found|reported|reports|saw|treated|demonstrated|described|observed|gave|ran"
    r"|published|noted|tested|enrolled|randomi[sz]ed)\b"
)
_BRACKETS = re.compile(r"[(\[]([^()\[\]]{3,80})[)\]]")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_PMID = re.compile(r"\b(?:PMID|PubMed)(?: ID)?:?\s*(\d{6,8})\b|pubmed\.ncbi\.nlm\.nih\.gov/(\d{6,8})", re.IGNORECASE)
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>\])},;]+")
_NCT = re.compile(r"\bNCT\d{8}\b")
#: "Gastroenterology 2015", "in the Lancet Oncology (2022)".
_JOURNAL_YEAR = re.compile(
    r"(?:\(|\bin (?:the )?|\bthe )(?P<journal>[A-Z][A-Za-z]+(?: (?:(?:of|and|the|in|for) )*[A-Z][A-Za-z]+){0,5}),? "
    r"\(?(?P<year>(?:19|20)\d\d)\b\)?"
)
_MARKERS = re.compile(r"\[\s*(\d{1,3}(?:\s*[,;–-]\s*\d{0,3})*)\s*,?\s*\]")
#: Words before a year that are no surnames.
_NO_NAMES = frozenset(
    [
        "in",
        "since",
        "by",
        "until",
        "from",
        "as",
        "of",
        "the",
        "and",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "spring",
        "summer",
        "autumn",
        "winter",
        "fall",
        "copyright",
        "fda",
        "ema",
        "mhra",
        "pmda",
        "mfds",
        "nmpa",
        "phase",
        "stage",
        "nature",
        "blood",
        "lancet",
        "science",
        "journal",
        "year",
        "study",
        "trial",
        "early",
        "late",
        "mid",
        "through",
        "during",
        "between",
        "after",
        "before",
        "updated",
        "reviewed",
        "published",
        "approved",
        "act",
        "law",
        "regulation",
        "directive",
        "october",
    ]
)


#: Most words of a bracket that names a study ("Kimura, Cancer 1997").
_FEW = 9


#: An id of ours for a paper without a number begins with its first author and year.
_OWN_ID = re.compile(r"REC:([a-z]+)(?:-[a-z]{1,2})?(\d{4})")


def _surname(study: Study) -> str:
    """Return the surname of the first author, "" when nobody wrote it down."""
    if study.authors:
        return " ".join(study.authors[0].split()[:-1]) or study.authors[0]
    found = _OWN_ID.match(study.id)
    return found[1].capitalize() if found and study.year == int(found[2]) else ""


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name)
    return "".join(char for char in letters if char.isalpha()).lower()


class StudyNames:
    """Finds studies on file by what a page calls them.

    Args:
        data: the facts.
    """

    def __init__(self, data: Dataset) -> None:
        self._data = data

    @cached_property
    def _by_name(self) -> dict[str, list[Study]]:
        found: dict[str, list[Study]] = {}
        for study in self._data.studies:
            if surname := _surname(study):
                found.setdefault(_plain(surname), []).append(study)
        return found

    @cached_property
    def _by_id(self) -> dict[str, Study]:
        found: dict[str, Study] = {}
        for study in self._data.studies:
            for name in (study.id, *study.aliases):
                found[name.lower()] = study
            if study.doi:
                found[f"doi:{study.doi.lower()}"] = study
            if study.pmid:
                found[f"pmid:{study.pmid}"] = study
        return found

    @cached_property
    def _by_trial(self) -> dict[str, list[Study]]:
        found: dict[str, list[Study]] = {}
        for study in self._data.studies:
            if study.evidence_kind == "human":
                for trial in study.registry_ids:
                    found.setdefault(trial, []).append(study)
        return found

    def named(self, text: str, concepts: Sequence[str] = ()) -> list[Mention]:
        """Return the studies a text names, left to right.

        Args:
            text: a sentence or heading.
            concepts: ``axis:concept`` the text names; they choose between papers of one author and year.
        """
        found = [*self._identified(text)]
        registered = frozenset(one for mention in found for one in mention.candidates)
        sought = Sought(text, concepts, registered, frozenset(int(year) for year in _YEAR.findall(text)))
        found += self._all_dated(sought)
        if not found:
            found += self._by_journal(sought)
        for match in _TEAM.finditer(text):
            if _free(found, match.start(), match.end()):
                start, fits = self._known(text, match.start(), match["name"])
                found.append(self._mention(start, match.end(), sought, fits, match.group()))
        for match in self._surnames.finditer(_bare(text)):
            fits = self._by_name[_plain(match.group())]
            if _free(found, match.start(), match.end()) and _meant(text, match.start(), match.end()):
                found.append(self._mention(match.start(), match.end(), sought, fits, match.group()))
        return sorted(settled(found), key=lambda one: one.start)

    def _all_dated(self, sought: Sought) -> Iterator[Mention]:
        """Yield the studies named by author and year; words that are no author leave those behind them to be read."""
        place = 0
        while match := _AUTHOR_YEAR.search(sought.text, place):
            mention = self._dated(match, sought)
            place = match.end() if mention else match.end("name")
            if mention:
                yield mention

    def _dated(self, match: re.Match[str], sought: Sought) -> Mention | None:
        """Return the study that "Smith et al. (2019)" names; None when the words name none."""
        said = match.group()
        start, known = self._known(sought.text, match.start("name"), match["name"])
        name = sought.text[start : match.end("name")]
        if any(_plain(part) in _NO_NAMES for part in name.split()) or (not known and match["name"].isupper()):
            return None
        clearly = "et al" in said or "colleagues" in said or "workers" in said or "(" in said or "’s " in said
        if not known and not clearly:
            return None  # "London 2019" is no study
        fits = [study for study in known if study.year == int(match["year"])]
        return self._mention(start, match.end(), sought, fits, f"{name} {match['year']}")

    def _by_journal(self, sought: Sought) -> Iterator[Mention]:
        """Yield the one study of a journal and year that treats what the sentence names ("Gastroenterology 2015")."""
        for match in _JOURNAL_YEAR.finditer(sought.text):
            name = re.sub(r"^The ", "", match["journal"]).strip()
            fits = [
                study
                for study in self._data.studies
                if study.year == int(match["year"])
                and study.journal
                and _plain(study.journal) == _plain(name)
                and study.evidence_kind == "human"
                and treats(self._data.vocabulary, study, sought.concepts)
            ]
            if len(fits) == 1:
                yield Mention(match.start(), match.end(), match.group(), fits[0].id, match.group())

    def _known(self, text: str, start: int, name: str) -> tuple[int, list[Study]]:
        """Return where a surname begins, with the words before it that belong to it, and the studies under it."""
        before = re.search(r"([A-ZÀ-Þ][\w’'-]+) $", text[:start])
        if before and (longer := self._by_name.get(_plain(before[1] + name))):
            return before.start(), longer
        return start, self._by_name.get(_plain(name), [])

    @cached_property
    def _surnames(self) -> re.Pattern[str]:
        """Finds surnames of first authors on file, in a text without accents."""
        surnames = {surname for study in self._data.studies if (surname := _surname(study))}
        names = {
            _bare(surname)
            for surname in surnames
            if len(surname) > 2 and surname[0].isupper() and _plain(surname) not in _NO_NAMES
        }
        inside = "|".join(re.escape(name) for name in sorted(names, key=lambda one: (-len(one), one)))
        return re.compile(rf"\b(?:{inside or '(?!)'})\b")

    def _identified(self, text: str) -> Iterable[Mention]:
        for match in _PMID.finditer(text):
            number = match[1] or match[2]
            study = self._by_id.get(f"pmid:{number}")
            yield Mention(match.start(), match.end(), match.group(), study.id if study else "", f"PMID {number}")
        for match in _DOI.finditer(text):
            doi = match.group().rstrip(".")
            study = self._by_id.get(f"doi:{doi.lower()}")
            yield Mention(match.start(), match.end(), match.group(), study.id if study else "", f"DOI {doi}")
        for match in _NCT.finditer(text):
            fits = self._by_trial.get(match.group(), [])
            if fits:
                ids = tuple(study.id for study in fits)
                record = ids[0] if len(ids) == 1 else ""
                yield Mention(match.start(), match.end(), match.group(), record, match.group(), candidates=ids)

    def _mention(self, start: int, end: int, sought: Sought, fits: Sequence[Study], label: str) -> Mention:
        fits = narrowed(self._data.vocabulary, fits, sought)
        ids = tuple(study.id for study in fits)
        return Mention(
            start,
            end,
            sought.text[start:end],
            ids[0] if len(ids) == 1 else "",
            label,
            candidates=ids if len(ids) > 1 else (),
        )

    def marked(self, text: str, references: dict[str, str]) -> list[Mention]:
        """Return the markers of a text, each with the record its entry of the reference list leads to."""
        found = []
        for match in _MARKERS.finditer(text):
            for number in _numbers(match[1]):
                entry = references.get(number, "")
                record = self.entry(entry) if entry else ""
                found.append(Mention(match.start(), match.end(), match.group(), record, number, marker=True))
        return found

    def entry(self, entry: str) -> str:
        """Return the id of the study that an entry of a reference list describes, "" when none on file fits."""
        for one in self._identified(entry):
            if one.record:
                return one.record
        words = _plain(entry)
        titled = [study for study in self._data.studies if len(study.title) > 30 and _plain(study.title) in words]
        if len(titled) == 1:
            return titled[0].id
        years = {int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", entry)}
        first = re.match(rf"\W*(?:\d+\W+)?(?P<name>{_SURNAME})", entry)
        known = self._by_name.get(_plain(first["name"]), []) if first else []
        fits = [
            study for study in known
            if study.year in years and (not study.journal or _plain(study.journal)[:5] in words)
        ]  # fmt: skip
        return fits[0].id if len(fits) == 1 else ""


def _numbers(inside: str) -> list[str]:
    """Return the single markers of "1, 3-5"."""
    found: list[str] = []
    for part in re.split(r"[,;]", inside):
        ends = re.split(r"\s*[–-]\s*", part.strip())
        if len(ends) == 2 and all(end.isdigit() for end in ends) and 0 <= int(ends[1]) - int(ends[0]) < 50:
            found += [str(number) for number in range(int(ends[0]), int(ends[1]) + 1)]
        elif ends[0].isdigit():
            found.append(ends[0])
    return found


def _bare(text: str) -> str:
    """Return a text without accents; every character keeps its place."""
    return "".join(unicodedata.normalize("NFKD", char)[0] for char in text)


def _free(found: Sequence[Mention], start: int, end: int) -> bool:
    return all(end <= one.start or one.end <= start for one in found)


def _meant(text: str, start: int, end: int) -> bool:
    """Tell whether a surname stands for a study: its own, in brackets, or behind "the study of"."""
    if any(words.match(text, end) for words in (_ITS_STUDY, _THE_STUDY, _REPORTS)) or _OF_STUDY.search(text[:start]):
        return True
    return any(
        match.start() < start and end < match.end() and len(match[1].split()) <= _FEW
        for match in _BRACKETS.finditer(text)
    )


def references_of(page: Page) -> dict[str, str]:
    """Return the page's own list of references."""
    return dict(page.references)
