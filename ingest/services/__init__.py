"""The places of the outside world, one file each, all of the shape of :mod:`ingest.source`."""
