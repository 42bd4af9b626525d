"""The fields of the roots that tell what the graph tells."""

from __future__ import annotations

from api.graphql.knowledge.access import STAFF, only
from api.graphql.knowledge.actions import action_mutations
from api.graphql.knowledge.aggregates import aggregate_fields
from api.graphql.knowledge.caused import CAUSED_BY, caused_fields
from api.graphql.knowledge.effects import effects_fields
from api.graphql.knowledge.identities import identity_fields, identity_mutations
from api.graphql.knowledge.incoming import incoming_mutations
from api.graphql.knowledge.job_fields import job_fields, job_mutations, job_subscriptions
from api.graphql.knowledge.news import news_subscriptions
from api.graphql.knowledge.proposals import proposal_fields
from api.graphql.knowledge.reviews import decision_fields, review_mutations
from api.graphql.knowledge.root_causes import root_cause_fields
from api.graphql.types import Fields, Types
from schema import ATTRIBUTED_TO, COMPLAINT, CUSTOMER, RESOLVES_TO, Triple

NEEDED = (Triple(CUSTOMER, "FILED", COMPLAINT), ATTRIBUTED_TO, CAUSED_BY, RESOLVES_TO)


def _has_complaints(types: Types) -> bool:
    """Tell whether a vocabulary knows of complaints, of whom they are, and of their causes."""
    return set(NEEDED) <= set(types.vocabulary.triples)


def query_fields(types: Types) -> Fields:
    """Return what can be asked."""
    found = aggregate_fields(types) if types.vocabulary.kinds else {}
    if not _has_complaints(types):
        return found
    return {
        **found,
        **root_cause_fields(types),
        **{name: only(STAFF, field) for name, field in caused_fields(types).items()},
        **effects_fields(),
        **job_fields(types),
        **proposal_fields(types),
        **decision_fields(types),
        **identity_fields(types),
    }


def mutation_fields(types: Types) -> Fields:
    """Return what can be changed, and begun."""
    if not _has_complaints(types):
        return {}
    return {
        **job_mutations(types),
        **review_mutations(types),
        **identity_mutations(types),
        **action_mutations(types),
        **incoming_mutations(types),
    }


def subscription_fields(types: Types) -> Fields:
    """Return what can be waited for."""
    if not _has_complaints(types):
        return {}
    return {**job_subscriptions(types), **news_subscriptions(types)}
