"""Messages on standard error are printed as they are: no line number or bracket of a message is markup."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from ingest import commands
from kb import options
from kb.errors import DataError, KbError, Problem


@pytest.mark.parametrize("explained", [options.explained, commands._explained])
def test_line_100_is_a_number(
    explained: Callable[[], AbstractContextManager[None]], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit), explained():
        raise KbError("data/a.tsv:100: no such concept [/x]")
    assert capsys.readouterr().err == "Error: data/a.tsv:100: no such concept [/x]\n"


def test_problems_keep_their_line(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit), options.explained():
        raise DataError([Problem("data/a.tsv", 100, "", "no such concept [/x]", "mend it")])
    told = capsys.readouterr().err
    assert "data/a.tsv:100: no such" in told
    assert "[/x]" in told
    assert told.endswith("1 problem\n")
