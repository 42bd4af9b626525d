"""The vocabulary: what the core has, how it is extended, and what an extension cannot do."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from schema.errors import UsageError
from schema.kinds import VALUE_TYPES, Direction, NodeKind, RelationshipType, Sensitivity, Triple
from schema.vocabulary import CAUSE, COMPLAINT, CUSTOMER, RECORD, RESOLVES_TO, Vocabulary, core_vocabulary

SELLER = {
    "kinds": {
        "Seller": {
            "label": {"en": "seller", "pt": "vendedor"},
            "about": "Who sells.",
            "caption": "name",
            "shared": True,
            "properties": {
                "name": {"type": "text", "searchable": True, "sensitivity": "personal"},
                "state": "text",
            },
        }
    },
    "relationships": {
        "SOLD_BY": {
            "ends": ["Product -> Seller", "Invoice->Seller"],
            "slot": "line",
            "properties": {"line": "integer"},
        }
    },
}


class TestCore:
    def test_it_has_the_names_that_code_relies_on(self) -> None:
        core = core_vocabulary()
        assert {CUSTOMER, RECORD, COMPLAINT, CAUSE} <= set(core.kinds)
        assert RESOLVES_TO in core.triples

    def test_a_source_record_has_what_a_customer_has(self) -> None:
        core = core_vocabulary()
        customer, record = core.kinds[CUSTOMER], core.kinds[RECORD]
        assert {n: p.type for n, p in customer.properties.items()}.items() <= {
            n: p.type for n, p in record.properties.items()
        }.items()
        assert record.caption == customer.caption
        assert not any(p.searchable for p in record.properties.values())

    def test_every_name_is_told_in_every_language(self) -> None:
        core = core_vocabulary()
        everything: list[NodeKind | RelationshipType] = [*core.kinds.values(), *core.relationships.values()]
        for declared in everything:
            assert set(declared.label) == {"en", "es", "pt"}, declared.name
            assert declared.about

    def test_persons_data_is_marked(self) -> None:
        properties = core_vocabulary().kinds[CUSTOMER].properties
        for name in ("name", "email", "phone", "address", "external_id"):
            assert properties[name].sensitivity is not Sensitivity.PUBLIC
        for name in ("tax_number", "birth_date"):
            assert properties[name].sensitivity is Sensitivity.SENSITIVE


class TestLookups:
    def test_what_is_there(self) -> None:
        core = core_vocabulary()
        assert core.get_kind("Invoice").name == "Invoice"
        assert core.get_relationship("FILED").ends == (("Customer", "Complaint"),)
        assert core.get_triple("Customer", "FILED", "Complaint") == Triple("Customer", "FILED", "Complaint")

    def test_what_is_not_there_is_told_with_what_is(self) -> None:
        core = core_vocabulary()
        with pytest.raises(UsageError, match=r"no kind 'Order'.*Customer"):
            core.get_kind("Order")
        with pytest.raises(UsageError, match=r"no relationship 'BOUGHT'.*FILED"):
            core.get_relationship("BOUGHT")
        with pytest.raises(UsageError, match=r"Complaint-FILED->Customer.*Customer-FILED->Complaint"):
            core.get_triple("Complaint", "FILED", "Customer")
        with pytest.raises(UsageError, match="BOUGHT"):
            core.get_triple("Customer", "BOUGHT", "Product")

    def test_steps_leave_and_reach_a_kind(self) -> None:
        steps = list(core_vocabulary().steps(CAUSE))
        assert (Triple("Complaint", "ATTRIBUTED_TO", "Cause"), Direction.IN) in steps
        loop = Triple("Cause", "CAUSED_BY", "Cause")
        assert [way for triple, way in steps if triple == loop] == [Direction.OUT, Direction.IN]
        assert all(CAUSE in (t.start if way is Direction.OUT else t.end) for t, way in steps)


class TestExtending:
    def test_a_declared_kind_has_the_powers_of_a_core_one(self) -> None:
        more = core_vocabulary().extend(SELLER)
        seller = more.get_kind("Seller")
        assert (seller.caption, seller.shared) == (("name",), True)
        assert seller.properties["name"].sensitivity is Sensitivity.PERSONAL
        assert seller.properties["state"].type == "text"
        assert more.get_triple("Invoice", "SOLD_BY", "Seller") in more.triples
        assert more.relationships["SOLD_BY"].slot == "line"
        assert "Seller" not in core_vocabulary().kinds

    def test_a_known_kind_gets_more_properties(self) -> None:
        more = core_vocabulary().extend({"kinds": {"Customer": {"properties": {"tier": "integer"}}}})
        assert more.kinds[CUSTOMER].properties["tier"].type == "integer"
        assert more.kinds[RECORD].properties["tier"].type == "integer"
        assert more.kinds[CUSTOMER].properties["name"] == core_vocabulary().kinds[CUSTOMER].properties["name"]

    def test_a_property_may_be_declared_anew_with_its_type(self) -> None:
        anew = {"type": "text", "indexed": True}
        more = core_vocabulary().extend({"kinds": {"Invoice": {"properties": {"number": anew}}}})
        assert more.kinds["Invoice"].properties["number"].indexed
        assert more.kinds["Invoice"].caption == ("number",)

    def test_a_known_relationship_gets_more_ends_once(self) -> None:
        more = core_vocabulary().extend({"relationships": {"FILED": {"ends": "SourceRecord -> Complaint"}}})
        again = more.extend({"relationships": {"FILED": {"ends": "SourceRecord -> Complaint"}}})
        assert again.relationships["FILED"].ends == (
            ("Customer", "Complaint"),
            ("SourceRecord", "Complaint"),
        )

    @pytest.mark.parametrize(
        "nothing", [{}, {"kinds": None}, {"kinds": {}, "relationships": {}}, {"other": 1}]
    )
    def test_nothing_changes_nothing(self, nothing: dict[str, Any]) -> None:
        assert core_vocabulary().extend(nothing) == core_vocabulary()

    @pytest.mark.parametrize(
        ("path", "declarations"),
        [
            ("kinds: expected", {"kinds": ["Seller"]}),
            ("relationships: expected", {"relationships": "SOLD"}),
            ("kinds.Seller: expected a mapping", {"kinds": {"Seller": "text"}}),
            ("kinds.seller: ", {"kinds": {"seller": {}}}),
            ("kinds.Seller.colour: unknown", {"kinds": {"Seller": {"colour": "red"}}}),
            ("kinds.Seller.label: ", {"kinds": {"Seller": {"label": "seller"}}}),
            ("kinds.Seller.label: ", {"kinds": {"Seller": {"label": {"fr": "vendeur"}}}}),
            ("kinds.Seller: ", {"kinds": {"Seller": {"caption": "name"}}}),
            ("kinds.Seller", {"kinds": {"Seller": {"caption": 5}}}),
            ("kinds.Seller.properties: ", {"kinds": {"Seller": {"properties": ["name"]}}}),
            ("kinds.Seller.properties.Name: ", {"kinds": {"Seller": {"properties": {"Name": "text"}}}}),
            ("kinds.Seller.properties.key: ", {"kinds": {"Seller": {"properties": {"key": "text"}}}}),
            ("kinds.Seller.properties.state: ", {"kinds": {"Seller": {"properties": {"state": "string"}}}}),
            ("kinds.Seller.properties.state: ", {"kinds": {"Seller": {"properties": {"state": 5}}}}),
            (
                "kinds.Seller.properties.state.kind: unknown",
                {"kinds": {"Seller": {"properties": {"state": {"kind": "text"}}}}},
            ),
            (
                "kinds.Seller.properties.state.sensitivity: ",
                {"kinds": {"Seller": {"properties": {"state": {"sensitivity": "secret"}}}}},
            ),
            ("kinds.Invoice.properties.amount: ", {"kinds": {"Invoice": {"properties": {"amount": "text"}}}}),
            ("kinds: ", {"kinds": {"INVOICE": {}}}),
            ("relationships.SOLD: ends are missing", {"relationships": {"SOLD": {}}}),
            ("relationships.SOLD.ends: ", {"relationships": {"SOLD": {"ends": "Product, Invoice"}}}),
            ("relationships.SOLD.ends: ", {"relationships": {"SOLD": {"ends": "Product -> Nothing"}}}),
            ("relationships.SOLD", {"relationships": {"SOLD": {"ends": 5}}}),
            ("relationships.sold: ", {"relationships": {"sold": {"ends": "Product -> Invoice"}}}),
            (
                "relationships.SOLD: ",
                {"relationships": {"SOLD": {"ends": "Product -> Invoice", "slot": "line"}}},
            ),
            (
                "relationships.CHARGES.properties.amount: ",
                {"relationships": {"CHARGES": {"properties": {"amount": "number"}}}},
            ),
            ("relationships.SOLD.start: unknown", {"relationships": {"SOLD": {"start": "Product"}}}),
        ],
    )
    def test_an_error_starts_with_its_place(self, path: str, declarations: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match=r"\w") as caught:
            core_vocabulary().extend(declarations)
        assert str(caught.value).startswith(path)


class TestDeclarations:
    @pytest.mark.parametrize("more", [{}, SELLER])
    def test_they_make_the_same_vocabulary_again(self, more: dict[str, Any]) -> None:
        vocabulary = core_vocabulary().extend(more)
        declared = vocabulary.to_dict()
        for text in (json.loads(json.dumps(declared)), yaml.safe_load(json.dumps(declared))):
            again = Vocabulary().extend(text)
            assert again == vocabulary
            assert again.triples == vocabulary.triples
        assert vocabulary.extend(declared) == vocabulary


NAMES = st.sampled_from(["alpha", "beta_2", "gamma"])
LABELS = st.dictionaries(st.sampled_from(["en", "es", "pt"]), st.text(min_size=1, max_size=5))
PROPERTIES = st.dictionaries(
    NAMES,
    st.sampled_from(list(VALUE_TYPES))
    | st.fixed_dictionaries(
        {"type": st.sampled_from(list(VALUE_TYPES))},
        optional={
            "label": LABELS,
            "about": st.text(max_size=5),
            "sensitivity": st.sampled_from(["public", "personal", "sensitive"]),
            "searchable": st.booleans(),
            "indexed": st.booleans(),
        },
    ),
)
KINDS = st.sampled_from(["Apple", "Pear", "Invoice"])
DECLARATIONS = st.fixed_dictionaries(
    {
        "kinds": st.fixed_dictionaries(
            {"Apple": st.fixed_dictionaries({"properties": PROPERTIES}, optional={"shared": st.booleans()})},
            optional={
                "Pear": st.fixed_dictionaries({}, optional={"label": LABELS, "properties": PROPERTIES})
            },
        ),
        "relationships": st.dictionaries(
            st.sampled_from(["EATS", "IS_ON"]),
            st.fixed_dictionaries(
                {"ends": st.lists(st.sampled_from(["Apple -> Invoice", "Invoice -> Apple"]), min_size=1)},
                optional={"properties": PROPERTIES, "label": LABELS},
            ),
        ),
    }
)


@settings(max_examples=40, deadline=None)
@given(DECLARATIONS)
def test_any_vocabulary_is_made_again_from_its_declarations(declarations: dict[str, Any]) -> None:
    vocabulary = core_vocabulary().extend(declarations)
    again = Vocabulary().extend(json.loads(json.dumps(vocabulary.to_dict())))
    assert again == vocabulary
    assert again.triples == vocabulary.triples
    assert vocabulary.extend(declarations) == vocabulary


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.just("text") | st.just("A -> B"),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(
                [
                    "kinds",
                    "relationships",
                    "properties",
                    "ends",
                    "caption",
                    "label",
                    "type",
                    "slot",
                    "x",
                    "A",
                    "B",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(
    st.dictionaries(st.sampled_from(["kinds", "relationships"]), st.dictionaries(st.sampled_from("AB"), JUNK))
)
def test_any_declaration_is_read_or_refused_with_its_place(declarations: dict[str, Any]) -> None:
    told = "kinds"
    try:
        Vocabulary().extend(declarations)
    except ValueError as error:
        told = str(error)
    assert told.startswith(("kinds", "relationships"))
