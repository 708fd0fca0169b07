"""A local double of the services: real HTTP on loopback, protocol-true, with faults on demand.

Everything in it is invented: PMIDs from 90000001, registrations from NCT99000001, DOIs below 10.5555.
What the services really answer was read in their documentation and in public reports of live answers; what is
only a guess says so where it is written.

    world = World.make(seed=1, papers=60, trials=20)
    with Double(world, Faults(1, [Rule("busy_429", path_regex="efetch", times=3)])) as double:
        ...  # ask double.eutils, double.ctgov, double.europepmc, double.retraction_watch, double.baseline
        double.world = world.later()  # the next night
        assert peak(double.seen, 1.0) <= 3

By hand: ``python -m tests.doubles --help``.
"""
