"""A folder of vectors, one file a document. The vectors are a stand-in: hashed words instead of an embedding model."""

from __future__ import annotations

import array
import hashlib
import heapq
import math
import operator
import re
from collections.abc import Mapping
from pathlib import Path

DIMENSIONS = 256
SIMILAR = 0.2  # cosine, from 0 to 1; below it is chance


class Vectors:
    """All vectors are in memory; the files are what lasts."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._known = {int(path.stem): _read(path) for path in folder.glob("*.f32")}

    def complete(self, texts: Mapping[int, str]) -> None:
        """Make the vectors that are missing, from the documents' text by id."""
        for number in texts.keys() - self._known.keys():
            vector = embed(texts[number])
            part = self._folder / f".{number}.part"
            part.write_bytes(vector.tobytes())
            part.replace(self._folder / f"{number}.f32")
            self._known[number] = vector

    def nearest(self, query: str, limit: int) -> list[tuple[int, float]]:
        """Ids with their cosine, the most similar first."""
        asked = embed(query)
        scores = ((number, _cosine(asked, vector)) for number, vector in list(self._known.items()))
        return heapq.nlargest(limit, (pair for pair in scores if pair[1] >= SIMILAR), key=lambda pair: pair[1])


def embed(text: str) -> array.array[float]:
    """How often each word occurs, words hashed into DIMENSIONS places, of length 1."""
    counts = [0.0] * DIMENSIONS
    for word in re.findall(r"\w+", text.lower()):
        counts[int.from_bytes(hashlib.blake2b(word.encode(), digest_size=2).digest()) % DIMENSIONS] += 1
    length = math.hypot(*counts) or 1.0
    return array.array("f", [count / length for count in counts])


def _read(path: Path) -> array.array[float]:
    return array.array("f", path.read_bytes())


def _cosine(one: array.array[float], other: array.array[float]) -> float:
    return float(sum(map(operator.mul, one, other)))
