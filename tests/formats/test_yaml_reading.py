from __future__ import annotations

import time
from io import StringIO

import pytest
import yaml as pyyaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from aisearch_deploy.formats.base import ParseError
from aisearch_deploy.formats.yaml import parse

MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ai-search
  labels: {app.kubernetes.io/name: ai-search, app.kubernetes.io/part-of: "ai search"}
spec:
  replicas: 3
  template:
    spec:
      automountServiceAccountToken: false
      containers:
        - name: app # the app
          image: ghcr.io/example/ai-search:1.4.2
          ports:
            - {containerPort: 8000, name: http}
          env:
            - name: LOG_LEVEL
              value: INFO
"""


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", None),
        ("# nothing\n", None),
        ("a", "a"),
        ("---\na: 1\n---\nb: 2\n", [{"a": 1}, {"b": 2}]),
        ("---\na: 1\n...\n", {"a": 1}),
        ("a:\nb: ~\nc: null\n", {"a": None, "b": None, "c": None}),
        ("a: [true, False, TRUE]", {"a": [True, False, True]}),
        ("a: [0, -1, +7, 18]", {"a": [0, -1, 7, 18]}),
        ("a: [1.5, -2., .5, 1.0e+16, 2026.11]", {"a": [1.5, -2.0, 0.5, 1e16, 2026.11]}),
        ("a: 10.0.0.1\nb: 1.4.2\nc: 6Gi\nd: 8000:80\n", {"a": "10.0.0.1", "b": "1.4.2", "c": "6Gi", "d": "8000:80"}),
        ("a: 'no'\nb: \"0644\"\nc: |\n  1e3\n", {"a": "no", "b": "0644", "c": "1e3\n"}),
        ("'<<': {a: 1}", {"<<": {"a": 1}}),
        ("2: a\ntrue: b\nnull: c\n", {2: "a", True: "b", None: "c"}),
        ("a: >\n  folded\n  text\n", {"a": "folded text\n"}),
    ],
)
def test_read(text: str, tree: object) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "the key 'a' is there twice"),
        ("a:\n  - x: 1\n    x: 1\n", 3, "the key 'x' is there twice"),
        ("{a: 1, a: 1}", 1, "the key 'a' is there twice"),
        ("a: &x 1\n", 1, "an anchor or a tag"),
        ("a: 1\nb: *x\n", 2, "an alias"),
        ("a: !!str 1\n", 1, "an anchor or a tag"),
        ("a: !Ref x\n", 1, "an anchor or a tag"),
        ("a: ! x\n", 1, "an anchor or a tag"),
        ("a: !!python/object/apply:os.system [id]\n", 1, "an anchor or a tag"),
        ("a: !!map {}\n", 1, "an anchor or a tag"),
        ("? [a, b]\n: 1\n", 1, "a map or a list as a key"),
        ("a: 1\n  b: 2\n", 2, "mapping values are not allowed"),
        ("a: [1\n", 2, "did not find expected"),
        ("a: 'x\n", 2, "unexpected end of stream"),
        ("\tb: 1\n", 1, "cannot start any token"),
        ("a: \x01\n", 1, "not allowed"),
        ("a: 1\nb: x\u2028y\n", 2, r"'\\u2028' must be written as an escape"),
        ("a: \ufeffx\n", 1, r"'\\ufeff' must be written as an escape"),
        ("a: \x85\n", 1, r"'\\x85' must be written as an escape"),
        ("a: \ud800\n", 1, "half a character"),
        ("a: " + "9" * 5000, 1, "thousands of digits"),
        ("[" * 20_000, 1, "nested too deeply"),
    ],
)
def test_refused(text: str, line: int, message: str) -> None:
    with pytest.raises(ParseError, match=message) as caught:
        parse(text)
    assert caught.value.line == line


DIFFERENT = [
    *("y", "N", "yes", "NO", "on", "Off"),
    *("0644", "08", "00", "0o17", "0O17", "0b11", "0x1F", "-0x1F", "0x_1", "1_000", "1_0.5"),
    *("1e3", "1.5e3", "1E+3", "-.5", "+.5", "-_1", "12e5", "12:30:45", "22:22", "1:30.5", "190:20:30"),
    *("2026-11-24", "2026-1-2T10:00:00Z", "2001-12-14 21:59:43.10 -5"),
    *(".inf", "-.INF", ".NaN", "<<", "="),
]


@pytest.mark.parametrize("word", DIFFERENT)
@pytest.mark.parametrize("place", ["a: 1\nb: {}\n", "a: 1\n{}: b\n", "- [\n {}]"])
def test_what_the_two_versions_read_differently(word: str, place: str) -> None:
    with pytest.raises(ParseError, match=r"one thing in YAML .* and another in YAML .*: write it in quotes") as caught:
        parse(place.replace("{}", word))
    assert caught.value.line == 2
    assert parse(place.replace("{}", f"'{word}'")) is not None


plain_words = st.lists(
    st.sampled_from(
        [*"0123456789", *"abefinoxyzTZNO", *"-+._:/", "0x", "0o", "0b", "e+", "yes", "null", ".inf", "12:30"]
    ),
    min_size=1,
    max_size=7,
).map("".join)


@given(plain_words)
def test_what_is_read_is_what_a_reader_of_either_version_sees(word: str) -> None:
    document = f"k: {word}\n"
    try:
        seen = parse(document)
    except ParseError:
        return
    assert repr(pyyaml.safe_load(document)) == repr(seen)
    assert repr(YAML(typ="safe", pure=True).load(StringIO(document))) == repr(seen)


def test_a_manifest_of_400_lines_takes_under_ten_milliseconds() -> None:
    manifests = "---\n".join([MANIFEST] * 22)
    assert manifests.count("\n") > 400
    assert min(seconds_for(manifests) for _ in range(5)) < 0.010


def seconds_for(text: str) -> float:
    start = time.perf_counter()
    parse(text)
    return time.perf_counter() - start
