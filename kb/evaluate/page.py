"""``docs/accuracy.md``: how often the tagger is right, for a reader who has to rely on it."""

from __future__ import annotations

from pathlib import Path

from kb.dataset import load_trials
from kb.evaluate import on_file
from kb.evaluate.corpora import Scores, fingerprint, load_scores
from kb.evaluate.disputed import Disputes, load_disputes
from kb.evaluate.gold import Gold, load_gold
from kb.evaluate.gold_run import evaluate
from kb.evaluate.load import load_tools
from kb.evaluate.report import cell, markdown
from kb.evaluate.sheet import Sheet
from kb.evaluate.tools import Tools
from kb.markdown import MADE, table
from kb.progress import Silent
from kb.reading import read_table
from kb.vocabulary import Vocabulary, load_vocabulary


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
    lines += _first_looks(data_dir)
    lines += _short("In short: our own cases, on which the rules were mended", sheets)
    if scores is not None:
        lines += _short("In short: collections outside the repository", scores.sheets)
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
        "the percentile bootstrap by record, 2,000 draws from a fixed seed (where all is right: Wilson's, by record). "
        "Every disputed case counts as an error in the first figure.",
        "",
    ]


def _first_looks(data_dir: Path) -> list[str]:
    """Return the section on texts that nobody had tuned on when they were run; "" without the file."""
    path = data_dir / "gold" / "first_looks.tsv"
    if not path.exists():
        return []
    columns = ("date", "texts", "measure", "figure", "note")
    rows = read_table(path, data_dir, columns, "\t")
    text = (
        "The nearest to what you will see: figures of the first run on texts nobody had tuned on. Few and partly cut "
        "texts, labelled by one reader each; what went wrong was mended afterwards, so they count once. The texts are "
        "other people's and do not ship."
    )
    body = [[cell(row.cells[name]) for name in columns] for row in rows]
    return ["## In short: first looks at unseen texts", "", text, "", *table(list(columns), body), ""]


def _short(title: str, sheets: list[Sheet] | tuple[Sheet, ...]) -> list[str]:
    """Return a section with the lines for which a goal was set."""
    kept = [line for sheet in sheets for line in sheet.lines if line.asked]
    return markdown([Sheet(title, "Where a figure was asked for.", tuple(kept))]) if kept else []


def _collections(scores: Scores | None, now: str) -> list[str]:
    lines = ["## Collections outside the repository", ""]
    if scores is None:
        return [*lines, "Not measured yet: `kb evaluate --corpora FOLDER --save FILE --date DAY`.", ""]
    state = (
        "The tagger has not changed since."
        if scores.tagger == now
        else "**The tagger has changed since; these figures are of its earlier state.**"
    )
    lines += [
        f"Measured on {scores.day} with `kb evaluate --corpora`; the texts are other people's and do not ship, so only "
        f"figures are kept. {state}",
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
