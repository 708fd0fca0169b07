"""A report in the form somebody asked for: terminal, JSON, CSV, SARIF, HTML or Word comments.

Every module turns a :class:`kb.check.report.Report` into text or bytes and computes no verdict. The same report gives
the same bytes: no clock, no environment. Text of the page is data; each module makes it harmless for its own reader.
"""
