"""Definitions of the tables, by subject; :mod:`kb.schema` puts them in order."""
