"""What somebody sees of the vocabulary: by role, from the sensitivity of each property."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from api.auth.caller import Caller, Role
from schema import CUSTOMER, RECORD, NodeKind, RelationshipType, Sensitivity, Vocabulary

SMALLEST_GROUP = 5
ROOT_CAUSE = "RootCause"
# What of a root cause that was kept spells its pattern, which may name nodes by their keys.
SPELLED = frozenset(("name_en", "name_es", "name_pt", "pattern"))
Owner = NodeKind | RelationshipType
_NONE: frozenset[str] = frozenset()


class Policy:
    """What a caller may see of each kind and type, worked out once a request.

    `pseudonymous`: kinds whose keys are shown as pseudonyms.
    `knows_people`: whether the caller may be told who somebody is. `sees_all`: that, and of everybody.
    `smallest_group`: how many nodes a group of an aggregate has at least, where these are of customers.
    """

    def __init__(
        self, vocabulary: Vocabulary, caller: Caller, *, smallest_group: int = SMALLEST_GROUP
    ) -> None:
        self.vocabulary = vocabulary
        self.caller = caller
        self._seen = frozenset(sensitivity for sensitivity in Sensitivity if caller.may_see(sensitivity))
        # Worked out where it is asked for. Kinds and types apart: a kind may be called as a type is.
        self._hidden: dict[tuple[type[Owner], str], frozenset[str]] = {}
        self.knows_people = Sensitivity.PERSONAL in self._seen
        some = caller.rows or caller.customer is not None or caller.role is Role.WIDGET
        self.sees_all = self.knows_people and not some
        self.pseudonymous = _NONE if self.knows_people else frozenset(find_personal_kinds(vocabulary))
        self.smallest_group = 1 if self.knows_people else smallest_group

    def get_hidden(self, owner: Owner) -> frozenset[str]:
        """Return the names of the properties of a kind or type that are not shown."""
        place = (type(owner), owner.name)
        if place not in self._hidden:
            properties = owner.properties.values()
            self._hidden[place] = frozenset(p.name for p in properties if p.sensitivity not in self._seen)
        return self._hidden[place]

    def sees(self, owner: Owner, name: str) -> bool:
        """Tell whether the property of a kind or type is shown. One that is not declared is not."""
        return name in owner.properties and name not in self.get_hidden(owner)

    def asks(self, owner: Owner, name: str) -> bool:
        """Tell whether one may ask by the property of a kind or type: where it is shown of each node."""
        spells = isinstance(owner, NodeKind) and owner.name == ROOT_CAUSE and name in SPELLED
        return self.sees(owner, name) and (self.sees_all or not spells)

    def select_personal(self, owner: Owner, names: Iterable[str]) -> list[str]:
        """Return those of these properties that are shown, and not to everyone."""
        return [
            name
            for name in names
            if self.sees(owner, name) and owner.properties[name].sensitivity is not Sensitivity.PUBLIC
        ]

    def select_searchable(self, kind: NodeKind) -> tuple[str, ...]:
        """Return the searchable properties of a kind by which one may ask."""
        return tuple(p.name for p in kind.properties.values() if p.searchable and self.asks(kind, p.name))


def list_owners(vocabulary: Vocabulary) -> list[Owner]:
    """Return all that has properties: kinds, then types of relationship."""
    return [*vocabulary.kinds.values(), *vocabulary.relationships.values()]


def find_personal_kinds(vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the kinds whose keys may tell who somebody is: those that have a personal property."""
    for kind in vocabulary.kinds.values():
        properties = kind.properties.values()
        if kind.name in (CUSTOMER, RECORD) or any(p.sensitivity != Sensitivity.PUBLIC for p in properties):
            yield kind.name


def list_visible(vocabulary: Vocabulary, role: Role) -> dict[str, bool]:
    """Return of each property, as `Kind.name` or `TYPE.name`, whether a role sees it.

    Who has not signed in sees nothing.
    """
    policy = Policy(vocabulary, Caller(role))
    return {
        f"{owner.name}.{name}": role is not Role.ANYONE and policy.sees(owner, name)
        for owner in list_owners(vocabulary)
        for name in owner.properties
    }
