"""Public views: claims by class, the evidence map, and one flat view for each export."""

from __future__ import annotations

from kb.shape import AXIS_MEANING, DISCLAIMER, View
from kb.tables.waiting import WAITING

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
"""


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
       m.positive, m.negative, m.approvals, m.empty_kind, m.searched, m.indication as indication_id, m.cell_type as cell_type_id
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
            ("searched", "complete, stored_copies (not exhaustive), or empty: no search logged"),
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
select t.id, t.registry, t.title, t.title_kind, t.phase, t.status, t.status_date, t.status_dispute, t.enrollment, t.sponsor, t.countries,
       t.start_date, t.completion_date, t.stop_reason, t.conditions, t.interventions, k.cell_type, k.cell_source, k.expansion,
       k.engineering, k.indication, k.setting, k.combination, t.is_nk_therapy, t.doubt, t.registry_seen, t.source, t.retrieved, t.checked,
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
            ("countries", "countries as the registry names them: JSON list; empty = not seen"),
            ("start_date", "start"),
            ("completion_date", "completion"),
            ("stop_reason", "why it stopped"),
            ("conditions", "conditions"),
            ("interventions", "interventions"),
            *((axis, meaning) for axis, meaning in AXIS_MEANING.items()),
            ("is_nk_therapy", "1: NK or NKT cells are the product"),
            ("doubt", "why it is not counted"),
            ("registry_seen", "day the registry's own words were last fetched for this row; empty = not fetched"),
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
    View(
        "concepts_without_evidence",
        "Concepts with claims and without evidence",
        "What claims name and no usable evidence on file is about: no human study that is not retracted, no trial that is "
        "not doubtful, no authorisation in force, of the concept itself or of anything narrower. Not on file is not the "
        "same as nothing exists.",
        """
with evidence(key_id) as (
  select k.id from keys k join studies s on s.id = k.record_id where s.evidence_kind = 'human' and s.integrity <> 'retracted'
  union all select k.id from keys k join trials t on t.id = k.record_id where t.doubt is null
  union all select k.id from keys k join approvals a on a.id = k.record_id where a.standing <> 'not_in_force'),
met(concept_id) as (
  select distinct cc.ancestor_id from evidence e
  join key_concepts kc on kc.key_id = e.key_id join concept_closure cc on cc.concept_id = kc.concept_id)
select c.id as concept_id, c.facet, c.label, count(distinct n.claim_id) as claims
from claim_concepts n join concepts c on c.id = n.concept_id
where c.id not in (select concept_id from met)
group by c.id order by c.id
""",
        (
            ("concept_id", "concept"),
            ("facet", "axis of the product key"),
            ("label", "standard name"),
            ("claims", "claims that name it"),
        ),
    ),
    *WAITING,
)
