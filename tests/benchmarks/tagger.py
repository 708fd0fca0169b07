"""Finding names: the matcher of this project beside spaCy's PhraseMatcher, and what its cost grows with.

Both look for the same written forms of all facets in the same texts, each in a process of its own, by turns in one run.
Texts are made with a fixed seed from our own titles and synonyms; a JSONL file of records (``title``, ``abstract``) may
be added. What grows is shown as a ratio: cost of a character when texts are 2 and 4 times as long, and when the
vocabulary has 4 and 16 times as many names.

Run: ``python -m tests.benchmarks.tagger [FILE.jsonl[.gz]] [--peer PYTHON]``, where PYTHON is the interpreter of an
environment that has spaCy. Without ``--peer`` one is made from the package index and thrown away.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kb.tag.matcher import Matcher
from kb.vocabulary import FACETS, Concept, Vocabulary, load_vocabulary
from tests.benchmarks.parsers import install

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "data"
ROUNDS = 5
RECORDS = 800
SEED = 20_031
#: Words beside names.
PLAIN_WORDS = (
    "the of and in to with a for were was by that or is at from as we be on this not than after had an between which "
    "these may did our are both using results study group showed compared their more median during use other total "
    "significantly months data years received among rate analysis observed higher baseline three no two one however "
    "treated until primary included days weeks effect values same increase level evaluated associated"
)
PLAIN = PLAIN_WORDS.split()
LETTERS = "aaeeeiiooutrnslcdmphgbfvyzxk"
LONGER = (1, 2, 4)
LARGER = (1, 4, 16)
#: The peer's side, run by its own interpreter: names and texts from a file, seconds and matches to standard output.
PEER = """
import json, sys, time
import spacy
from spacy.matcher import PhraseMatcher
given = json.load(open(sys.argv[1], encoding="utf-8"))
nlp = spacy.blank("en")
matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
for key, names in given["names"]:
    matcher.add(key, [nlp.make_doc(name) for name in names])
texts = given["texts"]
for text in texts[: len(texts) // 10]:
    matcher(nlp.make_doc(text))
start = time.perf_counter()
hits = sum(len(matcher(nlp.make_doc(text))) for text in texts)
print(json.dumps({"seconds": time.perf_counter() - start, "hits": hits, "version": spacy.__version__}))
"""
#: Our side, in a process as well.
OURS = """
import json, sys, time
from tests.benchmarks.tagger import DATA
from kb.tag.matcher import Matcher
from kb.vocabulary import load_vocabulary
texts = json.load(open(sys.argv[1], encoding="utf-8"))["texts"]
matcher = Matcher(load_vocabulary(DATA))
for text in texts[: len(texts) // 10]:
    matcher.find(text)
start = time.perf_counter()
hits = sum(len(matcher.find(text)) for text in texts)
print(json.dumps({"seconds": time.perf_counter() - start, "hits": hits, "version": "this commit"}))
"""


def titles() -> list[str]:
    """Return the titles of our own studies and trials."""
    found = re.findall(
        r"^title: +(.+)$",
        "\n".join(p.read_text(encoding="utf-8") for p in sorted(DATA.glob("studies/*.yml"))),
        re.MULTILINE,
    )
    with (DATA / "trials.csv").open(encoding="utf-8", newline="") as handle:
        return [title.strip("'\"") for title in found] + [row["title"] for row in csv.DictReader(handle)]


def written(vocabulary: Vocabulary) -> list[tuple[str, list[str]]]:
    """Return the names of every concept."""
    return [(concept.key, [concept.label, *concept.synonyms]) for concept in vocabulary]


def made(vocabulary: Vocabulary) -> list[str]:
    """Return made-up records: a title of ours, then sentences with a name in every second.

    Words of titles alone would be names more than anything else. Most words are therefore plain English or made up,
    a tenth of them never seen twice, with numbers and brackets between, which comes near to abstracts.
    """
    chance = random.Random(SEED)  # noqa: S311 - a fixed seed, no secret
    heads = titles()
    known = [word for title in heads for word in title.split()]
    names = [name for _, group in written(vocabulary) for name in group]
    records = []
    for _ in range(RECORDS):
        text = [chance.choice(heads) + "."]
        for _ in range(chance.randint(6, 12)):
            words = [one_word(chance, known) for _ in range(chance.randint(10, 28))]
            if chance.random() < 0.5:
                words.insert(chance.randrange(len(words)), chance.choice(names))
            text.append(" ".join(words) + ".")
        records.append(" ".join(text))
    return records


def one_word(chance: random.Random, known: list[str]) -> str:
    """Return a plain word, a word of a title, a word nobody has seen or a number."""
    kind = chance.random()
    if kind < 0.6:
        word = chance.choice(PLAIN)
    elif kind < 0.82:
        word = chance.choice(known)
    elif kind < 0.92:
        word = "".join(chance.choices(LETTERS, k=chance.randint(4, 11)))
    else:
        word = f"{chance.randint(1, 99)}.{chance.randint(0, 99)}{chance.choice(('', '%', ' mg/kg', '-fold'))}"
    return chance.choice((word,) * 8 + (word + ",", f"({word})"))


def read(path: Path) -> list[str]:
    """Return title and abstract of each record of a JSONL file, packed or plain."""
    opener: Callable[..., Any] = gzip.open if path.suffix == ".gz" else Path.open
    with opener(path, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return [f"{record.get('title') or ''}\n{record.get('abstract') or ''}" for record in records]


def once(python: str, code: str, given: Path) -> dict[str, Any]:
    """Run one side once in its own process."""
    done = subprocess.run([python, "-c", code, str(given)], capture_output=True, text=True, cwd=ROOT, check=False)
    if done.returncode:
        raise SystemExit(f"{python}: {(done.stderr.strip().splitlines() or ['it died'])[-1]}")
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def race(title: str, texts: list[str], names: list[tuple[str, list[str]]], peer: str, home: Path) -> None:
    """Print the medians of both sides on the same texts, and the median of the ratios of each round."""
    given = home / "given.json"
    given.write_text(json.dumps({"names": names, "texts": texts}), encoding="utf-8")
    size = sum(map(len, texts)) / 1e6
    print(f"\n{title}: {len(texts):,} records, {size:.2f} million characters, {sum(len(n) for _, n in names):,} names")
    rounds = [(once(sys.executable, OURS, given), once(peer, PEER, given)) for _ in range(ROUNDS)]
    for name, side in (("this project", 0), (f"spaCy {rounds[0][1]['version']}", 1)):
        seconds = statistics.median(pair[side]["seconds"] for pair in rounds)
        hits = rounds[0][side]["hits"]
        print(f"  {name:14} {size / seconds:6.2f} MB/s {len(texts) / seconds:8,.0f} records/s {hits:8,} hits")
    ratios = [theirs["seconds"] / ours["seconds"] for ours, theirs in rounds]
    print(f"  this project is {statistics.median(ratios):.2f} times as fast ({min(ratios):.2f} to {max(ratios):.2f})")


def cost(matcher: Matcher, texts: list[str]) -> float:
    """Return seconds for one pass over some texts."""
    start = time.perf_counter()
    for text in texts:
        matcher.find(text)
    return time.perf_counter() - start


def ratios(passes: dict[int, Callable[[], float]]) -> str:
    """Run some passes by turns and return their medians as ratios to the first."""
    taken: dict[int, list[float]] = {key: [] for key in passes}
    for _ in range(ROUNDS):
        for key, run in passes.items():
            taken[key].append(run())
    first = next(iter(passes))
    return ", ".join(
        f"{key}×: {statistics.median(a / b for a, b in zip(taken[key], taken[first], strict=True)):.2f}"
        for key in passes
    )


def enlarged(vocabulary: Vocabulary, times: int) -> Vocabulary:
    """Return a vocabulary with made-up concepts until it has so many times the names; a third begin as texts do."""
    chance = random.Random(SEED)  # noqa: S311
    common = [word for title in titles() for word in title.split() if word.isalpha()]
    count = sum(len(names) for _, names in written(vocabulary))
    extra = {}
    for number in range(count * (times - 1)):
        word = "".join(chance.choices("abcdefghiklmnoprstu", k=chance.randint(5, 11)))
        name = f"{chance.choice(common)} {word}" if chance.random() < 1 / 3 else f"{word} {chance.choice(common)}"
        extra[f"made-{number}"] = Concept("event", f"made-{number}", name, (), (), (), (), (), (), "", 0)
    return Vocabulary({**vocabulary.concepts, "event": {**vocabulary.concepts["event"], **extra}})


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("file", type=Path, nargs="?", help="records to read beside the made-up ones")
    arguments.add_argument("--peer", help="Python of an environment with spaCy (pip install spacy)")
    chosen = arguments.parse_args()
    vocabulary = load_vocabulary(DATA)
    texts = made(vocabulary)
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        peer = chosen.peer or str(install("spacy", home)[0])
        race("made from our titles and synonyms", texts, written(vocabulary), peer, home)
        if chosen.file:
            race(chosen.file.name, read(chosen.file), written(vocabulary), peer, home)
    matcher = Matcher(vocabulary, FACETS)

    def pass_of(found: Matcher, size: int) -> Callable[[], float]:
        joined = ["\n".join(texts[start : start + size]) for start in range(0, len(texts), size)]
        return lambda: cost(found, joined)

    print(f"\ncost of a character as texts grow   {ratios({size: pass_of(matcher, size) for size in LONGER})}")
    large = {times: pass_of(Matcher(enlarged(vocabulary, times)), 1) for times in LARGER}
    print(f"cost of a character as names grow   {ratios(large)}")


if __name__ == "__main__":
    main()
