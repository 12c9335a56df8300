"""Who may call: one `name key` a line. Without keys, everybody."""

from __future__ import annotations

import hmac


class Callers:
    """The callers by name; keys are compared in constant time."""

    def __init__(self, lines: str) -> None:
        words = [line.split() for line in lines.splitlines() if line.strip() and not line.lstrip().startswith("#")]
        if any(len(pair) != 2 for pair in words):
            raise ValueError("APP_API_KEYS: each line is a name, a space and a key")
        self._keys = [(name, key.encode()) for name, key in words]

    @property
    def open(self) -> bool:
        """Whether no key is asked for."""
        return not self._keys

    def name_of(self, key: str) -> str | None:
        """Whose key it is; none: nobody's."""
        given = key.encode(errors="surrogateescape")
        names = [name for name, known in self._keys if hmac.compare_digest(given, known)]
        return names[0] if names else None
