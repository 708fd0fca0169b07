"""The one home of the store's shape: tables, columns, keys, indexes, search, views.

``metadata.yml``, the data dictionary and the tests are made from this module; nothing exists in
the store that is not described here, and nothing is described that does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ColumnType = Literal["text", "integer", "float"]

DISCLAIMER = "Not legal or medical advice."

AXIS_MEANING = {
    "cell_type": "cells that were given",
    "cell_source": "where the cells came from",
    "expansion": "whether the cells were expanded outside the body",
    "engineering": "whether the cells were genetically engineered",
    "indication": "disease or aim",
    "setting": "line of treatment, age group, stage or other restriction of the people",
    "combination": "what was given together with the cells",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: name, SQLite type, meaning, and what it points to."""

    name: str
    meaning: str
    type: ColumnType = "text"
    references: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Attributes:
        title: heading on pages.
        meaning: what one row is.
        key: primary key columns.
        label: column Datasette shows where another table points here.
        facets: columns offered as filters.
        indexes: other indexed columns, each a tuple.
        search: columns in the full-text index.
        hidden: kept out of the list of tables (still open to queries).
    """

    name: str
    title: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("id",)
    label: str = ""
    facets: tuple[str, ...] = ()
    indexes: tuple[tuple[str, ...], ...] = ()
    search: tuple[str, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """One view: SQL, and the meaning of each column it returns."""

    name: str
    title: str
    meaning: str
    sql: str
    columns: tuple[tuple[str, str], ...]


def _c(name: str, meaning: str, type: ColumnType = "text", references: str = "", *, required: bool = False) -> Column:  # noqa: A002
    return Column(name, meaning, type, references, required)


_ID = _c("id", "stable key; never reused", required=True)
_PROVENANCE = (
    _c("source", "public page on which a reader can open the fact", required=True),
    _c("retrieved", "day the fact was taken from the source (YYYY-MM-DD)", required=True),
    _c("checked", "best reading behind the row: full_text, abstract, registry, regulator or secondary", required=True),
)
_AXES = tuple(
    _c(axis, f"{meaning}: JSON list of concept ids; empty list = not stated") for axis, meaning in AXIS_MEANING.items()
)

TABLES: tuple[Table, ...] = (
    Table(
        "nodes",
        "Graph: nodes",
        "Everything that has an id, one row each: the registry of all records and the nodes of the graph.",
        (
            _ID,
            _c(
                "kind",
                "study, trial, approval, absence, access_route, safety_event, document, claim, concept or product",
                required=True,
            ),
            _c("label", "short name for people", required=True),
            _c("url", "canonical public page, where there is one"),
        ),
        label="label",
        facets=("kind",),
        indexes=(("kind",),),
    ),
    Table(
        "edges",
        "Graph: edges",
        "One directed tie between two records.",
        (
            _c("id", "source, type and target joined by a space", required=True),
            _c("source", "record the tie starts from", references="nodes", required=True),
            _c("type", "kind of tie", required=True),
            _c("target", "record the tie points to", references="nodes", required=True),
        ),
        facets=("type",),
        indexes=(("source",), ("target",), ("type",)),
    ),
    Table(
        "jurisdictions",
        "Jurisdictions",
        "The closed list of places a status is given for.",
        (
            _c("id", "ISO 3166 code, EU for the European Union", required=True),
            _c("name", "name", required=True),
            _c("regulator", "authority that licenses medicines there", required=True),
            _c("position", "order on pages", "integer", required=True),
        ),
        label="name",
    ),
    Table(
        "concepts",
        "Concepts",
        "One concept of one facet of the vocabulary.",
        (
            _c("id", "facet and slug (indication:aml)", required=True),
            _c("facet", "axis of the product key, or phase, outcome, event, design", required=True),
            _c("slug", "id inside the facet", required=True),
            _c("label", "standard name", required=True),
            _c("synonyms", "other names: JSON list"),
            _c("look_alikes", "texts that contain a name and mean something else: JSON list"),
            _c("xrefs", "identifiers in CL, MONDO, DOID, MeSH, NCIt, Cellosaurus: JSON list"),
            _c("implies", "concepts of other axes that hold by definition: JSON list"),
            _c("unless_stated", "what a record that was read means by this name unless it says otherwise: JSON list"),
            _c("definition", "definition, where one is needed"),
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
            _c("concept_id", "narrower concept", references="concepts", required=True),
            _c("parent_id", "broader concept", references="concepts", required=True),
        ),
        key=("concept_id", "parent_id"),
        indexes=(("parent_id",),),
    ),
    Table(
        "concept_closure",
        "Concepts: all ancestors",
        "Every concept with itself and everything broader, so that 'leukaemia' finds AML.",
        (
            _c("concept_id", "narrower concept, or the concept itself", references="concepts", required=True),
            _c("ancestor_id", "broader concept, or the concept itself", references="concepts", required=True),
        ),
        key=("concept_id", "ancestor_id"),
        indexes=(("ancestor_id",),),
    ),
    Table(
        "studies",
        "Studies",
        "One publication: who it is, how it was done, what it found in our words.",
        (
            _c("id", "PMID:…, DOI:…, PMC:… or REC:… when no public number is known", references="nodes", required=True),
            _c("pmid", "PubMed number"),
            _c("pmcid", "PubMed Central number"),
            _c("doi", "digital object identifier"),
            _c("title", "title as published", required=True),
            _c("authors", "authors as far as seen: JSON list"),
            _c("journal", "journal"),
            _c("year", "year of publication", "integer"),
            _c("publication_date", "date of publication, as precise as seen"),
            _c("date_precision", "day, month or year"),
            _c("volume_pages", "volume, issue and pages"),
            _c("publication_types", "PubMed publication types where seen: JSON list"),
            _c("evidence_kind", "human, animal, in_vitro, review or other", required=True),
            _c("design", "study design", references="concepts", required=True),
            _c("phase", "phase in ClinicalTrials.gov spelling; empty = not reported"),
            _c("n_enrolled", "people enrolled; empty = not reported", "integer"),
            _c("n_evaluable", "people who could be judged; empty = not reported", "integer"),
            _c("funding", "funding or company authorship where stated"),
            _c("finding", "what the study shows, in our own words", required=True),
            _c("integrity", "none, corrected, concern, retracted, reinstated or unchecked", required=True),
            _c("integrity_date", "date of that state"),
            _c("read", "whole, truncated or not_read: only a record read whole counts by its silence", required=True),
            _c("unverified", "fields that rest on a secondary source: JSON list"),
            _c(
                "second_check",
                "re-check by somebody who did not enter it: agrees, corrected, disputed or source_not_found",
            ),
            _c("second_check_by", "automated or person"),
            _c("aliases", "ids the record had before: JSON list"),
            _c("notes", "conflicts between sources and other remarks"),
            *_PROVENANCE,
        ),
        label="title",
        facets=("evidence_kind", "design", "phase", "checked", "integrity"),
        indexes=(("year",), ("evidence_kind",), ("design",), ("phase",), ("checked",), ("integrity",)),
        search=("title", "authors", "journal", "finding"),
    ),
    Table(
        "trials",
        "Trials",
        "One registration. A status is true on its own date only.",
        (
            _c("id", "registration number", references="nodes", required=True),
            _c("registry", "registry", required=True),
            _c("title", "title"),
            _c("title_kind", "registry: the registry's own title; description: words of ours or of a review"),
            _c("phase", "phase in ClinicalTrials.gov spelling, several joined by a bar; empty = not seen"),
            _c("phase_raw", "phase as the source prints it"),
            _c("status", "recruitment status in ClinicalTrials.gov spelling; empty = not seen"),
            _c("status_raw", "status as the source prints it"),
            _c("status_date", "date on which the status was true in the copy read"),
            _c("status_dispute", "where two sources disagree about the status"),
            _c("first_posted", "date of first posting"),
            _c("enrollment", "people, planned or actual", "integer"),
            _c("sponsor", "sponsor"),
            _c("start_date", "start"),
            _c("completion_date", "completion"),
            _c("why_stopped", "reason for stopping, shortened"),
            _c("stop_reason", "safety, futility or other"),
            _c("conditions", "conditions as registered"),
            _c("interventions", "interventions as registered"),
            _c(
                "is_nk_therapy",
                "1: cells of NK or NKT lineage are the product; 0: look-alike, see note",
                "integer",
                required=True,
            ),
            _c("doubt", "why the row is kept out of counts and answers; empty = no doubt"),
            _c("note", "remarks, and which copy was read"),
            *_PROVENANCE,
        ),
        label="title",
        facets=("phase", "status", "is_nk_therapy", "checked"),
        indexes=(("phase",), ("status",), ("is_nk_therapy",), ("checked",)),
        search=("title", "conditions", "interventions", "sponsor"),
    ),
    Table(
        "keys",
        "Product keys",
        "What one arm, basket, trial or label is about, on seven axes.",
        (
            _c("id", "record and arm (PMID:…#main)", required=True),
            _c("record_id", "study, trial, authorisation, absence or safety event", references="nodes", required=True),
            _c("record_kind", "study, trial, approval, absence or safety_event", required=True),
            _c("name", "name of the arm"),
            _c("arm", "what the arm got, in our words"),
            _c("control", "what the comparator got"),
            _c("control_shares", "partners the comparator got too: JSON list"),
            _c("active_disease", "1 active disease at infusion, 0 none, empty not stated", "integer"),
            _c("n", "people in the arm", "integer"),
            _c("derived", "axes filled by definition or by the field's naming, not by a word of the source: JSON list"),
            *_AXES,
        ),
        label="arm",
        facets=("record_kind",),
        indexes=(("record_id",), ("record_kind",)),
    ),
    Table(
        "key_concepts",
        "Product keys: concepts",
        "The axes of the product keys, one concept a row, for joins.",
        (
            _c("key_id", "product key", references="keys", required=True),
            _c("axis", "axis", required=True),
            _c("concept_id", "concept", references="concepts", required=True),
        ),
        key=("key_id", "concept_id"),
        facets=("axis",),
        indexes=(("concept_id",), ("axis",)),
    ),
    Table(
        "findings",
        "Findings",
        "One measured result of one arm or comparison.",
        (
            _c("id", "key and position", required=True),
            _c("key_id", "arm it belongs to", references="keys", required=True),
            _c("study_id", "publication", references="studies", required=True),
            _c("summary", "the result in one line, with its denominator", required=True),
            _c("endpoint", "what was measured", required=True),
            _c("outcome", "outcome group", references="concepts", required=True),
            _c("endpoint_kind", "endpoint on the scale of NCI PDQ"),
            _c("n", "people with the event", "integer"),
            _c("n_total", "people it is counted in", "integer"),
            _c("n_basis", "whom n_total counts: enrolled, treated, evaluable or a subgroup"),
            _c("percent", "percentage as printed", "float"),
            _c("interval", "confidence interval in words"),
            _c("interval_low", "lower bound", "float"),
            _c("interval_high", "upper bound", "float"),
            _c("value", "other numbers with their unit"),
            _c("p", "P value as printed"),
            _c("direction", "better, no_difference, worse, not_comparative or unclear", required=True),
            _c("gain", "without a comparator: 1 somebody gained, 0 nobody did, empty not stated", "integer"),
            _c("event", "kind of harm", references="concepts"),
            _c("marker", "blood marker"),
            _c("time_point", "when it was measured"),
            _c("is_primary", "1 primary endpoint, 0 not, empty not stated", "integer"),
            _c("met", "1 target met, 0 missed, empty not stated", "integer"),
            _c("note", "remarks"),
            _c("source", "public page of this finding", required=True),
            _c("checked", "how this finding was read", required=True),
        ),
        label="summary",
        facets=("outcome", "direction", "checked"),
        indexes=(("key_id",), ("study_id",), ("outcome",), ("direction",), ("event",), ("checked",)),
        search=("endpoint", "summary"),
    ),
    Table(
        "study_trials",
        "Studies and their trials",
        "A publication reports on a registration.",
        (
            _c("study_id", "publication", references="studies", required=True),
            _c("trial_id", "registration number", required=True),
            _c("on_file", "1 when the registration is in this build", "integer", required=True),
        ),
        key=("study_id", "trial_id"),
        indexes=(("trial_id",),),
    ),
    Table(
        "record_relations",
        "Relations between records",
        "Same people, follow-up, comment, correction or protocol.",
        (
            _c("id", "both ends and the type", required=True),
            _c("record_id", "record that says so", references="nodes", required=True),
            _c("type", "kind of relation", required=True),
            _c("target_id", "other record", references="nodes", required=True),
            _c("note", "remarks"),
        ),
        facets=("type",),
        indexes=(("record_id",), ("target_id",), ("type",)),
    ),
    Table(
        "approvals",
        "Authorisations",
        "One product in one place for one indication, with its standing on the build's day.",
        (
            _c("id", "APR-<place>-<product>", references="nodes", required=True),
            _c("product", "product name", required=True),
            _c("product_id", "slug of the product", required=True),
            _c("holder", "holder"),
            _c("jurisdiction", "place", references="jurisdictions", required=True),
            _c("agency", "authority", required=True),
            _c("standing", "full, conditional or not_in_force on the build's day", required=True),
            _c("standing_event", "step that decided the standing"),
            _c("standing_date", "date of that step; empty = no source seen gives it"),
            _c("label_text", "what the label covers, in our words", required=True),
            _c(
                "label_seen",
                "1: somebody read the indication; 0: nobody did, so it covers nothing",
                "integer",
                required=True,
            ),
            _c("licence_number", "licence number, where seen"),
            _c("notes", "remarks"),
            *_PROVENANCE,
        ),
        label="product",
        facets=("jurisdiction", "standing", "checked"),
        indexes=(("jurisdiction",), ("standing",), ("product_id",), ("checked",)),
        search=("product", "label_text"),
    ),
    Table(
        "approval_events",
        "Authorisations: history",
        "One step in the life of an authorisation.",
        (
            _c("id", "authorisation and position", required=True),
            _c("approval_id", "authorisation", references="approvals", required=True),
            _c("event", "granted, converted, extended, suspended, withdrawn, lapsed, refused …", required=True),
            _c("date", "date; empty = no source seen gives it"),
            _c("date_precision", "day, month or year"),
            _c("reason", "for an ending: efficacy, safety, commercial or other"),
            _c("note", "remarks"),
            *_PROVENANCE,
        ),
        facets=("event",),
        indexes=(("approval_id",), ("event",)),
    ),
    Table(
        "absences",
        "Absences",
        "Somebody looked and found that nothing of this kind is authorised there.",
        (
            _c("id", "ABS-…", references="nodes", required=True),
            _c("jurisdictions", "places: JSON list", required=True),
            _c("product", "product, when a single one is meant"),
            _c("date", "day from which the absence is known; it holds until an authorisation", required=True),
            _c("statement", "what was found to be absent, in our words", required=True),
            _c("notes", "remarks"),
            *_PROVENANCE,
        ),
        label="statement",
        facets=("checked",),
        indexes=(("checked",),),
    ),
    Table(
        "access_routes",
        "Access routes and designations (never approvals)",
        "Hospital exemption, compassionate use, clinic routes, designations, and false claims of approval.",
        (
            _c("id", "ACC-…", references="nodes", required=True),
            _c("kind", "route, designation, trial_clearance or false_claim", required=True),
            _c("name", "name", required=True),
            _c("place", "where, in words", required=True),
            _c("jurisdiction", "place, when it is in the closed list", references="jurisdictions"),
            _c("product", "product"),
            _c("cell_type", "cells: JSON list of concept ids"),
            _c("date", "date"),
            _c("what_it_is", "what it is", required=True),
            _c("why_not_approval", "why it is not an approval", required=True),
            _c("nk_use", "use for NK or NKT cells, where reported"),
            _c("notes", "remarks"),
            *_PROVENANCE,
        ),
        label="name",
        facets=("kind", "jurisdiction"),
        indexes=(("kind",), ("jurisdiction",)),
    ),
    Table(
        "safety_events",
        "Safety events",
        "Harm reported by a regulator, a registry or a paper.",
        (
            _c("id", "SAF-…", references="nodes", required=True),
            _c("event", "kind of harm", references="concepts", required=True),
            _c("n", "people harmed, when stated", "integer"),
            _c("n_total", "people watched, when stated", "integer"),
            _c("place", "where", required=True),
            _c("jurisdiction", "place, when it is in the closed list", references="jurisdictions"),
            _c("date", "date"),
            _c("statement", "what happened, in our words", required=True),
            _c("attributed", "what the report says of the cause"),
            _c("reporter", "who reported it", required=True),
            _c("study_id", "publication", references="studies"),
            _c("notes", "remarks"),
            *_PROVENANCE,
        ),
        label="statement",
        facets=("event", "jurisdiction"),
        indexes=(("event",), ("jurisdiction",), ("study_id",)),
        search=("statement",),
    ),
    Table(
        "tags",
        "Tags",
        "One concept a record was tagged with, and where the tag comes from.",
        (
            _c("id", "record, field and concept", required=True),
            _c("record_id", "tagged record", references="nodes", required=True),
            _c("facet", "facet", required=True),
            _c("concept_id", "concept", references="concepts", required=True),
            _c("origin", "who set the tag: reviewed (a person or curator entered it)", required=True),
            _c("field", "field of the record", required=True),
            _c("start", "first character of the marked text, for tags from text", "integer"),
            _c("end", "character after the marked text, for tags from text", "integer"),
            _c("assertion", "present or absent", required=True),
            _c("rule", "rule that set the tag", required=True),
        ),
        facets=("facet", "origin"),
        indexes=(("record_id",), ("concept_id",), ("facet",), ("origin",)),
    ),
    Table(
        "documents",
        "Checked documents",
        "One document whose claims were checked; its text is not stored.",
        (
            _c("id", "slug", references="nodes", required=True),
            _c("title", "neutral title", required=True),
            _c("kind", "kind of document", required=True),
            _c("sha256", "fingerprint of the text that was checked", required=True),
            _c("line_count", "lines of that text", "integer", required=True),
            _c("retrieved", "day it was taken in", required=True),
            _c("reference_list", "1 when its markers lead to a list of its own", "integer", required=True),
            _c("sold", "what it sells, as a product key: JSON", required=True),
            _c("sold_basis", "where the document says so", required=True),
            _c("coverage", "which parts have been turned into claims", required=True),
        ),
        label="title",
    ),
    Table(
        "claims",
        "Claims",
        "One atomic statement of a document, in our own words.",
        (
            _c("id", "document and number", references="nodes", required=True),
            _c("document_id", "document", references="documents", required=True),
            _c("section", "section", required=True),
            _c("line_start", "first line", "integer", required=True),
            _c("line_end", "last line", "integer", required=True),
            _c("statement", "what the sentence claims, in our words", required=True),
            _c(
                "claim_type",
                "efficacy, safety, mechanism, manufacturing, regulatory, comparative, eligibility, precaution, citation, counting or none",
                required=True,
            ),
            _c(
                "subject",
                "what it speaks of: own_product, class, other_product, cited_study, biology or seller",
                required=True,
            ),
            _c("wording", "asserted, hedged, implied or denied", required=True),
            _c("outcome", "claimed outcome group", references="concepts"),
            _c("axes", "product key as the sentence says it: JSON"),
            _c("markers", "reference markers printed on it: JSON list"),
            _c("reference_ids", "records it names or that its markers resolve to: JSON list"),
            _c("note", "remarks"),
        ),
        label="statement",
        facets=("claim_type", "subject", "wording"),
        indexes=(("document_id",), ("claim_type",), ("subject",), ("wording",), ("outcome",)),
        search=("statement", "section"),
    ),
    Table(
        "claim_concepts",
        "Claims: concepts",
        "The axes of the claims, one concept a row, for joins.",
        (
            _c("claim_id", "claim", references="claims", required=True),
            _c("axis", "axis", required=True),
            _c("concept_id", "concept", references="concepts", required=True),
        ),
        key=("claim_id", "concept_id"),
        facets=("axis",),
        indexes=(("concept_id",), ("axis",)),
    ),
    Table(
        "citations",
        "Citations",
        "A marker or name in a document, and the record it leads to.",
        (
            _c("id", "claim, marker or name, record", required=True),
            _c("claim_id", "claim", references="claims", required=True),
            _c("marker", "marker as printed; empty for a study named in the text"),
            _c("record_id", "record it leads to; empty when it leads nowhere", references="nodes"),
            _c("resolution", "named, unresolved or candidate (a candidate is no citation)", required=True),
        ),
        facets=("resolution",),
        indexes=(("claim_id",), ("record_id",), ("resolution",)),
    ),
    Table(
        "evidence",
        "Evidence",
        "How one record stands to one claim.",
        (
            _c("id", "claim, result, key", required=True),
            _c("claim_id", "claim", references="claims", required=True),
            _c("result", "class: what the sentence says; sold: the product on sale", required=True),
            _c("record_id", "record", references="nodes", required=True),
            _c("key_id", "arm, trial or event"),
            _c("stance", "supports, partly, does_not_support, contradicts or not_found", required=True),
            _c("bearing", "how the record came out: positive, negative, under_way, safety_only …", required=True),
            _c("match", "direct, partial, possible or indirect", required=True),
            _c("mismatch", "relation on each axis: JSON"),
            _c("reason", "why it counts or does not, in words", required=True),
            _c("deciding", "1 when the status rests on it", "integer", required=True),
        ),
        facets=("result", "stance", "match"),
        indexes=(("claim_id",), ("record_id",), ("result",), ("stance",), ("match",)),
    ),
    Table(
        "claim_statuses",
        "Claim statuses",
        "What one claim is worth in one place on the build's day, with the proof.",
        (
            _c("id", "claim and place", required=True),
            _c("claim_id", "claim", references="claims", required=True),
            _c("jurisdiction", "place", references="jurisdictions", required=True),
            _c("as_of", "day the status is for", required=True),
            _c(
                "class",
                "approved, trial_stage, unsupported, background, not_a_claim or needs_review: for what the sentence says",
                required=True,
            ),
            _c("level", "level inside the class", references="levels", required=True),
            _c("sold_class", "the same for the product the document sells; empty where that makes no sense"),
            _c("sold_level", "level of that", references="levels"),
            _c("strength", "strength of the best positive study: NCI PDQ for cancer, OCEBM 2011 otherwise"),
            _c("direction", "positive and negative groups of patients among matching records"),
            _c("accuracy", "accurate, accurate_with_caveat, unverifiable, misleading or inaccurate", required=True),
            _c("objection", "1 when a reviewer must object", "integer", required=True),
            _c("codes", "remarks: JSON list of codes"),
            _c("approved_elsewhere", "places where an authorisation covers it: JSON list"),
            _c("rule_id", "rule that decided", references="rules", required=True),
            _c("proof", "proof for what the sentence says: JSON", required=True),
            _c("sold_proof", "proof for the product on sale: JSON"),
        ),
        facets=("class", "level", "sold_class", "accuracy", "jurisdiction"),
        indexes=(
            ("claim_id",),
            ("jurisdiction",),
            ("class",),
            ("level",),
            ("sold_class",),
            ("sold_level",),
            ("accuracy",),
            ("rule_id",),
        ),
    ),
    Table(
        "map_cells",
        "Evidence map: cells",
        "What is known of one kind of cell in one disease in one place, by the same rules as a claim.",
        (
            _c("id", "place, indication and cell type", required=True),
            _c("jurisdiction", "place", references="jurisdictions", required=True),
            _c("indication", "disease or aim, with everything narrower", references="concepts", required=True),
            _c("cell_type", "cells, with everything narrower", references="concepts", required=True),
            _c("class", "approved, trial_stage or unsupported", required=True),
            _c("best_level", "best level reached", references="levels", required=True),
            _c("studies", "human studies in the cell", "integer", required=True),
            _c("trials", "registrations in the cell, doubtful ones left out", "integer", required=True),
            _c("positive", "groups of patients with a positive result", "integer", required=True),
            _c("negative", "groups of patients with a negative result", "integer", required=True),
            _c("approvals", "authorisations in force there inside the cell", "integer", required=True),
            _c(
                "empty_kind",
                "why a cell is empty: searched_none, not_searched, indirect_only or ongoing_only; empty = not empty",
            ),
        ),
        facets=("class", "best_level", "jurisdiction"),
        indexes=(("jurisdiction", "indication"), ("indication",), ("cell_type",), ("class",), ("best_level",)),
    ),
    Table(
        "map_columns",
        "Evidence map: columns",
        "The kinds of cell the map shows, in order.",
        (
            _c("id", "position and slug", required=True),
            _c("position", "order", "integer", required=True),
            _c("cell_type", "cells", references="concepts", required=True),
            _c(
                "comparator",
                "1: a licensed comparator, whose studies and trials are not collected",
                "integer",
                required=True,
            ),
        ),
    ),
    Table(
        "map_records",
        "Evidence map: records",
        "The records behind a cell of the map.",
        (
            _c("id", "indication, cell type and key", required=True),
            _c("indication", "disease or aim", references="concepts", required=True),
            _c("cell_type", "cells", references="concepts", required=True),
            _c("record_id", "record", references="nodes", required=True),
            _c("kind", "study, trial or approval", required=True),
            _c("bearing", "how the record came out", required=True),
            _c("counted", "1 when the cell counts it; 0 when it is shown only", "integer", required=True),
        ),
        facets=("kind", "bearing"),
        indexes=(("indication", "cell_type"), ("cell_type",), ("record_id",), ("kind",), ("bearing",)),
    ),
    Table(
        "levels",
        "Levels",
        "The status scale, best first.",
        (
            _c("id", "level", required=True),
            _c("class", "class it belongs to", required=True),
            _c("label", "short name", required=True),
            _c("meaning", "what it means", required=True),
            _c("position", "0 is best", "integer", required=True),
        ),
        label="label",
    ),
    Table(
        "rules",
        "Rules",
        "The published rules that give a status, in the order they are asked.",
        (
            _c("id", "rule", required=True),
            _c("position", "order", "integer", required=True),
            _c("level", "level it gives, or where it takes it from", required=True),
            _c("condition", "condition it asks for", required=True),
            _c("wording", "the rule in words", required=True),
            _c("source", "where the rule comes from", required=True),
        ),
        label="id",
    ),
    Table(
        "codes",
        "Codes",
        "Remarks that go with a status, and the best accuracy each allows.",
        (
            _c("id", "code", required=True),
            _c("worst_accuracy", "accuracy a sentence with this code cannot exceed", required=True),
            _c("meaning", "what it means", required=True),
        ),
        label="id",
    ),
    Table(
        "searches",
        "Searches",
        "Searches that were really run; none listed means not searched.",
        (
            _ID,
            _c("kind", "database or stored_copies", required=True),
            _c("source", "what was searched", required=True),
            _c("query", "query as sent", required=True),
            _c("date", "day", required=True),
            _c("hits", "results", "integer"),
            _c("complete", "1 when the source covers the field", "integer", required=True),
            _c("indication", "diseases it was for: JSON list"),
            _c("cell_type", "cells it was for: JSON list"),
        ),
    ),
    Table(
        "search_entries",
        "Site search",
        "One entry for the search box, with the names and broader names of its concepts.",
        (
            _c("id", "record", references="nodes", required=True),
            _c("kind", "kind of record", required=True),
            _c("title", "what to show", required=True),
            _c("detail", "second line"),
            _c("words", "names and synonyms of its concepts and of everything broader"),
        ),
        search=("title", "detail", "words"),
        hidden=True,
    ),
    Table(
        "builds",
        "Build",
        "The build this file is: from what, for which day.",
        (
            _c("id", "always 1", "integer", required=True),
            _c("version", "version of the software", required=True),
            _c("as_of", "day the statuses are for", required=True),
            _c("data_sha256", "fingerprint of all data files", required=True),
            _c("content_sha256", "fingerprint of every row of every other table", required=True),
            _c("counts", "rows in each table: JSON", required=True),
        ),
    ),
)

_CLAIM_COLUMNS = (
    ("id", "claim and place"),
    ("jurisdiction", "place"),
    ("as_of", "day the status is for"),
    ("claim_id", "claim"),
    ("document_id", "document"),
    ("section", "section"),
    ("line_start", "first line"),
    ("statement", "what the sentence claims, in our words"),
    ("claim_type", "type of claim"),
    ("subject", "what it speaks of"),
    ("wording", "asserted, hedged, implied or denied"),
    ("class", "class for what the sentence says"),
    ("level", "level for what the sentence says"),
    ("sold_class", "class for the product on sale"),
    ("sold_level", "level for the product on sale"),
    ("accuracy", "whether the sentence says what the facts allow"),
    ("objection", "1 when a reviewer must object"),
    ("codes", "remarks"),
    ("strength", "strength of the best positive study"),
    ("direction", "positive and negative groups of patients"),
    ("approved_elsewhere", "places where an authorisation covers it"),
    ("rule_id", "rule that decided"),
    ("disclaimer", "what this is not"),
)

_CLAIM_SQL = f"""
select s.id, s.jurisdiction, s.as_of, c.id as claim_id, c.document_id, c.section, c.line_start, c.statement,
       c.claim_type, c.subject, c.wording, s.class, s.level, s.sold_class, s.sold_level, s.accuracy, s.objection,
       s.codes, s.strength, s.direction, s.approved_elsewhere, s.rule_id, '{DISCLAIMER}' as disclaimer
from claim_statuses s join claims c on c.id = s.claim_id
where {{where}}
order by s.id
"""  # noqa: S608 - no outside text enters this SQL


def _claim_view(name: str, title: str, meaning: str, where: str) -> View:
    return View(name, title, meaning, _CLAIM_SQL.format(where=where), _CLAIM_COLUMNS)


VIEWS: tuple[View, ...] = (
    _claim_view(
        "approved_claims",
        "Approved claims",
        "Claims that an authorisation in force covers, by place.",
        "s.class = 'approved'",
    ),
    _claim_view(
        "trial_stage_claims", "Trial-stage claims", "Claims that rest on trials, by place.", "s.class = 'trial_stage'"
    ),
    _claim_view(
        "unsupported_claims",
        "Unsupported claims",
        "Claims that nothing on file bears out, or that are contradicted, by place.",
        "s.class = 'unsupported'",
    ),
    _claim_view(
        "background_claims",
        "Background statements",
        "Biology, manufacture and rules: no benefit to a person is promised.",
        "s.class = 'background'",
    ),
    _claim_view(
        "other_claims",
        "No claim, or needs a person",
        "Sentences that claim nothing, and those the rules cannot decide.",
        "s.class in ('not_a_claim', 'needs_review')",
    ),
    _claim_view("claims_export", "Export: claims with statuses", "Every claim in every place, flat.", "1 = 1"),
    View(
        "evidence_map",
        "Evidence map",
        "Every cell of the evidence map in every place.",
        """
select m.id, m.jurisdiction, i.label as indication, t.label as cell_type, m.class, m.best_level, m.studies, m.trials,
       m.positive, m.negative, m.approvals, m.empty_kind, m.indication as indication_id, m.cell_type as cell_type_id
from map_cells m join concepts i on i.id = m.indication join concepts t on t.id = m.cell_type
order by m.id
""",
        (
            ("id", "place, indication and cell type"),
            ("jurisdiction", "place"),
            ("indication", "disease or aim"),
            ("cell_type", "cells"),
            ("class", "approved, trial_stage or unsupported"),
            ("best_level", "best level reached"),
            ("studies", "human studies"),
            ("trials", "registrations, doubtful ones left out"),
            ("positive", "groups of patients with a positive result"),
            ("negative", "groups of patients with a negative result"),
            ("approvals", "authorisations in force there"),
            ("empty_kind", "why a cell is empty"),
            ("indication_id", "concept"),
            ("cell_type_id", "concept"),
        ),
    ),
    View(
        "studies_export",
        "Export: studies",
        "Every study with its arms, flat.",
        f"""
select k.id as id, s.id as study_id, s.pmid, s.pmcid, s.doi, s.title, s.journal, s.year, s.evidence_kind, s.design, s.phase,
       s.n_enrolled, s.n_evaluable, s.integrity, k.arm, k.control, k.cell_type, k.cell_source, k.expansion, k.engineering,
       k.indication, k.setting, k.combination, s.finding, s.source, s.retrieved, s.checked, '{DISCLAIMER}' as disclaimer
from studies s left join keys k on k.record_id = s.id
order by s.id, k.id
""",
        (
            ("id", "arm (empty for a publication without arms)"),
            ("study_id", "publication"),
            ("pmid", "PubMed number"),
            ("pmcid", "PubMed Central number"),
            ("doi", "digital object identifier"),
            ("title", "title"),
            ("journal", "journal"),
            ("year", "year"),
            ("evidence_kind", "human, animal, in_vitro, review or other"),
            ("design", "design"),
            ("phase", "phase"),
            ("n_enrolled", "people enrolled"),
            ("n_evaluable", "people who could be judged"),
            ("integrity", "retraction or correction state"),
            ("arm", "what the arm got"),
            ("control", "what the comparator got"),
            *((axis, meaning) for axis, meaning in AXIS_MEANING.items()),
            ("finding", "what it shows, in our words"),
            ("source", "public page"),
            ("retrieved", "day"),
            ("checked", "how it was read"),
            ("disclaimer", "what this is not"),
        ),
    ),
    View(
        "trials_export",
        "Export: trials",
        "Every registration with its product key, flat.",
        f"""
select t.id, t.registry, t.title, t.title_kind, t.phase, t.status, t.status_date, t.status_dispute, t.enrollment, t.sponsor,
       t.start_date, t.completion_date, t.stop_reason, t.conditions, t.interventions, k.cell_type, k.cell_source, k.expansion,
       k.engineering, k.indication, k.setting, k.combination, t.is_nk_therapy, t.doubt, t.source, t.retrieved, t.checked,
       '{DISCLAIMER}' as disclaimer
from trials t join keys k on k.record_id = t.id
order by t.id
""",
        (
            ("id", "registration number"),
            ("registry", "registry"),
            ("title", "title"),
            ("title_kind", "whose words the title is"),
            ("phase", "phase"),
            ("status", "recruitment status"),
            ("status_date", "day on which it was true"),
            ("status_dispute", "disagreement about the status"),
            ("enrollment", "people"),
            ("sponsor", "sponsor"),
            ("start_date", "start"),
            ("completion_date", "completion"),
            ("stop_reason", "why it stopped"),
            ("conditions", "conditions"),
            ("interventions", "interventions"),
            *((axis, meaning) for axis, meaning in AXIS_MEANING.items()),
            ("is_nk_therapy", "1: NK or NKT cells are the product"),
            ("doubt", "why it is not counted"),
            ("source", "public page"),
            ("retrieved", "day"),
            ("checked", "how it was read"),
            ("disclaimer", "what this is not"),
        ),
    ),
    View(
        "approvals_export",
        "Export: authorisations",
        "Every authorisation with its label and standing, flat.",
        f"""
select a.id, a.product, a.jurisdiction, a.agency, a.standing, a.standing_event, a.standing_date, a.label_text, a.label_seen,
       k.cell_type, k.cell_source, k.expansion, k.engineering, k.indication, k.setting, k.combination, a.source, a.retrieved,
       a.checked, '{DISCLAIMER}' as disclaimer
from approvals a join keys k on k.record_id = a.id
order by a.id
""",
        (
            ("id", "authorisation"),
            ("product", "product"),
            ("jurisdiction", "place"),
            ("agency", "authority"),
            ("standing", "full, conditional or not in force"),
            ("standing_event", "deciding step"),
            ("standing_date", "its date"),
            ("label_text", "what the label covers"),
            ("label_seen", "1: somebody read the indication"),
            *((axis, meaning) for axis, meaning in AXIS_MEANING.items()),
            ("source", "public page"),
            ("retrieved", "day"),
            ("checked", "how it was read"),
            ("disclaimer", "what this is not"),
        ),
    ),
)

#: Name → table, for callers that look one up.
TABLE: dict[str, Table] = {table.name: table for table in TABLES}
