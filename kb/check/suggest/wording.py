"""Facts in words: cells, people, partners, sources, places, results. Nothing is said that a record does not hold."""

from __future__ import annotations

from collections.abc import Sequence

from kb.assess.outcome import significant
from kb.check.suggest import frames
from kb.jurisdictions import JURISDICTIONS
from kb.records.approval import SafetyEvent
from kb.records.common import ProductKey
from kb.records.study import Finding, Study, StudyKey
from kb.records.trial import Trial
from kb.rules import Rules
from kb.vocabulary import Vocabulary

#: Places that English puts an article before.
_THE = ("US", "EU", "GB")
_MADE = ("cell_source", "expansion", "engineering")


def place_name(place: str) -> str:
    """Return a jurisdiction as it stands in a sentence."""
    name = JURISDICTIONS[place][0]
    return f"the {name}" if place in _THE else name


def listed(words: Sequence[str], last: str = "and") -> str:
    """Return words as a list in a sentence.

    >>> listed(["a", "b", "c"], "or")
    'a, b or c'
    """
    return f" {last} ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def second_hand(study: Study) -> frozenset[str]:
    """Return the fields of a study, and of its arms, that rest on another publication."""
    return frozenset(field.rpartition(".")[2] for field in study.unverified)


def capital(text: str) -> str:
    """Return a text that begins a sentence."""
    return text[:1].upper() + text[1:]


class Wording:
    """Puts stored facts into words.

    Args:
        vocabulary: labels of concepts.
        rules: tells which differences stand.
    """

    def __init__(self, vocabulary: Vocabulary, rules: Rules) -> None:
        self._vocabulary = vocabulary
        self._rules = rules

    def _labels(self, axis: str, concepts: Sequence[str]) -> list[str]:
        return [frames.PLAIN.get((axis, one)) or self._vocabulary.label(axis, one) for one in concepts]

    def cells(self, key: ProductKey, doubtful: frozenset[str] = frozenset()) -> str:
        """Return whose cells, and how made: "natural killer cells (autologous; grown in culture)".

        Args:
            key: of a record.
            doubtful: fields of the record that rest on another publication; said behind.
        """
        kind = listed(self._labels("cell_type", key.cell_type)) or "a product that the record does not name"
        made = [listed(self._labels(axis, getattr(key, axis)), "or") for axis in _MADE if getattr(key, axis)]
        if not key.cell_source and not any(
            self._vocabulary.is_a("cell_type", one, "not-cells") for one in key.cell_type
        ):
            made = ["source of the cells not on file", *made]
        told = [name for axis, name in frames.AXES.items() if axis in doubtful and getattr(key, axis)]
        if told:
            made.append(frames.SECOND_HAND.format(axes=listed(list(dict.fromkeys(told)))))
        return f"{kind} ({'; '.join(made)})" if made else kind

    def kind(self, key: ProductKey) -> str:
        """Return only the kind of cells."""
        return listed(self._labels("cell_type", key.cell_type))

    def are(self, key: ProductKey) -> str:
        """Return the verb that follows the kind of cells: "NK cells are", "NK cell line is"."""
        kind = self.kind(key)
        return "are" if kind.endswith("s") or "cells" in kind or " and " in kind else "is"

    def partners(self, key: ProductKey) -> str:
        """Return what was given with the cells, " with interleukin-2"; "" when nothing is on file or nothing was."""
        given = [one for one in key.combination if one != "alone"]
        return f" with {listed(self._labels('combination', given))}" if given else ""

    def aim(self, key: ProductKey) -> str:
        """Return disease or aim of a sentence: "acute myeloid leukaemia"; "any disease" when it names none."""
        return listed(self._labels("indication", key.indication), "or") or "any disease"

    def people(self, key: ProductKey, count: int | None = None) -> str:
        """Return who was treated: "19 people with acute myeloid leukaemia (high risk)"."""
        is_a = self._vocabulary.is_a
        diseases = [one for one in key.indication if not is_a("indication", one, "aim")]
        aims = [one for one in key.indication if one not in diseases]
        words = ["people" if count is None else f"{count} {'person' if count == 1 else 'people'}"]
        if diseases:
            words.append(f"with {listed(self._labels('indication', diseases), 'or')}")
        elif aims:
            words.append(f"treated for {listed(self._labels('indication', aims))}")
        if key.setting:
            words.append(f"({'; '.join(self._labels('setting', key.setting))})")
        return " ".join(words)

    def harm(self, event: SafetyEvent) -> str:
        """Return what harm was reported of how many: "sepsis was reported in 2 people"."""
        kind = self._vocabulary.label("event", event.event)
        count = "people"
        if event.n is not None:
            total = f" of {event.n_total}" if event.n_total else ""
            count = f"{event.n}{total} {'person' if event.n == 1 and not total else 'people'}"
        return f"{kind} was reported in {count}"

    def source(self, study: Study) -> str:
        """Return identifier and year of a study: "PMID 12345678, 2005"; without one authors, year and address."""
        year = f", {study.year}" if study.year and "year" not in study.unverified else ""
        if study.pmid or study.doi:
            return f"PMID {study.pmid}{year}" if study.pmid else f"DOI {study.doi}{year}"
        if not study.authors:
            return f"{study.source}{year}"
        surname = " ".join(study.authors[0].split()[:-1]) or study.authors[0]
        others = " et al." if len(study.authors) > 1 else ""
        return f"{surname}{others}{year.replace(',', '')}, {study.source}"

    def design(self, study: Study, arm: StudyKey) -> str:
        """Return what kind of study it was, with its phase where one is on file."""
        doubtful = second_hand(study)
        kind = "study" if "design" in doubtful else frames.DESIGNS.get(arm.design or study.design, "study")
        phase = "" if arm.design or "phase" in doubtful else frames.PHASES.get(study.phase or "", "")
        return f"{phase} {kind}".strip()

    def phase(self, trial: Trial) -> str:
        """Return "phase 2, " of a registration; "" when none is on file."""
        phase = frames.PHASES.get(trial.phase or "", "")
        return f"{phase}, " if phase else ""

    def result(self, study: Study, arm: StudyKey, finding: Finding) -> str:
        """Return one finding in words, with its count where it has one."""
        secondary = (finding.checked or study.checked) == "secondary" or "findings" in second_hand(study)
        return self._said(arm, finding) + (frames.SECONDARY if secondary else "")

    def _said(self, arm: StudyKey, finding: Finding) -> str:
        endpoint = finding.endpoint
        if finding.comparative and not arm.control_has_cells:
            direction: str = finding.direction
            if direction in ("better", "worse") and not significant(self._rules, finding):
                direction = "not_significant"
            return frames.COMPARED[direction].format(endpoint=endpoint)
        if finding.n is not None and finding.n_total:
            whole = finding.n_basis == "subgroup" and finding.n_total == arm.n
            who = "people" if whole else frames.COUNTED_IN.get(finding.n_basis or "", "people")
            total = f"{finding.n_total} {who}"
            had = finding.endpoint_kind == "response_rate" or finding.event not in (None, "death")
            frame = frames.HAD if had else frames.COUNTED
            return frame.format(n=finding.n, total=total, endpoint=endpoint)
        if finding.outcome == "biomarker":
            return frames.MEASURED.format(endpoint=endpoint)
        return frames.WITHOUT_COUNT.format(endpoint=endpoint)
