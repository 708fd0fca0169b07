"""What the tests of promised benefits share: made-up results and studies, and the level a sentence gets."""

from __future__ import annotations

from typing import Any

from kb.dataset import Dataset
from kb.records.claim import Claim
from kb.records.study import Study
from tests.factory import finding, judge, study, trial

AUTOLOGOUS = {"cell_source": ["autologous"], "expansion": ["ex-vivo-expanded"]}  # what the page sells
NKT: dict[str, Any] = {"cell_type": ["nk", "nkt"], "indication": ["aml"]}
BETTER = finding(direction="better", p="0.01")
MET = finding(direction="better", p="0.01", is_primary=True, met=True)
MISSED = finding(direction="no_difference", is_primary=True, met=False)
NO_RESPONSE = finding(n=0, is_primary=True)


def rct(
    result: dict[str, Any] = BETTER, phase: str = "PHASE2", key: dict[str, Any] | None = None, **values: Any
) -> Study:
    """A randomised comparison with chemotherapy."""
    arm = {"control": "chemotherapy", **(key or {})}
    return study(arm, [result], design="randomised-controlled", phase=phase, **values)


def failed(key: dict[str, Any] | None = None, **values: Any) -> Study:
    """A single-arm study whose primary endpoint was response, with none."""
    return study(key, [NO_RESPONSE], **values)


def stopped(reason: str | None, **values: Any) -> Any:
    """A terminated registration."""
    return trial(status="TERMINATED", stop_reason=reason, **values)


def level(data: Dataset, said: Claim, *records: Any, **where: Any) -> str:
    return judge(data, said, *records, **where).result.level
