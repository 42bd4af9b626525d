"""Texts are data, whatever stands in them: as keys, values, names of sources and records."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph import FieldError, Judgement, Progress, RejectedRow, Store, Where
from graph.model import Counts
from tests.graph.conformance.company import NEXT, SENT, append, customer, ingest, link, node
from tests.graph.conformance.conftest import Fresh

COVERS = ("Reader.get", "Reader.page", "Reader.lookup", "Reader.search", "Transaction.assign")

TEXTS = {
    "quotes": '\'; DROP TABLE "Parcel"; --',
    "backticks": "`x`}) DETACH DELETE (n) //",
    "backslashes": "\\u0000\\'\\\\",
    "parameters": "$key :key ?1 {key} %s",
    "wildcards": "%_*?[a-z]",
    "control": "".join(map(chr, range(1, 32))) + "\x7f\x85",
    "lines": "\r\n\u2028\u2029\v\f",
    "spaces": " \u00a0\u3000\ufeff\u200b ",
    "emoji": "👩‍👩‍👧‍👦🇧🇷",
    "direction": "\u202eabc\u202c",
    "combining": "e\u0301 é",
    "noncharacters": "\ufffe\uffff\U0010ffff",
    "json": '{"a": [null, "\\ud800"]}',
    "null": "null",
    "number": "007",
    "empty": "",
    "long": "ñ" * 500_000,
}

any_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=30)


def said_of(store: Store, text: str) -> None:
    """Write a text wherever a text can stand, and read it back."""
    ingest(
        store,
        **{f"source {text}": {text: [node("Parcel", text, label=text, carrier=text)]}},
        links={
            text: [
                customer(text, name=text),
                link(SENT, text, text, note=text),
                link(NEXT, text, "p", note=text),
            ]
        },
    )
    row = RejectedRow(text, text, text, {text: text}, (FieldError(text, text),))
    with store.transaction() as transaction:
        run = transaction.begin_run(text)
        transaction.assign([Judgement(text, f"c {text}", 0.5, text, text)])
        transaction.reject([row])
        transaction.keep_setting(text, {text: text})
        transaction.save_progress(text, Progress({text: text}, Counts()))
    reader = store.reader()
    assert reader.latest_run() == run
    found = reader.get("Parcel", text)
    assert (found.key, found.source) == (text, f"source {text}")
    assert found.properties == {"label": text, "carrier": text}
    assert [c.record for c in reader.history("Parcel", text)] == [text]
    assert text in [n.key for n in reader.page("Parcel").nodes]
    for name in ("key", "label"):
        assert [n.key for n in reader.page("Parcel", where=[Where(name, "eq", text)]).nodes] == [text]
        assert [n.key for n in reader.page("Parcel", where=[Where(name, "in", [text])]).nodes] == [text]
    assert reader.lookup("Parcel", "carrier", [text]) == {text: [text]}
    assert reader.customers_of([text]) == {text: f"c {text}"}
    assert reader.records_of([f"c {text}"]) == {f"c {text}": [text]}
    assert reader.get("Customer", f"c {text}").properties == {"name": text}
    notes = [n.relationship.properties.get("note") for n in reader.neighbours("Parcel", text)]
    assert set(notes) == {text}
    assert len(reader.shortest_path(("SourceRecord", text), ("Parcel", "p")) or ()) == 3
    assert text in reader.project().nodes["Parcel"]["key"].to_pylist()
    assert {text} < {r["carrier"] for r in reader.aggregate("Parcel", by=["carrier"])}
    assert list(reader.rejected_rows(source=text)) == [row]
    assert reader.setting(text) == {text: text}
    assert reader.progress(run.id, text) == Progress({text: text}, Counts())
    assert list(reader.known_records(f"source {text}", [text])) == [text]
    reader.search(text[:1000])


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_is_kept_letter_by_letter(store: Store, name: str) -> None:
    said_of(store, TEXTS[name])
    assert store.reader().check()[1:] == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=any_text)
def test_any_text_is_kept(fresh: Fresh, text: str) -> None:
    with fresh() as store:
        said_of(store, text)


@settings(max_examples=25, deadline=None)
@given(keys=st.sets(any_text, min_size=1, max_size=30))
def test_keys_sort_by_code_point_and_are_told_apart(fresh: Fresh, keys: set[str]) -> None:
    with fresh() as store:
        append(store, a={str(i): [node("Parcel", key, label=key)] for i, key in enumerate(keys)})
        reader = store.reader()
        assert [n.key for n in reader.page("Parcel").nodes] == sorted(keys)
        assert reader.project(kinds=["Parcel"]).nodes["Parcel"]["key"].to_pylist() == sorted(keys)
        groups = reader.aggregate("Parcel", by=["label"])
        assert [(g["label"], g["count"]) for g in groups] == [(key, 1) for key in sorted(keys)]


def test_a_megabyte_is_found_by_a_word_in_it(store: Store) -> None:
    text = "palabra " * 130_000 + "aguja"
    ingest(store, a={"1": [node("Complaint", "c", text=text)]})
    (hit,) = store.reader().search("aguja")
    assert hit.node.properties["text"] == text
    assert "«aguja»" in hit.snippet
