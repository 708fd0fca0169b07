"""``metadata.yml``: what Datasette shows, made from :mod:`kb.schema`."""

from __future__ import annotations

from typing import Any

import yaml

from kb.schema import DISCLAIMER, TABLES, VIEWS, Table

_HEADER = "# Made by `make docs` from kb/schema.py and kb/metadata.py; do not edit by hand.\n"

#: Questions people ask, as canned queries: name → (title, description, SQL, parameters).
QUESTIONS: tuple[tuple[str, str, str, str], ...] = (
    (
        "claims_by_class",
        "How many claims are approved, trial-stage or unsupported in one place?",
        "Give a place such as US, EU, GB, JP, KR, CN.",
        """select d.title as document, s.class, count(*) as claims, sum(s.objection) as objections
from claim_statuses s join claims c on c.id = s.claim_id join documents d on d.id = c.document_id
where s.jurisdiction = replace(upper(:jurisdiction), 'UK', 'GB') group by d.id, s.class order by d.id, claims desc""",
    ),
    (
        "objections",
        "Which statements must a reviewer object to, and why?",
        "Misleading, inaccurate, or a benefit that nobody can verify. All rows: view claims_export.",
        """select c.id as claim_id, c.line_start, c.statement, s.class, s.level, s.sold_class, s.accuracy, s.codes
from claim_statuses s join claims c on c.id = s.claim_id
where s.jurisdiction = replace(upper(:jurisdiction), 'UK', 'GB') and s.objection = 1 order by c.line_start, c.id""",
    ),
    (
        "studies_of",
        "Which human studies gave these cells in this disease?",
        "Names or synonyms, e.g. cells: NK; disease: leukaemia. Everything narrower is included.",
        """select distinct s.id as study_id, s.year, s.title, s.design, s.phase, s.finding, s.checked
from studies s
join keys k on k.record_id = s.id
join key_concepts kc on kc.key_id = k.id and kc.axis = 'cell_type'
join concept_closure cc on cc.concept_id = kc.concept_id
join concepts cell on cell.id = cc.ancestor_id
join key_concepts ki on ki.key_id = k.id and ki.axis = 'indication'
join concept_closure ci on ci.concept_id = ki.concept_id
join concepts disease on disease.id = ci.ancestor_id
where s.evidence_kind = 'human'
  and (lower(cell.label) = lower(:cells) or exists (select 1 from json_each(cell.synonyms) where lower(value) = lower(:cells)))
  and (lower(disease.label) = lower(:disease) or exists (select 1 from json_each(disease.synonyms) where lower(value) = lower(:disease)))
order by s.year desc, s.id""",
    ),
    (
        "negative_results",
        "Which studies came out negative?",
        "Primary endpoint missed, no difference, or no response; with the numbers.",
        """select distinct f.study_id, s.year, s.title, f.summary, k.cell_type, k.indication, f.checked
from findings f join studies s on s.id = f.study_id join keys k on k.id = f.key_id
where s.evidence_kind = 'human'
  and f.outcome not in ('outcome:safety', 'outcome:biomarker', 'outcome:feasibility')
  and (f.met = 0 or f.direction in ('no_difference', 'worse') or (f.outcome = 'outcome:response' and f.n = 0))
order by s.year desc, f.study_id, f.summary""",
    ),
    (
        "percent_without_denominator",
        "Which percentages have no denominator on file?",
        "Do not quote these without opening the source.",
        """select f.study_id, f.summary, f.source from findings f where f.percent is not null and f.n_total is null order by f.id""",
    ),
    (
        "licensed_in",
        "Which cell products are authorised in one place?",
        "In force on the build's day; none is lent to another firm's cells.",
        """select a.id as approval_id, a.product, a.standing, a.standing_date, a.label_text, a.label_seen, a.checked
from approvals a where a.jurisdiction = replace(upper(:jurisdiction), 'UK', 'GB') and a.standing <> 'not_in_force' order by a.product, a.id""",
    ),
    (
        "not_approvals",
        "What is reported as approval and is none?",
        "Access routes, designations, trial clearances, false claims.",
        """select id, kind, name, place, product, why_not_approval, source from access_routes order by kind, id""",
    ),
    (
        "trials_of",
        "Which registered trials test these cells?",
        "Doubtful registrations are marked. All rows: view trials_export.",
        """select distinct t.id as trial_id, t.title, t.phase, t.status, t.status_date, t.enrollment, t.doubt
from trials t join keys k on k.record_id = t.id
join key_concepts kc on kc.key_id = k.id and kc.axis = 'cell_type'
join concept_closure cc on cc.concept_id = kc.concept_id
join concepts cell on cell.id = cc.ancestor_id
where lower(cell.label) = lower(:cells) or exists (select 1 from json_each(cell.synonyms) where lower(value) = lower(:cells))
order by t.id""",
    ),
    (
        "harms_of",
        "Which harms are on record for these cells?",
        "Findings of studies and regulators' notices, with the people watched.",
        """select f.study_id as record_id, e.label as harm, f.n, f.n_total, f.summary as report, f.checked
from findings f join concepts e on e.id = f.event
join key_concepts kc on kc.key_id = f.key_id and kc.axis = 'cell_type'
join concept_closure cc on cc.concept_id = kc.concept_id join concepts cell on cell.id = cc.ancestor_id
where lower(cell.label) = lower(:cells) or exists (select 1 from json_each(cell.synonyms) where lower(value) = lower(:cells))
union
select s.id, e.label, s.n, s.n_total, s.statement, s.checked
from safety_events s join concepts e on e.id = s.event join keys k on k.record_id = s.id
join key_concepts kc on kc.key_id = k.id and kc.axis = 'cell_type'
join concept_closure cc on cc.concept_id = kc.concept_id join concepts cell on cell.id = cc.ancestor_id
where lower(cell.label) = lower(:cells) or exists (select 1 from json_each(cell.synonyms) where lower(value) = lower(:cells))
order by 2, 1""",
    ),
    (
        "what_falls",
        "Which claims fall if this record falls?",
        "Give a record id as the tables print it (PMID:…, NCT…, APR-…).",
        """select distinct c.id as claim_id, c.statement, e.result, e.stance, e.reason
from evidence e join claims c on c.id = e.claim_id where e.record_id in (:record, 'PMID:' || :record) and e.deciding = 1 order by c.id, e.result""",
    ),
    (
        "secondary_facts",
        "Which facts rest on a secondary source?",
        "Re-check these first.",
        """select 'study' as kind, id, title as what, source from studies where checked = 'secondary'
union all select 'finding', id, summary, source from findings where checked = 'secondary'
union all select 'trial', id, title, source from trials where checked = 'secondary'
union all select 'authorisation', id, product || ' ' || jurisdiction, source from approvals where checked = 'secondary'
order by 1, 2""",
    ),
    (
        "open_trials",
        "Which trials without doubt were open when last seen?",
        "A status is true on its own date only.",
        """select id as trial_id, title, phase, status, status_date, sponsor from trials
where is_nk_therapy = 1 and doubt is null and status in ('RECRUITING', 'NOT_YET_RECRUITING', 'ENROLLING_BY_INVITATION', 'ACTIVE_NOT_RECRUITING')
order by status_date desc, id""",
    ),
)

_NLM = {
    "license": "not ours: terms of the U.S. National Library of Medicine; abstracts belong to their publishers",
    "license_url": "https://www.nlm.nih.gov/databases/download/terms_and_conditions.html",
    "source": "PubMed (U.S. National Library of Medicine) or Europe PMC, as the column database says",
    "source_url": "https://pubmed.ncbi.nlm.nih.gov/",
    "statement": "Courtesy of the U.S. National Library of Medicine, which endorses nothing here; perhaps not its most "
    "current data.",
}
_REGISTRY = {
    "license": "not ours: terms and conditions of ClinicalTrials.gov",
    "license_url": "https://clinicaltrials.gov/about-site/terms-conditions",
    "source": "ClinicalTrials.gov (U.S. National Library of Medicine)",
    "source_url": "https://clinicaltrials.gov/",
    "statement": "Courtesy of ClinicalTrials.gov, U.S. National Library of Medicine, which endorses nothing here; "
    "rearranged by us, as of the day each was fetched, perhaps not current.",
}
# Neither the announcement of the Retraction Watch data nor what else was found of them names a licence.
_NOTICES = {
    "license": "not ours: terms of each source; Crossref calls the Retraction Watch data a public resource, no licence of "
    "theirs was seen",
    "license_url": "https://doi.org/10.13003/c23rw1d9",
    "source": "PubMed, Europe PMC, Retraction Watch through Crossref, or reviewed by us, as the column origin says",
    "source_url": "https://gitlab.com/crossref/retraction-watch-data",
    "statement": "Courtesy of the U.S. National Library of Medicine, Europe PMC, Retraction Watch and Crossref, who endorse "
    "nothing here; perhaps not their most current data.",
}
_READ_BY_RULES = {
    "license": "titles and quoted words are not ours: terms of the U.S. National Library of Medicine, Europe PMC and "
    "ClinicalTrials.gov; abstracts belong to their publishers",
    "license_url": _NLM["license_url"],
    "source": "read by rules in records of PubMed, Europe PMC or ClinicalTrials.gov",
    "source_url": _NLM["source_url"],
    "statement": "Courtesy of the U.S. National Library of Medicine, Europe PMC and ClinicalTrials.gov, who endorse "
    "nothing here.",
}
#: Tables that hold the data of others → their terms and source in place of ours, and a statement
#: for the table's description.
OTHERS: dict[str, dict[str, str]] = {
    **dict.fromkeys(("articles", "article_sections", "article_terms", "article_links", "article_trials"), _NLM),
    **dict.fromkeys(("registrations", "registration_outcomes", "registration_harms", "trial_changes"), _REGISTRY),
    "integrity_events": _NOTICES,
    **dict.fromkeys(("tagged_records", "stated_results", "stated_doses"), _READ_BY_RULES),
}


def sortable(table: Table) -> list[str]:
    """Return the columns a table may be sorted by.

    Datasette loses rows when a tied column is sorted against the direction of its index; so only
    unique columns and columns without an index are offered.
    """
    indexed = {column for index in table.indexes for column in index} | {c.name for c in table.columns if c.references}
    return [c.name for c in table.columns if c.name not in indexed or table.key == (c.name,)]


def _plain(text: str) -> str:
    """Return a meaning without its Markdown: Datasette shows backticks as they are."""
    return text.replace("`", "")


def metadata() -> dict[str, Any]:
    """Return everything Datasette is told about the store."""
    tables: dict[str, Any] = {}
    for table in TABLES:
        terms = dict(OTHERS.get(table.name, {}))
        entry: dict[str, Any] = {
            "title": table.title,
            "description": _plain(f"{table.meaning} {terms.pop('statement', '')}".rstrip()),
            "columns": {column.name: _plain(column.meaning) for column in table.columns},
            "sortable_columns": sortable(table),
            "size": 50,
            **terms,
        }
        if table.label:
            entry["label_column"] = table.label
        if table.facets:
            entry["facets"] = list(table.facets)
        if table.hidden:
            entry["hidden"] = True
        tables[table.name] = entry
        if table.search:
            tables[f"{table.name}_fts"] = {"hidden": True}
    for view in VIEWS:
        tables[view.name] = {
            "title": view.title,
            "description": _plain(view.meaning),
            "columns": {name: _plain(meaning) for name, meaning in view.columns},
            "sortable_columns": [],
        }
    common = {
        "license": "Reviewed facts: CC BY 4.0; code: Apache 2.0",
        "license_url": "https://creativecommons.org/licenses/by/4.0/",
        "source": "PubMed, ClinicalTrials.gov and other registries, medicines regulators; each row names its own",
        "about": "Method",
        "about_url": "/method",
    }
    return {
        "title": "NK Evidence Map",
        "description": f"What claims about NK and NKT cell therapy are worth: approved, trial-stage or unsupported. {DISCLAIMER}",
        **common,
        "databases": {
            "evidence": {
                "title": "Tables and questions",
                "description": f"Reviewed facts, statuses and their proofs. Questions first, then tables and views; every one downloads whole as CSV or JSON. {DISCLAIMER}",
                **common,
                "allow_sql": False,
                "queries": {
                    name: {"title": title, "description": description, "sql": sql, "hide_sql": True}
                    for name, title, description, sql in QUESTIONS
                },
                "tables": tables,
            }
        },
    }


def metadata_yaml() -> str:
    """Return ``metadata.yml`` as text."""
    return _HEADER + yaml.safe_dump(metadata(), sort_keys=False, allow_unicode=True, width=110)
