"""``--fail-on``: which findings make a check fail, in the user's own terms."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from kb.check.output.words import SEVERITIES
from kb.check.report import Finding, Report
from kb.english import ACCURACY, CLASSES
from kb.errors import KbError
from kb.rules import Rules

#: What the exit code looks at without ``--fail-on``.
OBJECTION = "objection"


class TokenError(KbError):
    """A word after ``--fail-on`` that names nothing; the message says what may have been meant."""


@dataclass(frozen=True)
class Tokens:
    """The words ``--fail-on`` understands.

    Attributes:
        levels, codes: of ``data/rules``.
        wording: ids of the wording rules.
    """

    levels: tuple[str, ...]
    codes: tuple[str, ...]
    wording: tuple[str, ...]

    @classmethod
    def of(cls, rules: Rules, wording: Iterable[str]) -> Tokens:
        """Return the words for a published rule set.

        Args:
            rules: of ``data/rules``.
            wording: ids of its wording rules.
        """
        levels = tuple(level.level for level in rules.status.levels)
        return cls(levels, tuple(sorted(rules.codes)), tuple(sorted(wording)))

    @property
    def allowed(self) -> tuple[str, ...]:
        """Every word, those of the product sold (``sold:``) included."""
        judged = (*CLASSES, *self.levels)
        return (
            OBJECTION,
            *judged,
            *(f"sold:{token}" for token in judged),
            *ACCURACY,
            *self.codes,
            *(f"rule:{severity}" for severity in SEVERITIES),
            *self.wording,
        )

    def read(self, tokens: Iterable[str]) -> frozenset[str]:
        """Return the words as they are spelled here; upper and lower case are the same.

        Raises:
            TokenError: one of them is not known.
        """
        spelled = {token.casefold(): token for token in self.allowed}
        found = set()
        for token in tokens:
            asked = token.strip().casefold()
            if asked not in spelled:
                raise TokenError(_unknown(token.strip(), asked, spelled))
            found.add(spelled[asked])
        return frozenset(found)


def matches(report: Report, tokens: Iterable[str], known: Tokens) -> list[Finding]:
    """Return the findings that carry at least one of the words, in the order of the page.

    Args:
        report: what was found.
        tokens: classes, levels (``sold:`` before them for the product sold), accuracies, codes, ids of wording rules,
            severities (``rule:high``) or ``objection``.
        known: the words of the rule set that was used.

    Raises:
        TokenError: one of the words is not known.
    """
    asked = known.read(tokens)
    return [finding for finding in report.findings if asked & carried(finding)]


def carried(finding: Finding) -> frozenset[str]:
    """Return every word of ``--fail-on`` that a finding answers to."""
    words = {finding.status_class, finding.level, finding.accuracy, *finding.codes}
    words |= {f"sold:{token}" for token in (finding.sold_class, finding.sold_level) if token}
    for rule in finding.rules:
        words |= {rule.id, f"rule:{rule.severity}"}
    if finding.objection:
        words.add(OBJECTION)
    return frozenset(words)


def _unknown(token: str, asked: str, spelled: dict[str, str]) -> str:
    near = difflib.get_close_matches(asked, spelled, n=3, cutoff=0.5)
    meant = f"did you mean {', '.join(spelled[one] for one in near)}?" if near else _kinds()
    return f"--fail-on {token or '(nothing)'}: no such class, level, accuracy, code or wording rule → {meant}"


def _kinds() -> str:
    severities = ", ".join(f"rule:{severity}" for severity in SEVERITIES)
    return f"use a class ({', '.join(CLASSES)}), a level, an accuracy ({', '.join(ACCURACY)}), a code or {severities}"
