"""Contracts: commands, files, records, and the store."""

import pytest

# So that an assertion that fails in a helper is explained as one in a test is.
pytest.register_assert_rewrite("tests.contract.breaking")
