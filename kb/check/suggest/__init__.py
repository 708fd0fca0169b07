"""What could be said instead of a claim that does not hold: sentences made of stored facts alone.

::

    claim + verdict ─► records (which may be told, in which order) ─► frames (our words) + wording (the facts in words)
                    ─► reread (read back as a page would be; what does not hold is not offered) ─► text or reason
"""
