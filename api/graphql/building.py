"""Building the GraphQL schema of a vocabulary."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from graphql import GraphQLObjectType, GraphQLSchema

from api.graphql.knowledge import mutation_fields, query_fields, subscription_fields
from api.graphql.types.customers import customer_fields
from api.graphql.types.declared import vocabulary_fields
from api.graphql.types.edges import define_edges
from api.graphql.types.expansion import expansion_fields
from api.graphql.types.fields import Fields
from api.graphql.types.filters import define_filters
from api.graphql.types.links import define_links
from api.graphql.types.lists import define_connections, get_field, list_field
from api.graphql.types.names import MUTATION, QUERY, SUBSCRIPTION, Names, plural, uncapitalise
from api.graphql.types.nodes import define_kinds, node_fields
from api.graphql.types.orders import define_orders
from api.graphql.types.overview import define_totals, overview_fields
from api.graphql.types.paths import path_fields
from api.graphql.types.registry import Types
from api.graphql.types.searching import search_fields
from api.graphql.types.walks import define_neighbours, walk_fields
from schema import Vocabulary

Contributor = Callable[[Types], Fields]
# Who adds fields to each root.
QUERIES: Sequence[Contributor] = (
    node_fields,
    search_fields,
    walk_fields,
    expansion_fields,
    path_fields,
    customer_fields,
    vocabulary_fields,
    overview_fields,
    query_fields,
)
MUTATIONS: Sequence[Contributor] = (mutation_fields,)
SUBSCRIPTIONS: Sequence[Contributor] = (subscription_fields,)


def make_types(vocabulary: Vocabulary) -> Types:
    """Return the types of a vocabulary's kinds."""
    types = Types(vocabulary)
    for define in (define_kinds, define_filters, define_orders, define_connections, define_links):
        define(types)
    if vocabulary.relationships:
        define_totals(types)
        define_edges(types)
        define_neighbours(types)
    return types


def build_schema(vocabulary: Vocabulary) -> GraphQLSchema:
    """Return the schema of a vocabulary, always the same for the same."""
    types = make_types(vocabulary)
    queries, mutations, subscriptions = (
        _join(types, contributors) for contributors in (QUERIES, MUTATIONS, SUBSCRIPTIONS)
    )
    _add_kinds(types, queries)
    return GraphQLSchema(
        GraphQLObjectType(QUERY, queries, description="What can be asked."),
        GraphQLObjectType(MUTATION, mutations, description="What can be changed.") if mutations else None,
        GraphQLObjectType(SUBSCRIPTION, subscriptions, description="What can be waited for.")
        if subscriptions
        else None,
        types=list(types.every()),
        description="What is known of customers, of their complaints, and of the causes that these share.",
    )


def _join(types: Types, contributors: Sequence[Contributor]) -> Fields:
    found: Fields = {}
    for contribute in contributors:
        fields = contribute(types)
        if twice := found.keys() & fields.keys():
            raise ValueError(f"two fields of a root are called {', '.join(sorted(twice))}")
        found |= fields
    return found


def _add_kinds(types: Types, queries: Fields) -> None:
    """Give each kind its two fields of the root, called as the kind where that is free."""
    names = Names(*queries)
    for kind in types.vocabulary.kinds.values():
        stem = uncapitalise(types.kinds[kind.name].type)
        one, every = names.take(stem, f"{stem}Node"), names.take(plural(stem), f"{stem}Nodes")
        queries[one], queries[every] = get_field(types, kind), list_field(types, kind)
        types.roots[kind.name] = (one, every)
