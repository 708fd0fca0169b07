"""Sentences that report a study: by name, or by a marker that leads to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from kb.check.understand.benefits import Benefits
from kb.check.understand.kit import Kit
from kb.check.understand.lines import Lines
from kb.check.understand.meant import Mention
from kb.check.understand.names import Names
from kb.check.understand.reports import report
from kb.check.understand.safety import each_by_itself, safety
from kb.check.understand.studies import StudyNames
from kb.check.understand.units import Unit


class Citations:
    """Finds studies that sentences name and makes citation claims.

    Args:
        kit: names and words.
        studies: the studies on file.
        benefits: makes product keys.
        references: the page's own list of references.
    """

    def __init__(self, kit: Kit, studies: StudyNames, benefits: Benefits, references: Mapping[str, str]) -> None:
        self._kit = kit
        self._studies = studies
        self._benefits = benefits
        self._references = dict(references)

    def mentions(self, unit: Unit, above: Lines) -> list[Mention]:
        """Return the studies a unit names itself, or that the lines above it name for all their items."""
        own = self._studies.named(unit.text, above.concepts)
        marks = self._studies.marked(unit.text, self._references)
        if above.listed and not own:
            for line in above.near:
                told = self._studies.named(line, above.concepts)
                if told:
                    own = [replace(one, start=0, end=0) for one in told]
                    break
        if above.listed and not marks and unit.intros:
            told = self._studies.marked(unit.intros[-1], self._references)
            marks = [replace(one, start=0, end=0) for one in told]
        return [*own, *marks]

    def claims(self, unit: Unit, names: Names, above: Lines, named: Sequence[Mention]) -> list[dict[str, Any]]:
        """Return the claims of a sentence that names studies; empty when it says nothing of them.

        A study that is not on file makes a claim outside the base.
        """
        text, lexicon = unit.text, self._kit.lexicon
        told = names.concepts("outcome") or names.concepts("indication") or names.concepts("cell_type")
        if not told and not lexicon.has(text, "gain", "failure", "soft_safety", "harmless"):
            return []
        made = self._benefits.product({}, names, above, text, "citation", "cited_study", above.cells)
        if not made["axes"].indication:
            made["axes"] = self._benefits.inherited(made["axes"], above)
        record = next((one.record for one in named if one.record), "")
        if not record:
            beyond = (named[0].label,)
            return [{**made, "claim_type": "efficacy", "outside": beyond}]
        harms = each_by_itself(self._kit, text, names, safety(self._kit, text, names, above.topic))
        benefit = self._benefits.outcome(names)
        claims = []
        groups: list[str | None] = [benefit] if benefit else []
        groups += ["feasibility"] if "feasibility" in names.concepts("outcome") else []
        for outcome in groups or ([] if harms else [None]):
            said = {**made, **({"outcome": outcome} if outcome else {})}
            said["reports"] = (report(text, record, said, lexicon, via="name"),)
            claims.append(said)
        for harm in harms:
            said = {**made, **harm}
            counted = len(harms) == 1 and not benefit  # else nobody can tell what the numbers count
            said["reports"] = (report(text, record, said, lexicon, via="name", counted=counted),)
            claims.append(said)
        return claims

    def by_marker(self, text: str, made: Mapping[str, Any], marked: Sequence[Mention]) -> dict[str, Any]:
        """Return a benefit claim as a report of the record its marker leads to."""
        said = report(text, marked[0].record, made, self._kit.lexicon, via="marker")
        return {**made, "claim_type": "citation", "subject": "cited_study", "reports": (said,)}
