"""What each role sees of the graph, and by what it may ask."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.auth import Caller, GuardedReader, Role, list_visible
from api.auth.policy import find_personal_kinds
from graph import Hit, Linked, Measure, Order, Store, Where
from graph.contract import Reader
from schema import (
    AuthenticationError,
    Direction,
    LimitError,
    NotFoundError,
    RefusedError,
    Sensitivity,
    UsageError,
    core_vocabulary,
)
from tests.api.auth import world
from tests.api.auth.conftest import PSEUDONYMS, Guard
from tests.api.auth.world import t

ANA = world.key("Customer", "ana")
COMPLAINT = world.key("Complaint", "ana")
SEE = {
    Role.ANALYST: {Sensitivity.PUBLIC},
    Role.AGENT: {Sensitivity.PUBLIC, Sensitivity.PERSONAL},
    Role.INVESTIGATOR: set(Sensitivity),
    Role.ADMIN: set(Sensitivity),
    Role.WIDGET: {Sensitivity.PUBLIC, Sensitivity.PERSONAL},
    Role.ANYONE: set(),
}


def shown(kind: str, key: str) -> str:
    return PSEUDONYMS.hide(kind, key)


def test_every_operation_of_the_contract_is_there_and_others_are_refused(guard: Guard) -> None:
    for name in vars(Reader):
        if not name.startswith("_"):
            assert any(name in vars(cls) for cls in GuardedReader.__mro__), name
    reader = guard(Role.ADMIN)
    Reader.newest = None  # type: ignore[attr-defined]  an operation that comes one day
    try:
        with pytest.raises(RefusedError):
            reader.newest  # noqa: B018
    finally:
        del Reader.newest  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        reader.nothing  # noqa: B018


@pytest.mark.parametrize("role", Role)
def test_each_property_is_seen_by_who_may_see_its_sensitivity(role: Role) -> None:
    vocabulary = world.VOCABULARY
    seen = list_visible(vocabulary, role)
    for kind in vocabulary.kinds.values():
        for p in kind.properties.values():
            if kind.name != "SKU":  # whose coordinates are a type's, too
                assert seen[f"{kind.name}.{p.name}"] == (p.sensitivity in SEE[role])


@pytest.mark.parametrize("role", [Role.ANALYST, Role.AGENT, Role.INVESTIGATOR])
def test_a_node_has_what_is_seen_of_it(guard: Guard, role: Role) -> None:
    key = shown("Customer", ANA) if role is Role.ANALYST else ANA
    node = guard(role).get("Customer", key)
    declared = world.VOCABULARY.kinds["Customer"].properties
    whole = guard(Role.ADMIN).get("Customer", ANA).properties
    assert set(node.properties) == {n for n in whole if declared[n].sensitivity in SEE[role]}
    assert (node.key, node.caption) == ((key, key) if role is Role.ANALYST else (ANA, "Name  qqpersonal"))


def test_who_is_shown_pseudonyms_knows_no_keys(guard: Guard) -> None:
    reader = guard(Role.ANALYST)
    for kind in find_personal_kinds(world.VOCABULARY):
        assert all(node.key.startswith("~") for node in reader.page(kind).nodes), kind
    for key in (ANA, "nobody", "~nobody", shown("Complaint", ANA), shown("Customer", "nobody")):
        assert reader.find("Customer", key) is None
        assert reader.get_many("Customer", [key]) == {}
        with pytest.raises(NotFoundError) as failed:
            reader.get("Customer", key)
        assert failed.value.message == f"there is no Customer {key!r}"
        assert reader.lookup("Customer", "key", [key]) == {}
        assert reader.page("Customer", where=[Where("key", "eq", key)]).nodes == []
        assert reader.page("Customer", where=[Where("key", "in", [key])]).nodes == []
        assert len(reader.page("Customer", where=[Where("key", "ne", key)]).nodes) == 4
    hers = shown("Customer", ANA)
    assert reader.page("Customer", where=[Where("key", "eq", hers)]).nodes[0].key == hers
    assert len(reader.page("Customer", where=[Where("key", "ne", hers)]).nodes) == 3
    assert reader.lookup("Customer", "key", [hers]) == {hers: [hers]}


def test_who_knows_people_understands_pseudonyms_that_others_show_them(guard: Guard) -> None:
    reader = guard(Role.INVESTIGATOR)
    hers = shown("Customer", ANA)
    assert reader.get("Customer", hers).key == ANA
    assert reader.get_many("Customer", [hers, ANA]).keys() == {hers, ANA}
    assert reader.neighbours("Customer", hers)
    assert reader.find("Customer", shown("Complaint", ANA)) is None


@pytest.mark.parametrize("op", ["lt", "ge", "contains", "starts"])
def test_pseudonyms_are_not_guessed_by_comparing(guard: Guard, op: str) -> None:
    with pytest.raises(RefusedError):
        guard(Role.ANALYST).page("Customer", where=[Where("key", op, "kk")])  # type: ignore[arg-type]
    assert guard(Role.ANALYST).page("Product", where=[Where("key", op, "a")]) is not None  # type: ignore[arg-type]


def test_nothing_is_asked_by_what_is_not_seen(guard: Guard) -> None:
    reader = guard(Role.AGENT)
    hidden = Where("diagnosis", "contains", "ill")
    filed = t("Customer", "FILED", "Complaint")
    asked = [
        lambda: reader.page("Customer", where=[hidden]),
        lambda: reader.page("Customer", order=Order("diagnosis")),
        lambda: reader.page("Complaint", where=[Linked(filed, Direction.IN, [hidden])]),
        lambda: reader.get_many("Customer", [], where=[hidden]),
        lambda: reader.aggregate("Customer", by=["diagnosis"]),
        lambda: reader.aggregate("Customer", measures=[Measure("max", "birth_date")]),
        lambda: reader.aggregate("Customer", where=[hidden]),
        lambda: reader.lookup("Customer", "diagnosis", ["ill  qqsensitive"]),
        lambda: reader.follow(filed, Direction.IN, [COMPLAINT], where=[hidden]),
        lambda: reader.follow(filed, Direction.IN, [COMPLAINT], order=Order("birth_date")),
        lambda: reader.degrees(filed, Direction.IN, [COMPLAINT], where=[hidden]),
        lambda: reader.search("ill", properties={"Customer": ["diagnosis"]}),
        lambda: reader.search("ill", where={"Customer": [hidden]}),
        lambda: reader.search("qqsensitive", kinds=["SKU"]),
    ]
    for ask in asked:
        with pytest.raises(RefusedError) as refused:
            ask()
        assert "Customer." in refused.value.message or "SKU.code" in refused.value.message


def test_search_looks_at_what_is_seen_only(guard: Guard) -> None:
    assert guard(Role.ANALYST).search("qqpersonal") == []
    assert guard(Role.ANALYST).search("late zzrui") == []
    with pytest.raises(RefusedError):
        guard(Role.ANALYST).search("late", kinds=["Complaint"])
    agent = guard(Role.AGENT).search("qqpersonal", kinds=["Customer"])
    assert len(agent) == 4
    assert {match.property for hit in agent for match in hit.matches} == {"name", "nick"}
    assert all(hit.snippet == "Name «qqpersonal»" or "«qqpersonal»" in hit.snippet for hit in agent)
    assert [hit.rank for hit in agent] == [0, 1, 2, 3]
    assert guard(Role.AGENT).search("qqsensitive", kinds=["Customer"]) == []
    assert len(guard(Role.INVESTIGATOR).search("qqsensitive", kinds=["Customer"])) == 4
    with pytest.raises(UsageError):
        guard(Role.AGENT).search("x", kinds=["Nothing"])


def test_a_store_that_looks_further_than_it_is_told_shows_no_more(company: Store) -> None:
    whole = company.reader()

    class Careless:
        vocabulary = whole.vocabulary

        def search(self, text: str, **_: object) -> list[Hit]:
            return [replace(hit, snippet="«zzrui» qqsensitive") for hit in whole.search(text)]

    reader = GuardedReader(Careless(), Caller(Role.AGENT), PSEUDONYMS)  # type: ignore[arg-type]
    assert reader.search("qqsensitive") == []
    found = reader.search("zzrui")
    assert {match.property for hit in found for match in hit.matches} == {
        "name",
        "nick",
        "title",
        "text",
        "subject",
    }
    snippets = {hit.node.kind: hit.snippet for hit in found}
    assert snippets["Customer"] == "Name «zzrui» qqpersonal"


def test_walks_show_pseudonyms_and_no_personal_words(guard: Guard) -> None:
    reader, hers = guard(Role.ANALYST), shown("Customer", ANA)
    filed = t("Customer", "FILED", "Complaint")
    (complaint,) = reader.follow(filed, Direction.OUT, [hers, ANA])[hers]
    assert complaint.relationship.start == hers
    assert complaint.node.key == complaint.relationship.end == shown("Complaint", COMPLAINT)
    assert reader.degrees(filed, Direction.OUT, [hers, ANA]) == {hers: 1}
    assert {branch.count for branch in reader.expand("Customer", hers)} == {1, 2}
    path = reader.shortest_path(("Customer", hers), ("Cause", "late"))
    assert path is not None
    assert [step.properties.keys() & {"quote", "how"} for step in path] == [set(), set()]
    found = reader.between([("Customer", hers), ("Complaint", complaint.node.key), ("Customer", ANA)])
    assert [(one.start, one.end) for one in found] == [(hers, complaint.node.key)]
    for operation in (reader.expand, reader.neighbours):
        with pytest.raises(NotFoundError):
            operation("Customer", ANA)
    for ends in ((("Customer", ANA), ("Cause", "late")), (("Cause", "late"), ("Customer", "~x"))):
        with pytest.raises(NotFoundError) as failed:
            reader.shortest_paths(*ends)
        assert repr(dict(ends)["Customer"]) in failed.value.message
    gone = PSEUDONYMS.hide("Customer", "kkgone")
    for ask in (
        lambda: reader.get("Customer", gone),
        lambda: reader.expand("Customer", gone),
        lambda: reader.neighbours("Customer", gone),
        lambda: reader.shortest_path(("Customer", gone), ("Cause", "late")),
        lambda: reader.shortest_paths(("Cause", "late"), ("Customer", gone)),
    ):
        with pytest.raises(NotFoundError) as failed:
            ask()
        assert "kkgone" not in str(failed.value)
        assert gone in str(failed.value)


def test_cursors_tell_no_keys_and_are_good_where_they_come_from(guard: Guard) -> None:
    reader = guard(Role.ANALYST)
    for order in (None, Order("segment"), Order("key", descending=True), Order("since", descending=True)):
        keys, after = [], None
        while True:
            page = reader.page("Customer", after=after, limit=1, order=order)
            keys += [node.key for node in page.nodes]
            assert all(cursor.startswith("~") for cursor in page.cursors)
            after = page.next
            if after is None:
                break
        assert keys == [node.key for node in reader.page("Customer", order=order).nodes]
        for wrong in ("", ANA, "kk", "a", page.cursors[0] + "A", shown("Customer", ANA)):
            with pytest.raises(UsageError):
                reader.page("Customer", after=wrong, order=order)
        with pytest.raises(UsageError):
            reader.page("Customer", after=page.cursors[0], order=Order("language"))
        with pytest.raises(UsageError):
            reader.page("Complaint", after=page.cursors[0])
    attributed = t("Complaint", "ATTRIBUTED_TO", "Cause")
    some = reader.follow(attributed, Direction.IN, ["late"], limit=3)["late"]
    more = reader.follow(attributed, Direction.IN, ["late"], after=some[-1].cursor)["late"]
    both = reader.follow(attributed, Direction.IN, ["late"])["late"]
    assert [*some, *more] == both
    with pytest.raises(UsageError):
        reader.page("Complaint", after=some[-1].cursor)


def test_groups_of_few_people_are_left_out(company: Store, guard: Guard) -> None:
    def groups(role: Role, **options: int) -> int:
        reader = GuardedReader(company.reader(), Caller(role), PSEUDONYMS, **options)
        return len(reader.aggregate("Customer", by=["segment"], measures=[Measure("distinct", "language")]))

    assert [groups(Role.ANALYST), groups(Role.ANALYST, smallest_group=2)] == [0, 1]
    assert groups(Role.AGENT) == 3
    rows = guard(Role.ANALYST).aggregate("Customer", measures=[Measure("distinct", "language")])
    assert rows == [{"distinct_language": 1}]
    assert len(guard(Role.ANALYST).aggregate("Product", by=["name"])) == 2
    for measure in (Measure("min", "key"), Measure("max", "key")):
        with pytest.raises(RefusedError):
            guard(Role.ANALYST).aggregate("Customer", measures=[measure])
    with pytest.raises(RefusedError):
        guard(Role.ANALYST).aggregate("Customer", by=["key"])


def test_arrays_have_all_columns_and_no_hidden_value(guard: Guard) -> None:
    whole, cut = guard(Role.ADMIN).project(), guard(Role.ANALYST).project()
    for kind, table in cut.nodes.items():
        assert table.schema == whole.nodes[kind].schema
        assert table.num_rows == whole.nodes[kind].num_rows
        assert table["key"].to_pylist() == sorted(table["key"].to_pylist())
    assert cut.nodes["Customer"]["income_currency"].null_count == 4
    assert cut.nodes["Customer"]["segment"].null_count == 0
    for triple, table in cut.relationships.items():
        assert table.schema == whole.relationships[triple].schema
        starts, ends = cut.ends(triple)
        pairs = list(zip(starts.tolist(), ends.tolist(), strict=True))
        assert pairs == sorted(pairs)

        def named(projection: object, hide: bool, triple: object = triple) -> list[tuple[str, str]]:
            keys = [projection.nodes[kind]["key"].to_pylist() for kind in (triple.start, triple.end)]  # type: ignore[attr-defined]
            hidden = guard(Role.ANALYST)._policy.pseudonymous
            if hide:
                keys = [
                    [shown(kind, key) if kind in hidden else key for key in column]
                    for kind, column in zip((triple.start, triple.end), keys, strict=True)  # type: ignore[attr-defined]
                ]
            ends_ = projection.ends(triple)  # type: ignore[attr-defined]
            return sorted((keys[0][s], keys[1][e]) for s, e in zip(*(e.tolist() for e in ends_), strict=True))

        assert named(cut, False) == named(whole, True)


def test_who_has_not_signed_in_sees_the_vocabulary_and_nothing_else(guard: Guard) -> None:
    reader = guard(Role.ANYONE)
    assert reader.vocabulary.kinds
    for ask in (
        lambda: reader.get("Product", "fibre"),
        lambda: reader.page("Product"),
        reader.totals,
        reader.version,
        reader.latest_run,
        lambda: reader.search("late"),
        lambda: reader.project(["Product"]),
        lambda: reader.setting("project"),
        lambda: reader.decisions("causes"),
        lambda: reader.find_true_key("Product", "fibre"),
    ):
        with pytest.raises(AuthenticationError):
            ask()


def test_conditions_are_not_nested_without_end(guard: Guard) -> None:
    from graph import Not

    condition = Where("status", "eq", "x")
    nested = condition
    for _ in range(5000):
        nested = Not(nested)  # type: ignore[assignment]
    with pytest.raises(LimitError):
        guard(Role.ADMIN).page("Complaint", where=[nested])
    with pytest.raises(UsageError):
        guard(Role.ADMIN).page("Complaint", where=[Linked(t("Cause", "CAUSED_BY", "Cause"), Direction.OUT)])


def test_what_is_kept_between_requests_is_told_apart(guard: Guard) -> None:
    views = [
        guard(Role.ANALYST).view,
        guard(Role.AGENT).view,
        guard(Role.AGENT, rows={"Region": ("north",)}).view,
        guard(Role.AGENT, rows={"Region": ("north", "south")}).view,
        guard(Role.WIDGET, customer=ANA).view,
        guard(Role.AGENT, customer=ANA).view,
        guard(Role.WIDGET).view,
        guard(Role.ADMIN).view,
        guard(Role.ANYONE).view,
    ]
    assert len(set(views)) == len(views)
    assert guard(Role.ADMIN).view == guard(Role.INVESTIGATOR).view
    same = guard(Role.AGENT, rows={"Region": ("south", "north")}).view
    assert same == views[3]


def test_a_project_s_kinds_are_protected_as_they_declare() -> None:
    extended = core_vocabulary().extend(
        {
            "kinds": {
                "Cat": {"properties": {"name": {"type": "text", "sensitivity": "personal"}, "age": "integer"}}
            }
        }
    )
    seen = list_visible(extended, Role.ANALYST)
    assert (seen["Cat.name"], seen["Cat.age"]) == (False, True)
    assert "Cat" in set(find_personal_kinds(extended))
