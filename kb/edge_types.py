"""The closed list of ties in the graph: what each means, between what it stands, how it is read aloud.

The table ``edge_types`` is made from it and ``edges.type`` points there, so no build can hold a tie that is not
described here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kb.records.common import AXES

#: Which way evidence may be followed along a tie (:mod:`kb.support`); "" is never evidence.
Follow = Literal["forward", "both", ""]


@dataclass(frozen=True, slots=True)
class EdgeType:
    """One kind of tie.

    Attributes:
        id: name in ``edges.type``.
        sources, targets: kinds of node it may start from and point to.
        meaning: what the tie says, for the data dictionary.
        forward, backward: the tie in words, read from its start ("reports trial") and from its end ("is reported by").
        follow: which way evidence may be followed along it.
    """

    id: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    meaning: str
    forward: str
    backward: str
    follow: Follow = ""


_KEYED = ("study", "trial", "approval", "absence", "safety_event")
_RECORDS = ("study", "trial", "approval", "absence", "access_route", "safety_event")

_HAS = tuple(
    EdgeType(
        f"has_{axis}",
        (*_KEYED, "access_route") if axis == "cell_type" else _KEYED,
        ("concept",),
        f"{words}, in an arm of the record or on the label",
        f"has the {axis.replace('_', ' ')}",
        f"is the {axis.replace('_', ' ')} of",
        "forward",
    )
    for axis, words in (
        ("cell_type", "cells that were given (of an absence or a route: that it is about)"),
        ("cell_source", "where the cells came from"),
        ("expansion", "whether the cells were expanded outside the body"),
        ("engineering", "whether the cells were genetically engineered"),
        ("indication", "disease or aim"),
        ("setting", "line of treatment, age group, stage or other restriction of the people"),
        ("combination", "what was given together with the cells"),
    )
)
_SAYS = tuple(
    EdgeType(
        f"says_{name}",
        ("claim",),
        ("concept",),
        f"the sentence names this {name.replace('_', ' ')}; no evidence",
        f"speaks of the {name.replace('_', ' ')}",
        f"is the {name.replace('_', ' ')} spoken of by",
    )
    for name in (*AXES, "outcome")
)
_SELLS = tuple(
    EdgeType(
        f"sells_{axis}",
        ("document",),
        ("concept",),
        f"{axis.replace('_', ' ')} of the product the document sells; no evidence",
        f"sells a product with the {axis.replace('_', ' ')}",
        f"is the {axis.replace('_', ' ')} of the product sold by",
    )
    for axis in AXES
)

EDGE_TYPES: tuple[EdgeType, ...] = (
    EdgeType(
        "makes_claim",
        ("document",),
        ("claim",),
        "the sentence stands in the document",
        "makes the claim",
        "is made by",
        "forward",
    ),
    EdgeType(
        "rests_on",
        ("claim",),
        _RECORDS,
        "a status of the claim was decided by this record, for or against it (edges.stance says which)",
        "rests on",
        "decides the status of",
        "forward",
    ),
    EdgeType(
        "borne_out_by",
        ("claim",),
        ("study",),
        "a listed reference bears a background statement out",
        "is borne out by",
        "bears out",
        "forward",
    ),
    EdgeType(
        "contradicted_by",
        ("claim",),
        ("study",),
        "a listed record says otherwise than a background statement",
        "is contradicted by",
        "contradicts",
        "forward",
    ),
    EdgeType("names", ("claim",), ("study",), "the sentence names the study it reports", "names", "is named by"),
    EdgeType(
        "may_mean",
        ("claim",),
        ("study",),
        "a study the sentence may be speaking of; a candidate is no citation",
        "may mean",
        "may be meant by",
    ),
    *_SAYS,
    *_SELLS,
    *_HAS,
    EdgeType(
        "has_event",
        ("safety_event",),
        ("concept",),
        "kind of harm that happened",
        "is a case of",
        "happened in",
        "forward",
    ),
    EdgeType(
        "watches_event",
        ("study",),
        ("concept",),
        "the study says how many had this harm, nobody included; that it happened is in findings",
        "reports on the harm",
        "is reported on by",
        "forward",
    ),
    EdgeType(
        "has_outcome",
        ("study",),
        ("concept",),
        "outcome group of a finding, whichever way it came out",
        "measures",
        "is measured by",
        "forward",
    ),
    EdgeType(
        "has_phase",
        ("study", "trial"),
        ("concept",),
        "phase of the study or trial",
        "has the phase",
        "is the phase of",
        "forward",
    ),
    EdgeType(
        "has_design",
        ("study",),
        ("concept",),
        "design of the study, or of one of its arms",
        "has the design",
        "is the design of",
        "forward",
    ),
    EdgeType("is_a", ("concept",), ("concept",), "one step up the hierarchy", "is a kind of", "includes", "forward"),
    EdgeType(
        "licenses",
        ("approval",),
        ("product",),
        "product of the authorisation, whatever its standing",
        "is an authorisation of",
        "is the product of",
        "forward",
    ),
    EdgeType(
        "reports_trial",
        ("study",),
        ("trial",),
        "the publication gives this registration number as its own",
        "reports trial",
        "is reported by",
        "both",
    ),
    EdgeType(
        "reports_on",
        ("study",),
        ("study", "trial"),
        "the publication is about this trial or study",
        "reports on",
        "is reported on by",
        "both",
    ),
    EdgeType(
        "same_cohort",
        ("study",),
        ("study", "trial"),
        "the same people, wholly or partly: they count once",
        "has people in common with",
        "has people in common with",
        "both",
    ),
    EdgeType(
        "follow_up_of",
        ("study",),
        ("study", "trial"),
        "later results of the same people",
        "is a follow-up of",
        "is followed up by",
        "both",
    ),
    EdgeType(
        "protocol_of",
        ("study",),
        ("study", "trial"),
        "the publication is the protocol of it",
        "is the protocol of",
        "has the protocol",
        "both",
    ),
    EdgeType("comment_on", ("study",), ("study", "trial"), "a comment on it", "comments on", "is commented on by"),
    EdgeType("retracted_by", ("study",), ("study",), "the notice that retracts it", "is retracted by", "retracts"),
    EdgeType("corrected_by", ("study",), ("study",), "the notice that corrects it", "is corrected by", "corrects"),
    EdgeType(
        "reported_in",
        ("safety_event",),
        ("study",),
        "the publication that reports the harm",
        "is reported in",
        "reports",
        "both",
    ),
)
#: Name → type.
EDGE_TYPE: dict[str, EdgeType] = {one.id: one for one in EDGE_TYPES}
