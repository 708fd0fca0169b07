"""A synthetic world: papers, registrations, retraction notices. Deterministic, and able to move on by a night.

PMIDs begin at 90000001 and registrations at NCT99000001: far beyond what exists, so that nobody takes one for real.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from tests.doubles import papers, trials, words
from tests.doubles.chance import stream
from tests.doubles.papers import Paper
from tests.doubles.side_doors import europepmc_record, retraction_watch

FIRST_PMID = 90_000_001
FIRST_NCT = 99_000_001
START = date(2026, 3, 1)
#: Notices that every world of at least 20 papers holds: (paper, its notice, kind), as positions.
NOTICES = ((3, 4, "Retraction"), (7, 8, "Erratum"), (13, 14, "ExpressionOfConcern"))
#: Position of a paper whose retraction names no notice: real records have that too.
UNLINKED = 16


@dataclass(frozen=True)
class Changes:
    """What a night changed: numbers of records.

    Attributes:
        retracted: paper → its notice.
        merged: registration that is gone → the one it became an alias of.
    """

    new_pmids: tuple[str, ...] = ()
    revised_pmids: tuple[str, ...] = ()
    gone_pmids: tuple[str, ...] = ()
    retracted: Mapping[str, str] = field(default_factory=dict)
    new_ncts: tuple[str, ...] = ()
    revised_ncts: tuple[str, ...] = ()
    merged: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Night:
    """One update file: papers that are new or revised, and PMIDs that are gone."""

    papers: tuple[Paper, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True)
class World:
    """Everything the services hold on one day.

    Attributes:
        day: today, in this world.
        studies: registrations by current number; :attr:`aliases` leads from the former ones.
        changes: what the last night changed.
        nights: one a night since the baseline, for update files; ``shipped`` are the papers of the baseline.
    """

    seed: int
    day: date
    papers: Mapping[str, Paper]
    studies: Mapping[str, trials.Study]
    changes: Changes = Changes()
    nights: tuple[Night, ...] = ()
    shipped: tuple[Paper, ...] = ()

    @classmethod
    def make(cls, seed: int = 1, papers: int = 60, trials: int = 20, days: int = 700) -> World:
        """Make a world.

        Args:
            seed: same seed and sizes, same world.
            papers, trials: how many.
            days: over how many days before the first of March 2026 the records entered.
        """
        pool = _papers(seed, papers, trials, days)
        studies = _studies(seed, trials, papers, days)
        return cls(seed=seed, day=START, papers=pool, studies=studies, shipped=tuple(pool.values()))

    @cached_property
    def pmids(self) -> tuple[str, ...]:
        """Every PMID, in order."""
        return tuple(self.papers)

    @cached_property
    def ncts(self) -> tuple[str, ...]:
        """Every current registration number, in order."""
        return tuple(self.studies)

    @cached_property
    def aliases(self) -> dict[str, str]:
        """Former number → current number."""
        return {old: nct for nct, study in self.studies.items() for old in trials.aliases(study)}

    @cached_property
    def indexed(self) -> dict[str, str]:
        """PMID → its words in lower case, for searches."""
        return {pmid: paper.text.lower() for pmid, paper in self.papers.items()}

    def pubmed_xml(self, pmids: Iterable[str]) -> bytes:
        """Return what efetch answers: each known record once, in the order asked; unknown ones are left out."""
        known = (self.papers[pmid] for pmid in dict.fromkeys(pmids) if pmid in self.papers)
        return papers.article_set(known)

    def study(self, nct: str) -> trials.Study:
        """Return one registration by current or former number; KeyError for an unknown one."""
        return self.studies[self.aliases.get(nct, nct)]

    def europepmc(self, pmid: str) -> dict[str, Any]:
        """Return Europe PMC's core record of a paper; KeyError for an unknown one."""
        return europepmc_record(self.papers[pmid])

    def retraction_watch_csv(self) -> bytes:
        """Return the Retraction Watch file: the notices of this world, one row each."""
        return retraction_watch(self.papers)

    def later(self, seed: int = 0) -> World:
        """Return the next night's world: some records new, some revised, one retracted, one gone, one merged."""
        return _later(self, stream("later", self.seed, seed, self.day))


def _papers(seed: int, count: int, trial_count: int, days: int) -> dict[str, Paper]:
    pool: dict[str, Paper] = {}
    for index in range(count):
        pmid = str(FIRST_PMID + index)
        entered = START - timedelta(days=1 + stream("entered", seed, index).randrange(days))
        ncts = (f"NCT{FIRST_NCT + index % trial_count}",) if trial_count and index % 10 == 1 else ()
        pool[pmid] = papers.invent(seed, index, pmid, entered, ncts)
    if count >= 20:
        for about, notice, kind in NOTICES:
            papers.tie(pool, str(FIRST_PMID + about), str(FIRST_PMID + notice), kind)
        papers.tie(pool, str(FIRST_PMID + UNLINKED), "", "Retraction")
    return pool


def _studies(seed: int, count: int, paper_count: int, days: int) -> dict[str, trials.Study]:
    studies = {}
    for index in range(count):
        nct = f"NCT{FIRST_NCT + index}"
        dice = stream("posted", seed, index)
        posted = START - timedelta(days=1 + dice.randrange(days))
        refers = tuple(str(FIRST_PMID + dice.randrange(paper_count)) for _ in range(index % 3)) if paper_count else ()
        # Former numbers lie a million further, where no current one is.
        former = (f"NCT{FIRST_NCT + 900_000 + index}",) if index % 6 == 2 else ()
        studies[nct] = trials.invent(seed, index, nct, posted, refers, former)
    return studies


def _revised(study: trials.Study, day: str, status: str) -> trials.Study:
    changed = copy.deepcopy(study)
    protocol = changed["protocolSection"]
    protocol["statusModule"]["overallStatus"] = status
    protocol["statusModule"]["lastUpdatePostDateStruct"] = {"date": day, "type": "ESTIMATED"}
    protocol["statusModule"]["lastUpdateSubmitDate"] = day
    if status in ("TERMINATED", "WITHDRAWN"):
        protocol["statusModule"]["whyStopped"] = words.WHY_STOPPED[0]
    else:
        protocol["statusModule"].pop("whyStopped", None)
    protocol["designModule"]["enrollmentInfo"] = {"count": 7, "type": "ACTUAL"}
    return changed


def _merge(studies: dict[str, trials.Study], old: str, into: str, day: str) -> None:
    """Let one registration become an alias of another, with every alias it had itself."""
    former = (old, *trials.aliases(studies.pop(old)))
    kept = _revised(studies[into], day, "COMPLETED")
    identity = kept["protocolSection"]["identificationModule"]
    identity["nctIdAliases"] = [*identity.get("nctIdAliases", ()), *former]
    studies[into] = kept


def _plain(pool: Mapping[str, Paper], pmids: Sequence[str]) -> list[str]:
    """Papers that are no notice and have none."""
    return [pmid for pmid in pmids if not pool[pmid].links and pool[pmid].shape == "article"]


def _later(world: World, dice: Any) -> World:
    day = world.day + timedelta(days=1)
    pool, studies = dict(world.papers), dict(world.studies)
    new, touched, gone, retracted = _night_of_papers(world, pool, day, dice)
    new_ncts, changed, merged = _night_of_studies(world, studies, day, dice, new[1])
    return replace(
        world,
        day=day,
        papers=pool,
        studies=studies,
        nights=(*world.nights, Night(tuple(pool[pmid] for pmid in (*new, *touched)), gone)),
        changes=Changes(
            new_pmids=new,
            revised_pmids=touched,
            gone_pmids=gone,
            retracted=retracted,
            new_ncts=new_ncts,
            revised_ncts=changed,
            merged=merged,
        ),
    )


def _night_of_papers(
    world: World, pool: dict[str, Paper], day: date, dice: Any
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], dict[str, str]]:
    """Change papers in place; return new, touched and gone PMIDs, and who was retracted by which notice."""
    following = max(map(int, pool), default=FIRST_PMID - 1) + 1
    new = tuple(str(following + step) for step in range(3))
    for pmid in new:
        pool[pmid] = papers.invent(world.seed, int(pmid) - FIRST_PMID, pmid, day)
    candidates = _plain(pool, world.pmids)
    if len(candidates) < 5:
        return new, (), (), {}
    about, gone, *revised = dice.sample(candidates, 5)
    for pmid in revised:
        pool[pmid] = replace(pool[pmid], revised=day.isoformat(), title=f"{pool[pmid].title} Revised {day}.")
    papers.tie(pool, about, new[0], "Retraction")
    pool[about] = replace(pool[about], revised=day.isoformat())
    del pool[gone]
    return new, (*revised, about), (gone,), {about: new[0]}


def _night_of_studies(
    world: World, studies: dict[str, trials.Study], day: date, dice: Any, pmid: str
) -> tuple[tuple[str, ...], tuple[str, ...], dict[str, str]]:
    """Change registrations in place; return new and touched numbers, and who was merged into whom."""
    following = max((int(nct[3:]) for nct in studies), default=FIRST_NCT - 1) + 1
    new = tuple(f"NCT{following + step}" for step in range(2))
    for nct in new:
        studies[nct] = trials.invent(world.seed, int(nct[3:]) - FIRST_NCT, nct, day, (pmid,))
    if len(world.ncts) < 5:
        return new, (), {}
    old, into, *changed = dice.sample(list(world.ncts), 5)
    for nct in changed:
        before = studies[nct]["protocolSection"]["statusModule"]["overallStatus"]
        studies[nct] = _revised(studies[nct], day.isoformat(), "TERMINATED" if before != "TERMINATED" else "COMPLETED")
    _merge(studies, old, into, day.isoformat())
    return new, (*changed, into), {old: into}
