"""Groups of patients: reports of one trial, or tied as the same people, count once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import networkx as nx

from kb.records.study import Study


def tied(studies: Iterable[Study], by_id: Mapping[str, Study]) -> nx.Graph[str]:
    """Return the graph of studies and trials that share people, whatever the day.

    Args:
        studies: every study.
        by_id: study id or alias → study.
    """
    graph: nx.Graph[str] = nx.Graph()
    for study in studies:
        graph.add_node(study.id)
        graph.add_edges_from((study.id, trial_id) for trial_id in study.registry_ids)
        for relation in study.relations:
            if relation.type in ("same_cohort", "reports_on"):
                target = by_id.get(relation.target)
                graph.add_edge(study.id, target.id if target else relation.target)
    return graph
