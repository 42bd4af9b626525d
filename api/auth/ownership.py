"""Whose a node is, as the vocabulary tells it: the kinds that belong to customers, and the ways to them."""

from __future__ import annotations

from schema import CUSTOMER, RECORD, Direction, Vocabulary
from schema.paths import Step

FARTHEST = 3  # steps from a customer, beyond which nothing is taken to be theirs, nor joined to them


def is_shared(vocabulary: Vocabulary, kind: str) -> bool:
    """Tell whether nodes of a kind are of no one customer; customers and their records never are."""
    return kind not in (CUSTOMER, RECORD) and vocabulary.get_kind(kind).shared


def find_owners(vocabulary: Vocabulary) -> dict[str, tuple[Step, ...]]:
    """Return for each kind that belongs to customers the steps that lead one kind nearer to them.

    A kind belongs to customers by the shortest paths through kinds that are not shared. Where it points at
    an owner by some (a payment at its invoice), those that point at it do not count (a complaint about a
    payment). `Customer` itself has no steps.
    """
    found: dict[str, tuple[Step, ...]] = {CUSTOMER: ()}
    rim = [CUSTOMER]
    for _ in range(FARTHEST):
        reached: dict[str, list[Step]] = {}
        for owner in rim:
            for triple, direction in vocabulary.steps(owner):
                kind = Step(triple, direction).to
                if kind not in found and not is_shared(vocabulary, kind):
                    reached.setdefault(kind, []).append(Step(triple, turn(direction)))
        for kind, steps in reached.items():
            pointing = [step for step in steps if step.direction is Direction.OUT]
            found[kind] = tuple(pointing or steps)
        rim = list(reached)
    return found


def turn(direction: Direction) -> Direction:
    """Return the other direction."""
    return Direction.IN if direction is Direction.OUT else Direction.OUT


def find_joins(vocabulary: Vocabulary, kind: str) -> list[tuple[Step, ...]]:
    """Return the short paths by which customers are joined to nodes of a kind.

    The first step is walked either way (what is the customer's, or has to do with them), those behind it
    towards what things belong to: `Customer-HOLDS->Subscription-IN->Region`. All of at most two steps
    count; where there are none, the shortest.
    """
    found: list[tuple[Step, ...]] = []
    rim: list[tuple[Step, ...]] = [()]
    for length in range(1, FARTHEST + 1):
        following = []
        for path in rim:
            met = (CUSTOMER, *(step.to for step in path))
            for triple, direction in vocabulary.steps(met[-1]):
                step = Step(triple, direction)
                if step.to not in met and (direction is Direction.OUT or not path):
                    following.append((*path, step))
        found += [path for path in following if path[-1].to == kind]
        rim = [path for path in following if path[-1].to != kind]
        if found and length > 1:
            break
    return found
