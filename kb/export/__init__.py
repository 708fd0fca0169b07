"""Complete files of a store, with a manifest; one module a family of formats.

A format is one line in :mod:`kb.export.formats` and a function that says which files it makes and writes them;
:mod:`kb.export.write` does the rest: temporary names, checksums, the manifest, and what may be overwritten.
"""
