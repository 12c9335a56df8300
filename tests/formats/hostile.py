"""Values that have broken out of some file format before, whole and in pieces."""

from __future__ import annotations

import re

from hypothesis import strategies as st

from aisearch_deploy.formats.scalars import UNSEEN

# Pieces that mean something to one format or another, to be strung together.
PIECES = [
    *"abnxyz019 '\"\\$`#:;,.=!?&*|<>@%~^+-_/()[]{}",
    *(
        "{{ x }}",
        "{% x %}",
        "[[ x ]]",
        "${X}",
        "$(id)",
        "$$",
        "%H",
        "\\n",
        "\\$",
        "-->",
        "<b>",
        "&amp;",
        " #",
        ": ",
        "- ",
    ),
    *("y", "no", "Off", "true", "null", "~", "1.10", "0644", "0o17", "0x1F", "1_000", "12:30:45", "1e3", "2026-11-24"),
    *(".inf", "<<", "---", "...", "EOF", "/*", "\u00e9", "\u65e5", "\u0430", "\uff04", "\u2024", "\U0001f600"),
]
UNSEEN_PIECES = [*"\n\r\t\0\x1b\x7f\x85\xa0", "\u200b", "\u2028", "\u202e", "\ufeff", "\U000e0041"]

_UNSEEN = re.compile(f"[{UNSEEN}]")


def unseen(text: str) -> bool:
    """Whether a reviewer could overlook a character of `text`."""
    return _UNSEEN.search(text) is not None


# One line that a person can read: what every format should carry, but for its own few exceptions.
line = st.lists(st.sampled_from(PIECES), max_size=8).map("".join) | st.text(max_size=20).filter(lambda t: not unseen(t))

# Anything that Python holds and UTF-8 can write.
text = line | st.lists(st.sampled_from(PIECES + UNSEEN_PIECES), max_size=8).map("".join) | st.text(max_size=20)

numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
scalars = text | numbers | st.booleans() | st.none()
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=12,
)
