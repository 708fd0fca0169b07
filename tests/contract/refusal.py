"""What the tests of records share: why a record is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pydantic import ValidationError


def refused(action: Callable[[], object]) -> str:
    """Return why the record is refused."""
    with pytest.raises(ValidationError) as caught:
        action()
    return "; ".join(error["msg"] for error in caught.value.errors())
