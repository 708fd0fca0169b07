"""Which claim of a new page is which of the old: same words first, then whatever pairing is likest in all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

import networkx as nx

from kb.check.report import Finding
from kb.check.tokens import plain, words

#: Which page ("old", "new") and which claim of it.
_Node = tuple[str, int]
#: How much the words count, the rest being what a claim is taken to say.
_TEXT = 0.6
#: Below these no two claims are versions of each other.
_LEAST_TEXT, _LEAST = 0.25, 0.45
#: Words so alike need no shared meaning.
_SAME_SENTENCE = 0.75
#: What keeping the place on the page is worth: it decides between equals only.
_ORDER = 0.02


def said(finding: Finding) -> tuple[str, ...]:
    """Return the words of a finding as compared: in one typography, without punctuation but for a question mark."""
    question = ("?",) if plain(finding.text).rstrip(" \"')").endswith("?") else ()
    return (*words(finding.text), *question)


def pairs(old: Sequence[Finding], new: Sequence[Finding]) -> dict[int, int]:
    """Return place in the old page → place in the new one, for claims that are on both.

    Args:
        old: claims of the old page, in its order.
        new: claims of the new page, in its order.
    """
    found = dict(_same(old, new))
    taken = set(found.values())
    olds = [place for place in range(len(old)) if place not in found]
    news = [place for place in range(len(new)) if place not in taken]
    graph: nx.Graph[_Node] = nx.Graph()
    for i in olds:
        for j in news:
            far = abs(i / len(old) - j / len(new))
            if (likeness := alike(old[i], new[j])) > 0:
                graph.add_edge(("old", i), ("new", j), weight=round(100_000 * (likeness + _ORDER * (1 - far))))
    for part in sorted(nx.connected_components(graph), key=min):
        inner: nx.Graph[_Node] = nx.Graph()
        inner.add_edges_from(sorted(_edges(graph, part)))
        for one, other in nx.max_weight_matching(inner):
            (_, i), (_, j) = sorted((one, other), reverse=True)
            found[i] = j
    return dict(sorted(found.items()))


def _edges(graph: nx.Graph[_Node], part: set[_Node]) -> Iterator[tuple[_Node, _Node, dict[str, int]]]:
    for one, other, data in graph.subgraph(part).edges(data=True):
        low, high = sorted((one, other))
        yield high, low, data


def _same(old: Sequence[Finding], new: Sequence[Finding]) -> Iterator[tuple[int, int]]:
    """Yield the places of claims with the same words: first those under the same headings, then in order."""
    open_old, open_new = dict(enumerate(map(said, old))), dict(enumerate(map(said, new)))
    for headings in (True, False):
        waiting: dict[tuple[object, ...], list[int]] = {}
        for j, text in open_new.items():
            waiting.setdefault((text, new[j].section if headings else ()), []).append(j)
        for i, text in list(open_old.items()):
            places = waiting.get((text, old[i].section if headings else ()))
            if places:
                j = places.pop(0)
                del open_old[i], open_new[j]
                yield i, j


def alike(one: Finding, other: Finding) -> float:
    """Return how like two claims are, 0 (not the same claim) to 1, by their words and what they are taken to say."""
    mine, theirs = [word.lower() for word in words(one.text)], [word.lower() for word in words(other.text)]
    if not mine or not theirs:
        return 0.0
    shared = 2 * (Counter(mine) & Counter(theirs)).total() / (len(mine) + len(theirs))
    if shared < _LEAST_TEXT:
        return 0.0
    text = (shared + SequenceMatcher(None, mine, theirs, autojunk=False).ratio()) / 2
    whole = _TEXT * text + (1 - _TEXT) * _meaning(one, other)
    return whole if text >= _SAME_SENTENCE or (text >= _LEAST_TEXT and whole >= _LEAST) else 0.0


def _meaning(one: Finding, other: Finding) -> float:
    axes = one.axes.keys() | other.axes.keys()
    shares = [_share(set(one.axes.get(axis, ())), set(other.axes.get(axis, ()))) for axis in sorted(axes)]
    common = sum(shares) / len(shares) if shares else 1.0
    same = (
        0.3 * (one.claim_type == other.claim_type)
        + 0.1 * (one.subject == other.subject)
        + 0.2 * (one.outcome == other.outcome)
    )
    return same + 0.4 * common


def _share(some: set[str], others: set[str]) -> float:
    return len(some & others) / len(some | others) if some | others else 1.0
