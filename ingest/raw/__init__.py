"""The raw store: immutable bytes, and the log of how they came."""
