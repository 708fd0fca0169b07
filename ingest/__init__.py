"""Adapters to the outside world: one source, one file, one shape (fetch yields, save writes).

Nothing in :mod:`kb` imports this package; only the command line knows both.
"""
