import tracemalloc

import pytest

from ingest.text import Extractor, extract_lines
from schema.errors import InputError


def test_every_line_is_answered_in_order(extractor: Extractor) -> None:
    lines = [
        b'\xef\xbb\xbf{"id": 1, "text": "Me cobraron dos veces"}\n',
        b"{broken\n",
        b'{"id": 3, "text": "ok \xff"}\n',
        b"[1, 2]\n",
        b'{"id": 5}\n',
        b'{"id": 6, "text": null}\n',
        b'{"id": 7, "text": "x", "lang": 3}\n',
        b'{"id": 8, "text": "\\ud800"}\n',
        b"\n",
        b'{"id": "ten", "text": "Tudo certo, obrigada", "lang": "pt"}\n',
        b'{"text": ""}',
    ]
    answers = list(extract_lines(lines, extractor))
    assert [number for number, _ in answers] == [1, 2, 3, 4, 5, 6, 7, 8, 10, 11]
    errors = {n: str(answer) for n, answer in answers if isinstance(answer, InputError)}
    assert sorted(errors) == [2, 3, 4, 5, 6, 7, 8]
    assert all(message.startswith(f"line {n}:") for n, message in errors.items())
    assert "UTF-8" in errors[3]
    assert "'text'" in errors[5]
    good = {n: answer for n, answer in answers if isinstance(answer, dict)}
    assert [answer["id"] for answer in good.values()] == [1, "ten", None]
    assert list(good[1]) == ["id", "lang", "complaint", "score", "causes", "effects"]
    assert good[10]["lang"] == "pt"


def test_an_answer_comes_before_the_next_line_is_read(extractor: Extractor) -> None:
    read = []

    def lines():  # type: ignore[no-untyped-def]
        for number in range(3):
            read.append(number)
            yield b'{"id": 1, "text": "hola"}'

    answers = extract_lines(lines(), extractor)
    next(answers)
    assert read == [0]


@pytest.mark.parametrize("content", [b"nul \\u0000 inside", "árbol 👍".encode(), b"\\u00e1"])
def test_odd_characters_are_read(extractor: Extractor, content: bytes) -> None:
    [(_, answer)] = extract_lines([b'{"id": 1, "text": "' + content + b'"}'], extractor)
    assert isinstance(answer, dict)


def test_memory_does_not_grow_with_the_lines(extractor: Extractor) -> None:
    def run(first: int, count: int) -> None:
        lines = (
            b'{"id": %d, "text": "la palabra zx%dq no funciona"}' % (n, n)
            for n in range(first, first + count)
        )
        for _ in extract_lines(lines, extractor):
            pass

    run(0, 100)
    tracemalloc.start()
    run(1000, 150)
    before = tracemalloc.get_traced_memory()[0]
    run(5000, 300)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 1_000_000
