"""What things of a vocabulary are called in GraphQL.

A name is the vocabulary's own in camelCase. Names that would meet are told apart by fixed rules, in the order
of declaration, our own first, properties before relationships:

- a kind that is called as one of our own types (`Money`) or fields is given `Node` behind (`MoneyNode`);
- any other name that is taken is given a number behind (`daysLate_2`), which no vocabulary can write.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from schema import Direction, Triple, Vocabulary
from schema.paths import Step

# The types that are of no kind. The root of subscriptions is not called Subscription, which is a kind.
QUERY, MUTATION, SUBSCRIPTION = "Query", "Mutation", "Events"
OWN_TYPES = frozenset(
    """
    Query Mutation Events String Int Float Boolean ID
    Date DateTime Decimal JSON Long Money MoneyInput
    Node PageInfo Provenance Contribution
    Direction SortDirection Sensitivity Role KindName RelationshipName
    TextFilter BooleanFilter LongFilter FloatFilter DateFilter DateTimeFilter MoneyFilter
    GraphEdge NeighbourEdge NeighbourConnection Branch Expansion Path Subgraph
    SearchHit Highlight Span Suggestion SuggestionMatch
    CustomerView CustomerAction CustomerPaymentEdge CustomerPaymentConnection
    TimelineEntry TimelineEdge TimelineConnection TimelineEvent
    Vocabulary Kind KindProperty KindRelationship RelationshipType RelationshipEnds
    Totals KindTotal RelationshipTotal Me
    Finding RootCauses RootCauseFilter PatternPart DoseRange Rising MonthlyComplaints Course Quote StatedCause
    ConsideredPath CauseOfCause Alerts Alert AlertKind
    Effect EffectVerdict EffectReason BeforeAndAfter CorrectiveAction RecordedAction
    Aggregate AggregateRow AggregateOrder Group Figure Facet Bucket Trend Series Point
    GroupingInput MeasureInput MeasureOp Period BaseInput NodeFilter
    Job JobState JobError NewComplaint NewRootCause
    CauseDecision CauseNames CauseProposals CauseProposal ProposalState ProposalQuote
    IdentityDecision IdentityDoubt EventReport RejectedRow FieldError
    """.split()  # noqa: SIM905
)
# What every node, and every edge of a relationship, has beside its properties; and what a filter has.
OF_NODES = ("id", "key", "caption", "provenance", "history", "and", "or", "not")
OF_EDGES = ("cursor", "node", "provenance")


def camel(name: str) -> str:
    """Return a name of lower or upper case words in camelCase: `days_late` -> `daysLate`."""
    first, *others = name.lower().split("_")
    return first + "".join(word[0].upper() + word[1:] for word in others)


def pascal(name: str) -> str:
    """Return a name of words in PascalCase: `ATTRIBUTED_TO` -> `AttributedTo`."""
    found = camel(name)
    return found[0].upper() + found[1:]


def uncapitalise(name: str) -> str:
    """Return the name of a type as that of a field: `SourceRecord` -> `sourceRecord`."""
    return name[0].lower() + name[1:]


def plural(name: str) -> str:
    """Return the plural by the three rules of English spelling, and no exceptions to them.

    `ies` for a `y` behind a consonant, `es` behind s, x, z, ch and sh, `s` behind all else.
    """
    low = name.lower()
    if low.endswith("y") and low[-2:-1] not in ("", *"aeiou"):
        return name[:-1] + "ies"
    return name + ("es" if low.endswith(("s", "x", "z", "ch", "sh")) else "s")


class Names:
    """Names in one space, each given away once."""

    def __init__(self, *taken: str) -> None:
        self._taken = set(taken)

    def __contains__(self, name: str) -> bool:
        return name in self._taken

    def of(self, name: str) -> str:
        """Return a name for one of our types: itself where it is kept for us, else a free one."""
        return name if name in OWN_TYPES else self.take(name)

    def take(self, *wanted: str) -> str:
        """Return the first of these that is free, else the first with the least number that makes it so."""
        name = next((name for name in wanted if name not in self._taken), "")
        number = 2
        while not name:
            numbered = f"{wanted[0]}_{number}"
            name, number = ("" if numbered in self._taken else numbered), number + 1
        self._taken.add(name)
        return name


@dataclass(frozen=True)
class KindNames:
    """What a kind is called: its type, its properties, the relationships that leave or reach it."""

    type: str
    properties: dict[str, str] = field(default_factory=dict)
    steps: dict[Step, str] = field(default_factory=dict)


def name_kinds(vocabulary: Vocabulary, types: Names) -> dict[str, KindNames]:
    """Return what each kind is called; its type is taken from the names of types."""
    return {name: _name_kind(vocabulary, name, types.take(name, f"{name}Node")) for name in vocabulary.kinds}


def _name_kind(vocabulary: Vocabulary, name: str, type_: str) -> KindNames:
    names = Names(*OF_NODES)
    properties = {p: names.take(camel(p)) for p in vocabulary.kinds[name].properties}
    return KindNames(
        type_, properties, {step: names.take(name_step(step)) for step in steps(vocabulary, name)}
    )


def steps(vocabulary: Vocabulary, kind: str) -> Iterator[Step]:
    """Yield what leaves a kind, then what reaches it, each in the order of declaration."""
    for wanted in (Direction.OUT, Direction.IN):
        for triple, direction in vocabulary.steps(kind):
            if direction is wanted:
                yield Step(triple, direction)


def name_step(step: Step) -> str:
    """Return the name of a relationship seen from a node: `filedComplaint`, `filedFromCustomer`."""
    way = "" if step.direction is Direction.OUT else "From"
    return f"{camel(step.triple.type)}{way}{step.to}"


def name_edge(triple: Triple, to: str) -> str:
    """Return the name of the types for a relationship of this type that leads to this kind."""
    return f"{pascal(triple.type)}{to}"


def name_properties(properties: Iterable[str], taken: Iterable[str] = OF_EDGES) -> dict[str, str]:
    """Return what the properties of a relationship are called."""
    names = Names(*taken)
    return {name: names.take(camel(name)) for name in properties}
