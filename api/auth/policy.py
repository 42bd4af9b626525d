"""What somebody sees of the vocabulary: by role, from the sensitivity of each property."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from api.auth.caller import Caller, Role
from schema import CUSTOMER, RECORD, Sensitivity, Vocabulary

SMALLEST_GROUP = 5


class Policy:
    """What a caller may see of each kind and type, worked out once a request.

    `hidden`: names of the properties that are not shown, by kind or type (those with none are left out).
    `pseudonymous`: kinds whose keys are shown as pseudonyms.
    `smallest_group`: how many nodes a group of an aggregate has at least, where these are of customers.
    """

    def __init__(
        self, vocabulary: Vocabulary, caller: Caller, *, smallest_group: int = SMALLEST_GROUP
    ) -> None:
        self.vocabulary = vocabulary
        self.caller = caller
        declared = (*vocabulary.kinds.values(), *vocabulary.relationships.values())
        self.hidden: Mapping[str, frozenset[str]] = {
            owner.name: names
            for owner in declared
            if (
                names := frozenset(
                    p.name for p in owner.properties.values() if not caller.may_see(p.sensitivity)
                )
            )
        }
        self.knows_people = caller.may_see(Sensitivity.PERSONAL)
        self.pseudonymous = frozenset() if self.knows_people else frozenset(find_personal_kinds(vocabulary))
        self.smallest_group = 1 if self.knows_people else smallest_group

    def sees(self, owner: str, name: str) -> bool:
        """Tell whether the property of a kind or type is shown. One that is not declared is not."""
        kinds, types = self.vocabulary.kinds, self.vocabulary.relationships
        declared = kinds.get(owner) or types.get(owner)
        return (
            declared is not None
            and name in declared.properties
            and name not in self.hidden.get(owner, frozenset())
        )

    def select_personal(self, owner: str, names: Iterable[str]) -> list[str]:
        """Return those of these properties that are shown, and not to everyone."""
        declared = (self.vocabulary.kinds.get(owner) or self.vocabulary.relationships[owner]).properties
        return [
            name
            for name in names
            if self.sees(owner, name) and declared[name].sensitivity is not Sensitivity.PUBLIC
        ]

    def searches(self, kind: str) -> tuple[str, ...]:
        """Return the searchable properties of a kind that are shown."""
        properties = self.vocabulary.get_kind(kind).properties.values()
        return tuple(p.name for p in properties if p.searchable and self.sees(kind, p.name))


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
        f"{owner.name}.{name}": role is not Role.ANYONE and policy.sees(owner.name, name)
        for owner in (*vocabulary.kinds.values(), *vocabulary.relationships.values())
        for name in owner.properties
    }
