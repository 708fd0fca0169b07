"""The NK Evidence Map: records, judging, storing and showing. Opens no socket."""

__version__ = "0.1.0"
