"""Read a page: bytes of .txt, .md, .html, .docx or .pdf → blocks whose characters know their place.

::

    opening (size, what kind of file it is) ─► text · markdown · html · docx · pdf (drafts) ─► drafts (a page)

Nothing of a page is executed or fetched.
"""

from kb.check.read.opening import LARGEST, read_bytes, read_page, read_text

__all__ = ["LARGEST", "read_bytes", "read_page", "read_text"]
