"""``docs/accuracy.md``: how often the tagger is right, for a reader who has to rely on it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kb.dataset import load_trials
from kb.evaluate import on_file
from kb.evaluate.corpora import Scores, fingerprint, load_scores
from kb.evaluate.disputed import Disputes, load_disputes
from kb.evaluate.first_looks import COLUMNS, FirstLook, load_first_looks
from kb.evaluate.gold import Gold, load_gold
from kb.evaluate.gold_run import evaluate
from kb.evaluate.load import load_tools
from kb.evaluate.report import cell, markdown
from kb.evaluate.sheet import Sheet, goals
from kb.evaluate.tools import Tools
from kb.markdown import MADE, table
from kb.progress import Silent
from kb.vocabulary import Vocabulary, load_vocabulary

#: How far the collections are unseen texts: said wherever their figures stand.
_SEEN = (
    "Only the papers of Evidence Inference were kept out, of the training of the model that judges directions. "
    "`tagger_dev` and the registrations are development data: rules were mended where they came out wrong there "
    "(another set is held back), so the figures on relevance, phase, indication, registrations and look-alikes flatter."
)


def accuracy_page(data_dir: Path) -> str:
    """Return ``docs/accuracy.md``: figures on the shipped cases, measured now, and kept figures on other collections.

    Args:
        data_dir: the data directory; the same files give the same page.

    Raises:
        DataError: a case, a rule or the file of kept figures cannot be read.
    """
    vocabulary = load_vocabulary(data_dir)
    return page(data_dir, vocabulary, load_tools(data_dir, vocabulary))


def page(data_dir: Path, vocabulary: Vocabulary, tools: Tools) -> str:
    """Return the page for given tools (see :func:`accuracy_page`)."""
    gold, disputes = load_gold(data_dir), load_disputes(data_dir)
    sheets = evaluate(gold, tools, vocabulary, disputes, Silent())
    trials = load_trials(data_dir) if (data_dir / "trials.csv").exists() else ()
    real = [on_file.sheet(trials, tools, vocabulary, Silent())] if trials else []
    scores = load_scores(data_dir)
    lines = [MADE, "# How often the tagger is right", ""]
    lines += _method(gold)
    lines += first_looks(load_first_looks(data_dir))
    lines += _short("In short: our own cases, on which the rules were mended", sheets)
    if scores is not None:
        lines += _short("In short: collections outside the repository", scores.sheets, _SEEN)
    lines += markdown(real)
    lines += ["## Our own cases", "", *markdown(sheets, 3)]
    lines += _collections(scores, fingerprint(data_dir))
    lines += disputed(disputes)
    return "\n".join(lines).rstrip() + "\n"


def _method(gold: Gold) -> list[str]:
    counts = (
        ("articles", len(gold.records)),
        ("registrations", len(gold.trials)),
        ("passages with results or doses", len(gold.findings)),
        ("questions on the direction of an outcome", len(gold.directions)),
        ("mentions with what is said of them", len(gold.context)),
    )
    return [
        "The tagger reads a record and says what was given, to whom, for which disease, in which phase, and how it "
        "came out. It is a program and makes mistakes; this page says how many, of which kind, and shows the worst.",
        "",
        f"There are {gold.size} labelled cases in `data/gold/`: {', '.join(f'{n} {name}' for name, n in counts)}. "
        "Their texts are invented in the manner of real ones (some titles are real). They were written without looking "
        "at the tagger's code, and chosen to be hard: look-alikes, denials, misleading numbers. They say how well the "
        "rules do what was meant; how often such texts occur in practice they do not say. Rules are mended where a "
        "case comes out wrong, so these figures flatter them; on records nobody has tuned on they may be lower.",
        "",
        "*Precision*: of what the tagger says, how much is right. *Recall*: of what it should say, how much it says. "
        "*F1*: one figure for both (their harmonic mean). In brackets the 95% interval: Wilson's for shares; for F1 "
        "the percentile bootstrap by record, 2,000 draws from a fixed seed (where all is right: Wilson's, by record); "
        "where several questions are put to one paper, the same bootstrap by paper. Every disputed case counts as an "
        "error in the first figure. A figure below what was asked for is marked **missed**, whatever its interval.",
        "",
    ]


def first_looks(looks: Sequence[FirstLook]) -> list[str]:
    """Return the section on first runs, texts that were not wholly unseen under a heading of their own.

    Args:
        looks: rows of the file, in its order; without any there is no section.
    """
    parts = (
        (
            "## In short: first looks at unseen texts",
            "The nearest to what you will see: figures of the first run on texts nobody had tuned on. Few and partly "
            "cut texts, labelled by one reader each; what went wrong was mended afterwards, so they count once. The "
            "texts are other people's and do not ship.",
            [look for look in looks if look.unseen],
        ),
        (
            "### Not wholly unseen",
            "First runs too, but of texts that whoever wrote the rules had labelled, or that belong to material the "
            "rules were made from: these figures flatter.",
            [look for look in looks if not look.unseen],
        ),
    )
    shown = [name for name in COLUMNS if name != "unseen"]
    lines = []
    for heading, text, some in parts:
        if some:
            body = [[cell(str(getattr(look, name))) for name in shown] for look in some]
            lines += [heading, "", text, "", *table(shown, body)]
    return lines


def _short(title: str, sheets: Sequence[Sheet], more: str = "") -> list[str]:
    """Return a section with the lines for which a goal was set, and how many goals are missed."""
    kept = [line for sheet in sheets for line in sheet.lines if line.asked]
    number, missed = goals(sheets)
    text = f"Where a figure was asked for: {len(missed)} of {number} goals are missed. {more}".rstrip()
    return markdown([Sheet(title, text, tuple(kept))]) if kept else []


def _collections(scores: Scores | None, now: str) -> list[str]:
    lines = ["## Collections outside the repository", ""]
    if scores is None:
        return [*lines, "Not measured yet: `kb evaluate --corpora FOLDER --save FILE --date DAY`.", ""]
    state = (
        "Tagger and scoring have not changed since."
        if scores.tagger == now
        else "**Something in tagger or scoring has changed since; these figures are of its earlier state.**"
    )
    lines += [
        f"Measured on {scores.day} with `kb evaluate --corpora`; the texts are other people's and do not ship, so only "
        f"figures are kept. {state} {_SEEN}",
        "",
        *table(["file", "SHA-256"], [[one.file, f"`{one.sha256[:16]}…`"] for one in scores.inputs]),
    ]
    return [*lines, *markdown(scores.sheets, 3)]


def disputed(disputes: Disputes) -> list[str]:
    """Return the section on cases in which the gold is wrong."""
    lines = ["## Where the gold itself is wrong", ""]
    if not disputes.rows:
        return [*lines, "No case is disputed (`data/gold/disputed.tsv`).", ""]
    body = [
        [row.corpus, row.id, row.field, cell(row.gold_says), cell(row.we_say), cell(row.why)] for row in disputes.rows
    ]
    text = "These still count as errors above; the figure without them stands beside."
    return [*lines, text, "", *table(["collection", "case", "field", "gold says", "we say", "why"], body)]
