"""Real registrations: trials of NK and NKT cells are found, trials that only look like them are not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.evaluate.metrics import Share
from kb.evaluate.on_file import TITLE as ON_FILE
from kb.evaluate.sheet import Case, Goal, Line, Sheet
from kb.evaluate.tools import Tools
from kb.progress import Progress
from kb.tag.tags import Tagged

TRIAL_COLUMNS = ("nct_id", "title", "conditions", "interventions", "brief_summary", "phase", "study_type", "cell_type")
DECOY_COLUMNS = (
    "nct_id",
    "title",
    "conditions",
    "interventions",
    "brief_summary",
    "phase",
    "study_type",
    "decoy_reason",
)
#: Columns that can say which cells are given.
_TOLD = ("title", "interventions", "brief_summary")
#: Beginnings of labels of products that are no NK or NKT cells: cytokine-induced killer cells in every form.
_OTHER = ("CIK", "DC-CIK", "CAR-CIK")
#: Beginnings of labels that do not say which cells they mean.
_UNCLEAR = ("Immune killer cells",)
#: Asked for of trials that are found and of look-alikes that are rejected.
_ASKED = (Goal("share", 0.98),)
#: Beginning of the reason of a decoy that could be judged either way.
_BORDERLINE = "BORDERLINE"


@dataclass(frozen=True, slots=True)
class Row:
    """A registration and what was said of it.

    Attributes:
        group: ``lineage``, ``other`` (CIK), ``unclear``, ``decoy`` or ``borderline``.
        label: its cell type, or the reason why it is a decoy.
        said: the row holds a title, an intervention or a summary: without one there is nothing to read.
    """

    id: str
    group: str
    label: str
    title: str
    said: bool
    tagged: Tagged


def group(cell_type: str) -> str:
    """Return to which group a label of the reference table belongs."""
    if cell_type.startswith(_UNCLEAR) or not cell_type:
        return "unclear"
    return "other" if cell_type.startswith(_OTHER) else "lineage"


def registration(row: Mapping[str, str]) -> dict[str, Any]:
    """Return a row of the table as a record of ``kb tag``."""
    return {
        "id": row["nct_id"],
        "kind": "registration",
        "title": row["title"],
        "official_title": row.get("official_title", ""),
        "conditions": _split(row["conditions"]),
        "interventions": [{"type": "", "name": name, "description": ""} for name in _split(row["interventions"])],
        "summary": row["brief_summary"],
        "phase": row["phase"],
        "study_type": row["study_type"],
    }


def _split(cell: str) -> list[str]:
    return [part for part in (piece.strip() for piece in cell.split("|")) if part]


def tagged(
    trials: Sequence[Mapping[str, str]], decoys: Sequence[Mapping[str, str]], tools: Tools, progress: Progress
) -> list[Row]:
    """Tag every registration.

    Args:
        trials: rows of the table of trials; their label decides the group.
        decoys: rows of the table of look-alikes.
        tools: what is judged.
        progress: told of every row.
    """
    groups = [(row, group(row["cell_type"]), row["cell_type"]) for row in trials]
    for row in decoys:
        reason = row["decoy_reason"]
        groups.append((row, "borderline" if reason.startswith(_BORDERLINE) else "decoy", reason))
    result = []
    for row, name, label in groups:
        said = tools.tagger.tag(tools.parse(registration(row)))
        told = any(row[column].strip() for column in _TOLD)
        result.append(Row(row["nct_id"], name, label, row["title"], told, said))
        progress.advance()
    return result


def sheet(rows: Sequence[Row], disputed: frozenset[tuple[str, str]], on_file: Collection[str] = ()) -> Sheet:
    """Return the sheet on registrations.

    Args:
        rows: tagged registrations.
        disputed: (id, field) pairs in which the gold is wrong; field ``relevant``.
        on_file: ids of the registrations of the sheet on ``data/trials.csv``, to say how many stand on both.
    """
    kept = [row for row in rows if (row.id, "relevant") not in disputed]
    lines = (
        _line("trials of NK or NKT cells found (recall)", rows, kept, ("lineage",), True, _ASKED),
        _line(
            "trials found, of rows that hold a title, an intervention or a summary",
            [row for row in rows if row.said],
            [row for row in kept if row.said],
            ("lineage",),
            True,
            _ASKED,
        ),
        _line("look-alikes rejected", rows, kept, ("decoy", "borderline"), False, _ASKED),
        _line("look-alikes rejected, without the borderline ones", rows, kept, ("decoy",), False),
        _line("trials of cytokine-induced killer cells rejected", rows, kept, ("other",), False),
    )
    cases = tuple(
        Case(
            row.id,
            1,
            f"{row.group}: {row.label}",
            "relevant" if row.tagged.relevant else f"not relevant ({', '.join(row.tagged.flags) or 'no flag'})",
            f"{row.title} — {row.tagged.reason}",
        )
        for row in rows
        if row.group != "unclear" and row.tagged.relevant != (row.group == "lineage")
    )
    unclear = sum(row.group == "unclear" for row in rows)
    text = (
        "Trials are those of a reference list of registrations; its label of the cells, made by rules and audited in a "
        "sample, decides which are of NK or NKT lineage. Cytokine-induced killer cells are not. Look-alikes were "
        "chosen because they look like NK therapy; borderline ones can be argued either way and count in the headline. "
        f"{unclear} with an unclear label are left out. Many rows hold a title and little else. The rules were mended "
        "on these as well, so the figures flatter."
        f"{_shared(rows, on_file)}"
    )
    return Sheet("Real registrations", text, lines, (), cases, "Every wrong one")


def _line(
    name: str,
    rows: Sequence[Row],
    kept: Sequence[Row],
    groups: tuple[str, ...],
    relevant: bool,
    asked: tuple[Goal, ...] = (),
) -> Line:
    headline, without = _share(rows, groups, relevant), _share(kept, groups, relevant)
    return Line(name, headline, without if len(kept) < len(rows) else None, asked)


def _shared(rows: Iterable[Row], on_file: Collection[str]) -> str:
    """Return how many registrations stand on both sheets, in words; "" when nothing is on file."""
    if not on_file:
        return ""
    decoys = {row.id: row.group in ("decoy", "borderline") for row in rows if row.id in on_file}
    looks = sum(decoys.values())
    return (
        f" {len(decoys)} of the {len(on_file)} registrations of the sheet “{ON_FILE}” stand here too "
        f"({len(decoys) - looks} trials, {looks} look-alikes): the two sheets are not independent."
    )


def _share(rows: Iterable[Row], groups: tuple[str, ...], relevant: bool) -> Share:
    some = [row for row in rows if row.group in groups]
    return Share(sum(row.tagged.relevant == relevant for row in some), len(some))
