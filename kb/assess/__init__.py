"""Judging: from reviewed facts and published rules to a status with its proof.

Nothing here reads a file or a database, and nothing outside computes a status.

* :mod:`kb.assess.match`: how a record stands to a sentence, axis by axis
* :mod:`kb.assess.outcome`: whether a study's findings are positive or negative for an outcome
* :mod:`kb.assess.evidence`: every record that bears on a product key on a date
* :mod:`kb.assess.licence`: what an authorisation covers, where and when
* :mod:`kb.assess.benefit`: efficacy and eligibility; :mod:`kb.assess.safety`: harms
* :mod:`kb.assess.statement`: citations, regulatory statements, counts
* :mod:`kb.assess.claim`: gate by type, both results, accuracy
"""
