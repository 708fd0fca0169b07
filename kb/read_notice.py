"""How often what rules read in abstracts was wrong, in words: said once, for tables and pages alike.

The figures are those of ``data/gold/first_looks.tsv``: abstracts nobody had tuned the rules on, one run each.
"""

from __future__ import annotations

READ_ERRORS = (
    "On abstracts nobody had tuned on, between one row in six (about 106 of 666) and two in five (23 of 60) were "
    "wrong in some field: they lead to the sentence and do not replace it."
)
