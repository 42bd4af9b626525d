"""What the graph tells, as fields: root causes, aggregates, jobs, changes, what can be waited for."""

from __future__ import annotations

from api.graphql.knowledge.roots import mutation_fields, query_fields, subscription_fields

__all__ = ["mutation_fields", "query_fields", "subscription_fields"]
