"""A local double of the services: real HTTP on loopback, protocol-true, with faults on demand.

Everything in it is invented: PMIDs from 90000001, registrations from NCT99000001, DOIs below 10.5555.
What the services really answer was read in their documentation and in public reports of live answers; what is
only a guess says so where it is written.
"""
