"""Check any page: from marketing copy to verdicts with reasons.

::

    file ─► read/ (a page of blocks whose characters know their place in the file)
         ─► claims (sentences, bullets, cells → what they claim) ─► kb.assess (the same engine as the register)
         ─► report ─► output/ (text, JSON, CSV, HTML, SARIF, Word comments)

Nothing here opens a socket, and nothing of a page is ever executed: a page is data.
"""
