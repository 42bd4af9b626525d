"""Taxonomy, corpus, tokens and the pipeline's contract."""

from importlib.resources import files

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st

from ingest.text import load_taxonomy
from ingest.text.corpus import BLOCKS, parse_markup, read_background, read_phrases, read_texts
from ingest.text.features import SIZE, hash_tokens
from ingest.text.lexical import build_lexical_pipeline
from ingest.text.model import load_model
from ingest.text.tokens import MOST_TOKENS, WordTokenizer, fold_word, split_tokens
from ingest.text.units import read_units
from schema.errors import NotFoundError

TOKENIZE = WordTokenizer(spacy.blank("xx").vocab)


def test_taxonomy_is_complete() -> None:
    taxonomy = load_taxonomy()
    assert len(taxonomy) == 48
    assert len({cause.label for cause in taxonomy}) == len(taxonomy)
    for cause in taxonomy:
        domain, _, name = cause.id.partition(".")
        assert domain.isidentifier()
        assert name.isidentifier()
        for texts in (cause.names, cause.descriptions):
            assert set(texts) == {"en", "es", "pt"}
            assert all(texts.values())
    for lang in ("en", "es", "pt"):
        assert len({cause.names[lang] for cause in taxonomy}) == len(taxonomy)


def test_taxonomy_look_ups() -> None:
    taxonomy = load_taxonomy()
    assert taxonomy.get_cause("delivery.late").label == "delivery_late"
    assert taxonomy.find_label("delivery_late") is taxonomy.get_cause("delivery.late")
    assert "delivery.late" in taxonomy
    assert taxonomy.find_cause("delivery.never") is None
    assert taxonomy.packs == ("common", "retail", "telecom", "banking", "health")
    with pytest.raises(NotFoundError):
        taxonomy.get_cause("delivery.never")


def test_every_label_of_corpus_and_model_is_a_cause_or_other() -> None:
    taxonomy = load_taxonomy()
    labels = {mark.label for text in read_texts() for mark in text.marks}
    labels |= {phrase.label for phrase in read_phrases()} | set(load_model().labels)
    unknown = {label for label in labels if taxonomy.find_label(label) is None}
    assert all(label.startswith("other") for label in unknown)
    assert {cause.label for cause in taxonomy} <= labels


def test_corpus_is_marked_well() -> None:
    texts = list(read_texts())
    assert {text.lang for text in texts} == {"es", "pt", "en"}
    assert {text.block for text in texts} == set(range(BLOCKS))
    for text in texts:
        assert "{" not in text.text
        assert "}" not in text.text
        end = 0
        for mark in text.marks:
            assert end <= mark.start < mark.end <= len(text.text)
            end = mark.end
    assert all(read_background(lang) for lang in ("es", "pt", "en"))


def test_markup() -> None:
    text, marks = parse_markup("Ayer {delivery_late+|no llegó}, {other:x|ñ}.")
    assert text == "Ayer no llegó, ñ."
    assert [(text[m.start : m.end], m.label, m.explicit) for m in marks] == [
        ("no llegó", "delivery_late", True),
        ("ñ", "other:x", False),
    ]


@given(st.text(st.characters()))
def test_tokens_are_the_text(text: str) -> None:
    assert "".join(split_tokens(text)) == text
    units = read_units(text)
    for k, word in enumerate(units.words):
        assert text[units.starts[k] : units.end_of(k)] == word
    ids = hash_tokens(units.words)
    assert ids.shape[1] == len(units)
    assert ((ids >= 0) & (ids < SIZE)).all()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_doc_is_the_text(text: str) -> None:
    doc = TOKENIZE(text)
    assert doc.text == text
    assert all(text[token.idx : token.idx + len(token.text)] == token.text for token in doc)


def test_what_follows_the_longest_read_is_one_token() -> None:
    text = "a " * MOST_TOKENS
    tokens = split_tokens(text)
    assert len(tokens) == MOST_TOKENS + 1
    assert "".join(tokens) == text
    assert len(read_units(text)) == MOST_TOKENS // 2


@pytest.mark.parametrize(
    ("word", "folded"),
    [("Atención", "atencion"), ("NÃO", "nao"), ("2024", "0000"), ("@Tienda", "<user>"),
     ("https://a.b", "<url>"), ("\n \n", "\n"), ("I’m", "i'm"), ("e\u0301l", "el")],
)  # fmt: skip
def test_folding(word: str, folded: str) -> None:
    assert fold_word(word) == folded


def test_pipeline_is_spacys() -> None:
    """Parts can be looked at, taken out and replaced as in any spaCy pipeline."""
    nlp = build_lexical_pipeline()
    assert nlp.pipe_names == [
        "motivo_language",
        "sentencizer",
        "motivo_connectives",
        "motivo_tagger",
        "motivo_complaint",
        "motivo_relations",
        "motivo_causes",
    ]
    doc = nlp("Me cobraron dos veces la factura. Quiero una solución.")
    assert doc._.language == "es"
    assert doc._.complaint
    assert len(list(doc.sents)) == 2
    [span] = doc.spans["causes"]
    assert span.text == "Me cobraron dos veces la factura"
    assert span._.cause == "billing.double_charge"
    assert span._.kind == "implicit"


def test_data_files_travel_with_the_package() -> None:
    folder = files("ingest.text")
    for name in ("lexical.npz", "taxonomy.yaml", "connectives.yaml", "corpus/phrases.tsv"):
        assert folder.joinpath(name).is_file()
    assert len(folder.joinpath("lexical.npz").read_bytes()) < 2_000_000
