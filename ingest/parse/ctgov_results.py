"""The results section of a ClinicalTrials.gov study: who started, what was measured, who was harmed.

Values are kept as printed: "NA", "-", "<0.0001" stay what they are. A count that is missing is None, never 0; a
group that is listed without a value keeps its row, with "".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from ingest.errors import UnreadableError
from ingest.parse.ctgov_fields import AGAIN, Part, kind
from kb.records.registration import Analysis, Harm, HarmTotal, Measure

#: Stands between a group's title and the category a value belongs to.
CATEGORY = " › "
#: The registry's own name of people among units of analysis (others are eyes, lesions, samples …).
PEOPLE = "participants"
_COUNT = re.compile(r"\d+|\d{1,3}(,\d{3})+", re.ASCII)


def participants(results: Part) -> int | None:
    """Return how many people started the trial.

    The sum of the milestone STARTED over all groups of the first period. Later periods hold the same people again.
    Some crossover trials list the same people under each treatment of one period; then the sum counts them once for
    each, and is larger than the baseline's "Total".

    Args:
        results: the study's ``resultsSection``.

    Returns:
        The sum; None when there is no such milestone, or more than one, or a group whose number is not given (a
        sum over the others would be too small).
    """
    flow = results.part("participantFlowModule")
    groups = [group.text("id") for group in flow.parts("groups")]
    started = [
        milestone
        for period in flow.parts("periods")[:1]
        for milestone in period.parts("milestones")
        if milestone.text("type").strip().casefold() == "started"
    ]
    if len(started) != 1 or not groups:
        return None
    numbers = [(row.text("groupId"), _count(row, "numSubjects")) for row in started[0].parts("achievements")]
    if sorted(group for group, _ in numbers) != sorted(groups):
        return None
    counted = [number for _, number in numbers if number is not None]
    return sum(counted) if len(counted) == len(numbers) else None


def baseline(results: Part) -> tuple[tuple[str, int | None], ...]:
    """Return (group title, people) of the baseline table, a group of everybody ("Total") included as printed."""
    module = results.part("baselineCharacteristicsModule")
    people = _people(module.parts("denoms"))
    return tuple((title, people.get(group)) for group, title in _titles(module.parts("groups")).items())


def measures(results: Part) -> tuple[Measure, ...]:
    """Return every outcome measure of the results section, in its order; ``reported`` where there are data."""
    return tuple(_measure(part) for part in results.part("outcomeMeasuresModule").parts("outcomeMeasures"))


def harms(results: Part) -> tuple[Harm, ...]:
    """Return one row for each serious event term and group; a term without numbers keeps one row without group."""
    module = results.part("adverseEventsModule")
    titles = _titles(module.parts("eventGroups"))
    return tuple(row for event in module.parts("seriousEvents") for row in _event(event, titles))


def harm_totals(results: Part) -> tuple[HarmTotal, ...]:
    """Return the totals of each group: people with serious events, deaths from any cause, and who was at risk."""
    groups = results.part("adverseEventsModule").parts("eventGroups")
    return tuple(
        HarmTotal(
            group=title,
            serious=_count(group, "seriousNumAffected"),
            serious_at_risk=_count(group, "seriousNumAtRisk"),
            deaths=_count(group, "deathsNumAffected"),
            deaths_at_risk=_count(group, "deathsNumAtRisk"),
        )
        for group, title in zip(groups, _titles(groups).values(), strict=True)
    )


def _event(event: Part, titles: Mapping[str, str]) -> Iterator[Harm]:
    term, organ = event.text("term"), event.text("organSystem")
    stats = event.parts("stats")
    for row in stats:
        group = row.text("groupId")
        yield Harm(term, organ, titles.get(group, group), _count(row, "numAffected"), _count(row, "numAtRisk"))
    if not stats:
        yield Harm(term, organ, "", None, None)


def _measure(part: Part) -> Measure:
    titles = _titles(part.parts("groups"))
    rows = tuple(_rows(part, titles))
    analyses = tuple(_analysis(analysis, titles) for analysis in part.parts("analyses"))
    return Measure(
        rank=part.text("type"),
        title=part.text("title"),
        time_frame=part.text("timeFrame"),
        description=part.markup("description"),
        # An older document says nothing of its status: then its values speak.
        reported=part.text("reportingStatus") == "POSTED" if part.has("reportingStatus") else any(r[2] for r in rows),
        population=part.markup("populationDescription"),
        unit=part.text("unitOfMeasure"),
        param=part.text("paramType"),
        groups=rows,
        p_values=tuple((each.p_value, each.method) for each in analyses if each.p_value),
        dispersion=part.text("dispersionType"),
        analyses=analyses,
    )


def _rows(measure: Part, titles: Mapping[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """Yield (group title, people analysed, value, spread); people are of the row where it has its own."""
    overall = _printed(measure.parts("denoms"))
    classes = measure.parts("classes")
    for row in classes:
        people = overall | _printed(row.parts("denoms"))
        for category in row.parts("categories"):
            label = "".join(CATEGORY + name for name in (row.text("title"), category.text("title")) if name)
            measured = category.parts("measurements")
            for value in measured:
                group = value.text("groupId")
                title = titles.get(group, group) + label
                yield title, people.get(group, ""), value.text("value"), _spread(value)
            given = {value.text("groupId") for value in measured}
            for group, title in titles.items():
                if group not in given:
                    yield title + label, people.get(group, ""), "", ""
    if not classes:
        for group, title in titles.items():
            yield title, overall.get(group, ""), "", ""


def _spread(value: Part) -> str:
    """Return the spread as printed; limits as "230 to 691", both as "1.1 (0.9 to 1.3)"."""
    spread, low, high = value.text("spread"), value.text("lowerLimit"), value.text("upperLimit")
    limits = f"{low} to {high}" if low and high else f"from {low}" if low else f"up to {high}" if high else ""
    return f"{spread} ({limits})" if spread and limits else spread or limits


def _analysis(part: Part, titles: Mapping[str, str]) -> Analysis:
    return Analysis(
        groups=tuple(titles.get(group, group) for group in part.texts("groupIds")),
        test=part.text("nonInferiorityType"),
        p_value=part.text("pValue"),
        method=part.text("statisticalMethod"),
        parameter=part.text("paramType"),
        value=part.text("paramValue"),
        level=part.text("ciPctValue"),
        sides=part.text("ciNumSides"),
        low=part.text("ciLowerLimit"),
        high=part.text("ciUpperLimit"),
    )


def _titles(groups: tuple[Part, ...]) -> dict[str, str]:
    """Return group id → title; where two groups share a title, the id tells them apart."""
    uses = Counter(group.text("title") for group in groups)
    found: dict[str, str] = {}
    for group in groups:
        name, title = group.text("id"), group.text("title")
        if name in found:
            raise UnreadableError(f"{group.where}: two groups with the id {name!r}; {AGAIN}")
        found[name] = f"{title} ({name})" if uses[title] > 1 else title or name
    return found


def _printed(denoms: tuple[Part, ...]) -> dict[str, str]:
    """Return group id → people analysed as printed. Units other than people are no people."""
    return {
        count.text("groupId"): count.text("value")
        for denom in denoms
        if denom.text("units").strip().casefold() == PEOPLE
        for count in denom.parts("counts")
    }


def _people(denoms: tuple[Part, ...]) -> dict[str, int | None]:
    return {group: _number(text) for group, text in _printed(denoms).items()}


def _number(text: str) -> int | None:
    """Return a printed count ("48", "1,204"); None for a placeholder."""
    return int(text.replace(",", "")) if _COUNT.fullmatch(text) else None


def _count(part: Part, name: str) -> int | None:
    """Return a count that the registry prints as a number or as text; None when absent or a placeholder."""
    value = part.data.get(name)
    if isinstance(value, str):
        return _number(value)
    if isinstance(value, float | dict | list):
        raise UnreadableError(f"{part.where}.{name}: {kind(value)} where a count is expected; {AGAIN}")
    return part.number(name)
