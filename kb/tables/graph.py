"""Graph, places, vocabulary, search and the build itself."""

from __future__ import annotations

from kb.shape import ID, Table
from kb.shape import column as c

GRAPH: tuple[Table, ...] = (
    Table(
        "nodes",
        "Graph: nodes",
        "Everything that has an id, one row each: the registry of all records and the nodes of the graph.",
        (
            ID,
            c(
                "kind",
                "study, trial, approval, absence, access_route, safety_event, document, claim, concept or product",
                required=True,
            ),
            c("label", "short name for people", required=True),
            c("url", "canonical public page, where there is one"),
        ),
        label="label",
        facets=("kind",),
        indexes=(("kind",),),
    ),
    Table(
        "edges",
        "Graph: edges",
        "One directed tie between two records; edge_types says what each kind of tie means.",
        (
            c("id", "source, type and target joined by a space", required=True),
            c("source", "record the tie starts from", references="nodes", required=True),
            c("type", "kind of tie", references="edge_types", required=True),
            c("target", "record the tie points to", references="nodes", required=True),
            c(
                "stance",
                "of rests_on: how the record stands to the claim, as in evidence (supports, partly, contradicts, "
                "does_not_support); several, where arms or results differ, joined by a vertical bar",
            ),
        ),
        facets=("type",),
        indexes=(("source",), ("target",), ("type",)),
    ),
    Table(
        "edge_types",
        "Graph: kinds of tie",
        "The closed list of ties: what each means, between what it stands, and how it is read.",
        (
            c("id", "name in edges.type", required=True),
            c("sources", "kinds of node it may start from: JSON list", required=True),
            c("targets", "kinds of node it may point to: JSON list", required=True),
            c("meaning", "what the tie says", required=True),
            c("forward", "the tie in words, read from its start", required=True),
            c("backward", "the tie in words, read from its end", required=True),
            c(
                "follow",
                "whether `kb path` follows it as evidence: forward (from start to end) or both ways; empty = it is no "
                "evidence",
            ),
        ),
    ),
    Table(
        "jurisdictions",
        "Jurisdictions",
        "The closed list of places a status is given for.",
        (
            c("id", "ISO 3166 code, EU for the European Union", required=True),
            c("name", "name", required=True),
            c("regulator", "authority that licenses medicines there", required=True),
            c("position", "order on pages", "integer", required=True),
        ),
        label="name",
    ),
    Table(
        "concepts",
        "Concepts",
        "One concept of one facet of the vocabulary.",
        (
            c("id", "facet and slug (indication:aml)", required=True),
            c("facet", "axis of the product key, or phase, outcome, event, design", required=True),
            c("slug", "id inside the facet", required=True),
            c("label", "standard name", required=True),
            c("synonyms", "other names: JSON list"),
            c("look_alikes", "texts that contain a name and mean something else: JSON list"),
            c("xrefs", "identifiers in CL, MONDO, DOID, MeSH, NCIt, Cellosaurus: JSON list"),
            c("implies", "concepts of other axes that hold by definition: JSON list"),
            c("unless_stated", "what a record that was read means by this name unless it says otherwise: JSON list"),
            c("definition", "definition, where one is needed"),
        ),
        label="label",
        facets=("facet",),
        indexes=(("facet",),),
        search=("label", "synonyms"),
    ),
    Table(
        "concept_parents",
        "Concepts: parents",
        "One step up the hierarchy.",
        (
            c("concept_id", "narrower concept", references="concepts", required=True),
            c("parent_id", "broader concept", references="concepts", required=True),
        ),
        key=("concept_id", "parent_id"),
        indexes=(("parent_id",),),
    ),
    Table(
        "concept_closure",
        "Concepts: all ancestors",
        "Every concept with itself and everything broader, so that 'leukaemia' finds AML.",
        (
            c("concept_id", "narrower concept, or the concept itself", references="concepts", required=True),
            c("ancestor_id", "broader concept, or the concept itself", references="concepts", required=True),
        ),
        key=("concept_id", "ancestor_id"),
        indexes=(("ancestor_id",),),
    ),
    Table(
        "tags",
        "Tags",
        "One concept a record was tagged with, and where the tag comes from.",
        (
            c("id", "record, field and concept", required=True),
            c("record_id", "study, trial, or fetched article or registration", required=True),
            c("facet", "facet", required=True),
            c("concept_id", "concept", references="concepts", required=True),
            c(
                "origin",
                "who says it: reviewed (a curator entered it); of fetched records text, mesh, derived_mesh, "
                "product_list, publication_type or registry (rules read it, nobody reviewed it)",
                required=True,
            ),
            c("field", "field of the record", required=True),
            c("start", "first character of the marked text, for tags from text", "integer"),
            c("end", "character after the marked text, for tags from text", "integer"),
            c("assertion", "present, absent, possible, historical or contrast", required=True),
            c("rule", "rule that set the tag", required=True),
        ),
        facets=("facet", "origin"),
        indexes=(("record_id",), ("concept_id",), ("facet",), ("origin",)),
    ),
    Table(
        "search_entries",
        "Site search",
        "One entry for the search box, with the names and broader names of its concepts.",
        (
            c("id", "record", references="nodes", required=True),
            c("kind", "kind of record", required=True),
            c("title", "what to show", required=True),
            c("detail", "second line"),
            c("words", "names and synonyms of its concepts and of everything broader"),
        ),
        search=("title", "detail", "words"),
        hidden=True,
    ),
    Table(
        "builds",
        "Build",
        "The build this file is: from what, for which day.",
        (
            c("id", "always 1", "integer", required=True),
            c("version", "version of the software", required=True),
            c("as_of", "day the statuses are for", required=True),
            c("data_sha256", "fingerprint of all data files", required=True),
            c(
                "raw_sha256",
                "fingerprint of the raw store that was read and of the code that parsed it; empty without one",
            ),
            c("options", "options of kb build beyond the defaults (as_of, with_abstracts): JSON", required=True),
            c("content_sha256", "fingerprint of every row of every other table but the log of answers", required=True),
            c("counts", "rows in each table: JSON", required=True),
        ),
    ),
    Table(
        "searches",
        "Searches",
        "Searches that were really run; none listed for a cell of the map means not searched.",
        (
            ID,
            c("kind", "database or stored_copies", required=True),
            c("source", "what was searched", required=True),
            c("query", "query as sent", required=True),
            c("date", "day", required=True),
            c("hits", "results", "integer"),
            c("relevant", "results that were about people treated with such cells", "integer"),
            c("complete", "1 when the source covers the field", "integer", required=True),
            c("indication", "diseases it was for: JSON list"),
            c("cell_type", "cells it was for: JSON list"),
        ),
    ),
)
