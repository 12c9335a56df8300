"""From a wrong text to the right one, where what was meant is plain; only for shapes that never hold a secret."""

from __future__ import annotations

import re
import unicodedata

from aisearch_deploy.config import shapes

_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://")
# IDNA 2003 and 2008 disagree about these, so there is no one right answer (UTS 46, section 4.1.3).
_AMBIGUOUS = frozenset("ßς\u200c\u200d")


def mended(pattern: str, text: str) -> str | None:
    """What `text` should have been to match `pattern`, or None where nobody can say."""
    mend = _MENDERS.get(pattern)
    if mend is None or not (text.isascii() or pattern == shapes.DOMAIN):
        return None
    candidate = mend(text)
    fits = candidate != text and len(candidate) <= 100 and re.fullmatch(pattern, candidate, re.ASCII) is not None
    return candidate if fits else None


def stranger(text: str) -> str | None:
    """The first character that is not printable ASCII, in words, since the eye may not see it; None without one."""
    for number, character in enumerate(text, 1):
        if not " " <= character <= "~":
            name = "a line break" if character == "\n" else unicodedata.name(character, "a control character")
            return f"character {number} is U+{ord(character):04X}, {name}"
    return None


def _name(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _sql_name(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.lower())


def _domain(text: str) -> str:
    host = _SCHEME.sub("", text).partition("/")[0].partition(":")[0].removesuffix(".")
    return host.lower() if host.isascii() else _punycode(host)


def _punycode(host: str) -> str:
    """`bücher.example` -> `xn--bcher-kva.example`. A label in two scripts is a trick or a slip, and stays."""
    if _AMBIGUOUS & set(host) or any(len(_scripts(label)) > 1 for label in host.split(".")):
        return host
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host


def _scripts(text: str) -> set[str]:
    """The first words of the letters' names: LATIN, CYRILLIC, GREEK, ..."""
    return {unicodedata.name(character, "").partition(" ")[0] for character in text if character.isalpha()}


def _origin(text: str) -> str:
    scheme = _SCHEME.match(text)
    host = _SCHEME.sub("", text).partition("/")[0].lower()
    return f"{scheme[0].lower() if scheme else 'https://'}{host}"


def _url_path(text: str) -> str:
    return "/" + text.partition("?")[0].lstrip("/")


def _image(text: str) -> str:
    """Without scheme, tag and digest, which stand elsewhere."""
    head, slash, last = _SCHEME.sub("", text).partition("@")[0].lower().rpartition("/")
    return f"{head}{slash}{last.partition(':')[0]}"


def _without_slash(text: str) -> str:
    return text.rstrip("/")


_MENDERS = {
    shapes.NAME: _name,
    shapes.DNS_LABEL: _name,
    shapes.DNS_NAME: _name,
    shapes.SQL_NAME: _sql_name,
    shapes.DOMAIN: _domain,
    shapes.ORIGIN: _origin,
    shapes.URL_PATH: _url_path,
    shapes.IMAGE: _image,
    shapes.FILE_PATH: _without_slash,
}
