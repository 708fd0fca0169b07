"""What a record says was given to whom, for what, in which phase, and how it came out.

The way through it: a :class:`~kb.tag.record.TagRecord` is split into sentences, names of concepts are found in it
(:mod:`kb.tag.matcher`), each mention gets a role and an assertion, roles become tags, and numbers become findings.
Nothing here reads a file but the loaders that say so, and nothing asks the clock.
"""
