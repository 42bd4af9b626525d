"""What bad input does to the real `motivo extract`: lines answered, exit code, peak memory, seconds.

Each case is a process of its own. `answered` and `named` are the lines answered and the lines named
as wrong on stderr; `as_expected` says that these, their order and the exit code are what they ought
to be. Memory and time include starting Python and loading the extractor (the case `one line`).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.text.harness import Run, Tables

EXIT_BAD_INPUT = 3
COMMAND = str(Path(sys.executable).with_name("motivo"))
# A small process starts the command and reads what it used: a child of this one, which has grown by
# then, would be charged with our memory as well.
WATCH = """
import json, resource, subprocess, sys
code = subprocess.call(sys.argv[2:])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(sys.argv[1], "w") as file:
    json.dump([code, used.ru_maxrss, used.ru_utime + used.ru_stime], file)
"""
PROSE = {
    "es": "El pedido no llegó porque el camión se rompió, por lo que perdí la fiesta. ",
    "pt": "O boleto veio errado e ninguém atende, por isso cancelei o plano. ",
    "en": "My card was charged twice because the site hung, so I could not pay the rent. ",
}
ODD_LINES = (
    b"\xef\xbb\xbf" + b'{"id": 1, "text": "Me cobraron dos veces"}',  # a byte order mark is allowed
    b"{broken",
    b'{"id": 3, "text": "bad byte \xff"}',
    b"[1, 2]",
    b'{"id": 5}',
    b'{"id": 6, "text": null}',
    b'{"id": 7, "text": "x", "lang": 3}',
    b'{"id": 8, "text": "\\ud800"}',
    b"\x00\x01\x02",
    b'{"id": 10, "text": "Tudo certo, obrigada"}',
    b'{"id": 11, "text": "cut off',
)
ODD_RIGHT = [1, 10]
_NAMED = re.compile(r"^motivo: [^:]*: line (\d+):", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """Lines to feed, the ids of those to be answered, the numbers of those to be named as wrong."""

    name: str
    lines: Sequence[bytes]
    answered: Sequence[int]
    wrong: Sequence[int] = ()


def list_cases(lines: int) -> list[Case]:
    """List the cases; each ends with a plain line, which must still be answered."""
    megabyte = "".join(PROSE.values())
    megabyte *= 1_000_000 // len(megabyte) + 1
    emoji, controls = "😡👩‍👩‍👧🔥" * 500, "".join(map(chr, range(32))) + "\x7f\x85\u202e\ufeff"
    arabic = "لم يصل الطلب ولم يرد أحد على الهاتف. " * 20 + "ההזמנה לא הגיעה. " * 20
    texts = {
        "one line": [],
        "empty": ["", " ", "\n\n", "\t"],
        "1 MB": [megabyte[:1_000_000]],
        "1 MB, one word": ["a" * 1_000_000],
        "1 MB of signs": ["?!" * 500_000],
        "1 MB of odd words": [" ".join(f"q{n:x}w" for n in range(160_000))[:1_000_000]],
        "emoji only": [emoji, "😡"],
        "control characters": [controls * 50, f"No llegó {controls} el pedido"],
        "right to left": [arabic, "\u202e" + PROSE["es"]],
        "5,000 connectives": ["porque " * 5000, "no llegó porque " * 5000, PROSE["en"] * 2500],
        "mixed languages": ["".join(PROSE.values()) * n for n in (1, 5, 50)],
        f"{lines:,} lines": [PROSE["es"]] * lines,
    }
    cases = []
    for name, bad in texts.items():
        rows = [{"id": n, "text": text} for n, text in enumerate([*bad, PROSE["pt"]])]
        feed = [json.dumps(row, ensure_ascii=False).encode() for row in rows]
        cases.append(Case(name, feed, range(len(rows))))
    wrong = [number for number in range(1, len(ODD_LINES) + 1) if number not in ODD_RIGHT]
    cases.append(Case("invalid lines and bytes", ODD_LINES, ODD_RIGHT, wrong))
    return cases


def measure(run: Run) -> Tables:
    """Run every case; without --full the one of many lines is shorter."""
    options = [] if run.name == "vectors" else ["--no-vectors"]
    cases = list_cases(20_000 if run.limit is None else 10 * run.limit)
    return {"robustness": [_run_case(case, options) for case in cases]}


def _run_case(case: Case, options: Sequence[str]) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "in.jsonl").write_bytes(b"\n".join(case.lines) + b"\n")
        start = time.perf_counter()
        with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
            subprocess.run(
                [
                    sys.executable, "-S", "-c", WATCH, str(folder / "used"),
                    COMMAND, "extract", str(folder / "in.jsonl"), *options,
                ],
                stdout=out, stderr=err, check=True,
            )  # fmt: skip
        code, kilobytes, cpu_seconds = json.loads((folder / "used").read_text())
        seconds = time.perf_counter() - start
        answers = [json.loads(line)["id"] for line in (folder / "out").read_bytes().splitlines()]
        named = [int(number) for number in _NAMED.findall((folder / "err").read_text("utf-8"))]
    expected = (list(case.answered), list(case.wrong), EXIT_BAD_INPUT if case.wrong else 0)
    return {
        "case": case.name,
        "n_lines": len(case.lines),
        "megabytes": round(sum(map(len, case.lines)) / 1e6, 2),
        "answered": len(answers),
        "named": len(named),
        "exit": code,
        "as_expected": "yes" if (answers, named, code) == expected else "NO",
        "peak_mb": kilobytes // 1024,
        "cpu_seconds": round(cpu_seconds, 1),
        "seconds": round(seconds, 1),
    }
