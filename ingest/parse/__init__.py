"""Stored bytes → records: no network, no clock, nothing skipped in silence."""
