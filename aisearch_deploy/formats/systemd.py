"""systemd's unit files and what is written like them: sections, repeated keys, words in quotes, `%` for specifiers.

systemd.syntax(7) and systemd.service(5), COMMAND LINES. Our files use no specifier and no variable: every `%` that a
value brings is doubled, and one that is not is refused when the file is read back.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aisearch_deploy.formats.base import ParseError, Scalar
from aisearch_deploy.formats.leaves import Prose
from aisearch_deploy.formats.scalars import one_line, shown
from aisearch_deploy.formats.words import escaped, split_words

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "systemd"

# Settings whose values systemd splits into words and takes out of their quotes. In all others a quote is a quote.
WORDS = re.compile(
    r"Environment|Exec[A-Z]\w*|Bind\w*Paths|Read\w*Paths|InaccessiblePaths|OnCalendar|Supplementary\w+|DeviceAllow"
    r"|After|Before|Requires|Wants|WantedBy|Sockets"
)
_BARE = re.compile(r"[A-Za-z0-9_./:@=,+*~^!%$&?()\[\]{}|<>-]+")
_SECTION = re.compile(r"\[([A-Za-z][A-Za-z0-9-]*)\]")
_SETTING = re.compile(r"([A-Za-z][A-Za-z0-9]*)=(.*)")
_PERCENTAGE = re.compile(r"([0-9]+)%")


def encode(value: Scalar) -> str:
    """One word: as it is, else in double quotes, with `%` doubled. Quotes are for the settings in `WORDS` alone.

    Raises formats.base.EncodeError for line breaks and other characters that cannot be seen. A `$` in a command is the
    plan's to double: in Environment= it stands for itself.
    """
    text = one_line(value, "a unit file")
    word = text if _BARE.fullmatch(text) else f'"{escaped(text)}"'
    return word.replace("%", "%%")


def parse(text: str) -> dict[str, dict[str, list[str | list[str]]]]:
    """Section, key, then one item for each time that the key is set: its words in a list, or its text.

    `%%` is read as `%`, and the number of a percentage (`CPUQuota=200%`) stands alone, as a list with its sign. A
    description is Prose, in which a value may stand anywhere. Raises ParseError for what is neither section nor
    setting, quotes that do not close, and specifiers.
    """
    sections: dict[str, dict[str, list[str | list[str]]]] = {}
    settings: dict[str, list[str | list[str]]] | None = None
    for number, line in _lines(text):
        section, setting = _SECTION.fullmatch(line), _SETTING.fullmatch(line)
        if section:
            settings = sections.setdefault(section[1], {})
        elif setting is None or settings is None:
            raise ParseError(number, f"neither a section nor a setting of one: {shown(line)}")
        else:
            settings.setdefault(setting[1], []).append(_value(setting[1], setting[2].strip(), number))
    return sections


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with what they mean, without comments; one that ends with a backslash goes on in the next."""
    started, begun_at = "", 0
    for number, line in enumerate(text.split("\n"), start=1):
        if line.lstrip().startswith(("#", ";")):
            continue
        begun_at = begun_at if started else number
        if line.endswith("\\"):
            started += f"{line[:-1]} "
            continue
        whole = (started + line).strip()
        started = ""
        if whole:
            yield begun_at, whole
    if started:
        raise ParseError(begun_at, "a line that goes on after the end of the file")


def _value(key: str, text: str, line: int) -> str | list[str]:
    percentage = _PERCENTAGE.fullmatch(text)
    if percentage:
        return [percentage[1], "%"]
    if WORDS.fullmatch(key):
        return [without_specifiers(word, line) for word in split_words(text, line)]
    plain = without_specifiers(text, line)
    return Prose(plain) if key == "Description" else plain


def without_specifiers(text: str, line: int) -> str:
    """The text with each `%%` as `%`. Raises ParseError for any other `%`: systemd would put something in its place."""
    plain = text.replace("%%", "")
    if "%" in plain:
        raise ParseError(line, f"a specifier: {shown(text)}")
    return text.replace("%%", "%")
