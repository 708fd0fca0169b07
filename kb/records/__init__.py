"""The record types: one pydantic model for each kind of file in ``data/``.

A record is what a person reviewed. Nothing here opens a file or a database; reading is
:mod:`kb.dataset`, storing is :mod:`kb.store`.
"""
