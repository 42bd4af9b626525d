"""Shortest paths through what may be seen: a search from both ends, a level at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice

from graph import Ref, Relationship
from schema import LimitError

WIDEST = 20_000  # nodes that are looked at
# The nodes of one kind -> for each what is next to it: the relationship, and the other end
Around = Callable[[str, Sequence[str]], Mapping[str, Sequence[tuple[Relationship, Ref]]]]
# node -> the nodes before it, each with the relationships that lead there
Trail = dict[Ref, dict[Ref, list[Relationship]]]


def find_paths(
    look_around: Around, start: Ref, end: Ref, *, longest: int, limit: int
) -> list[list[Relationship]]:
    """Return up to `limit` shortest paths of at most `longest` steps, [] where there are none.

    `LimitError` where too much lies between both ends.
    """
    if start == end:
        return [[]]
    trails: tuple[Trail, Trail] = ({start: {}}, {end: {}})
    rims: list[list[Ref]] = [[start], [end]]
    for _ in range(longest):
        side = 0 if len(rims[0]) <= len(rims[1]) else 1
        rims[side] = _advance(look_around, rims[side], trails[side])
        if len(trails[0]) + len(trails[1]) > WIDEST:
            raise LimitError("too much lies between both ends", hint="ask for fewer types or a shorter path")
        meeting = [ref for ref in rims[side] if ref in trails[1 - side]]
        if meeting:
            found = (
                [*reversed(before), *behind]
                for ref in meeting
                for before in _retrace(trails[0], ref)
                for behind in _retrace(trails[1], ref)
            )
            return list(islice(found, limit))
        if not rims[side]:
            break
    return []


def _advance(look_around: Around, rim: Sequence[Ref], trail: Trail) -> list[Ref]:
    """Go one step further from a rim; return the nodes that were not met before."""
    reached: Trail = {}
    for kind in dict.fromkeys(kind for kind, _ in rim):
        for key, around in look_around(kind, [k for name, k in rim if name == kind]).items():
            for relationship, ref in around:
                if ref not in trail:
                    ways = reached.setdefault(ref, {}).setdefault((kind, key), [])
                    if all(not _is_same_step(way, relationship) for way in ways):
                        ways.append(relationship)
    trail.update(reached)
    return list(reached)


def _is_same_step(one: Relationship, other: Relationship) -> bool:
    """Tell whether two relationships differ in their slot at most."""
    return (one.triple, one.start, one.end) == (other.triple, other.start, other.end)


def _retrace(trail: Trail, ref: Ref) -> Iterable[list[Relationship]]:
    """Yield the ways back from a node to where a trail begins."""
    if not trail[ref]:
        yield []
        return
    for before, relationships in trail[ref].items():
        for relationship in relationships:
            for rest in _retrace(trail, before):
                yield [relationship, *rest]
