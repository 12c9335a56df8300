"""The events of one YAML document, read into plain dicts and lists that remember where they stood.

Events are read one by one, without recursion and without PyYAML's constructor, which raises ValueError on `2024-02-30`
and RecursionError on deep nesting, keeps the last of two equal keys and expands aliases.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from aisearch_deploy.config.characters import MOST_PROBLEMS
from aisearch_deploy.config.paths import problem
from aisearch_deploy.config.scalars import Trap, quoted, resolve, shown, write_quoted
from aisearch_deploy.findings import Position

if TYPE_CHECKING:
    from collections.abc import Iterable

    import yaml

    from aisearch_deploy.config.paths import ConfigPath
    from aisearch_deploy.config.scalars import Scalar
    from aisearch_deploy.findings import Finding

MOST_LEVELS = 50
TOO_DEEP = f"nested more than {MOST_LEVELS} levels deep."
NEST_LESS = "Nest less: is a bracket missing before this?"
MOST_VALUES = 100_000  # a megabyte can hold 600,000, which take seconds and half a gigabyte
LONGEST_KEY = 1024  # YAML's own limit for a key that is followed by its colon


class _Open:
    """A mapping or list whose end has not come yet; `key` is the mapping's key whose value comes next."""

    __slots__ = ("children", "key", "path")

    def __init__(self, path: ConfigPath, children: dict[str, Any] | list[Any]) -> None:
        self.path = path
        self.children = children
        self.key: str | None = None

    @property
    def wants_key(self) -> bool:
        return self.key is None and isinstance(self.children, dict)


class Tree:
    """Takes events; afterwards `root` holds plain values and `findings` what is wrong with them.

    The other mappings are those of `load.Document`.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Any = None
        self.values: dict[ConfigPath, Position] = {}
        self.keys: dict[ConfigPath, Position] = {}
        self.plain: dict[ConfigPath, str] = {}
        self.findings: list[Finding] = []
        self._open: list[_Open] = []
        self._levels_in_key = 0  # open collections of a key that is itself a collection: nothing in it is kept

    def read(self, events: Iterable[yaml.Event]) -> bool:
        """Reads the first document, and says whether it holds settings and came to its end before a limit.

        The parser's YAMLError passes through.
        """
        documents = 0
        for event in events:
            if isinstance(event, DocumentStartEvent):
                documents += 1
                if documents == 2:
                    self._problem((), event, "a second document starts here.", "Keep one document in the file.")
                    break
            elif isinstance(event, CollectionStartEvent) and self._levels() == MOST_LEVELS:
                self._problem(self._open[-1].path, event, TOO_DEEP, NEST_LESS)
                self._check_root()
                return False
            elif self._levels_in_key:
                self._pass_over(event)
            elif isinstance(event, CollectionEndEvent):
                self._open.pop()
            elif isinstance(event, NodeEvent):
                self._take(event)
            if len(self.findings) >= MOST_PROBLEMS:
                self._problem((), event, f"{MOST_PROBLEMS} problems so far: reading stops here.", "Fix those first.")
                return False
            if len(self.values) > MOST_VALUES:
                fix = "A config has a few hundred: is this the right file?"
                self._problem((), event, f"more than {MOST_VALUES:,} values.", fix)
                return False
        self._check_root()
        return isinstance(self.root, dict)

    def current(self) -> ConfigPath:
        """What was being read when the events ended: the nearest key or open list before an error of the parser."""
        if not self._open:
            return ()
        last = self._open[-1]
        return last.path if last.key is None else (*last.path, last.key)

    def innermost(self) -> Position | None:
        """Where the innermost open mapping or list starts."""
        return self.values[self._open[-1].path] if self._open else None

    def _levels(self) -> int:
        return len(self._open) + self._levels_in_key

    def _pass_over(self, event: yaml.Event) -> None:
        self._levels_in_key += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)

    def _take(self, event: NodeEvent) -> None:
        if self._open and self._open[-1].wants_key:
            self._take_key(self._open[-1], event)
        elif isinstance(event, ScalarEvent):
            self._take_scalar(event)
        elif isinstance(event, CollectionStartEvent):
            children: dict[str, Any] | list[Any] = {} if isinstance(event, MappingStartEvent) else []
            path = self._place(children, event)
            self._open.append(_Open(path, children))
            self._check_properties(path, event)
        else:
            path = self._place(None, event)
            anchor: str = event.anchor or ""
            fix = f"Repeat the value, or write {quoted('*' + anchor)} for the text."
            self._problem(path, event, f"*{anchor} is an alias, and those are not read.", fix)

    def _place(self, value: object, event: yaml.Event) -> ConfigPath:
        """Puts a value where the next one belongs and remembers where it stood."""
        path: ConfigPath = ()
        if not self._open:
            self.root = value
        else:
            parent = self._open[-1]
            if isinstance(parent.children, list):
                path = (*parent.path, len(parent.children))
                parent.children.append(value)
            elif parent.key is not None:
                path = (*parent.path, parent.key)
                parent.children[parent.key] = value
                parent.key = None
        self.values[path] = self._position(event)
        return path

    def _take_scalar(self, event: ScalarEvent) -> None:
        text: str = event.value
        value: Scalar | Trap = text
        if not event.style and event.tag is None:
            value = resolve(text)
        path = self._place(text if isinstance(value, Trap) else value, event)
        if not event.style:
            self.plain[path] = text
        if isinstance(value, Trap):
            self._problem(path, event, f"{shown(text)} {value.problem}", value.fix)
        self._check_properties(path, event)
        self._check_surrogates(path, event)

    def _take_key(self, mapping: _Open, event: NodeEvent) -> None:
        """Every key becomes text, so that what follows it is still read; a wrong one is a finding."""
        if isinstance(event, AliasEvent):
            mapping.key = f"*{event.anchor}"
            path = (*mapping.path, mapping.key)
            self._problem(path, event, f"the key {mapping.key} is an alias, and those are not read.", "Write the key.")
        elif isinstance(event, CollectionStartEvent):
            mapping.key = "?"
            self._levels_in_key = 1
            kind = "mapping" if isinstance(event, MappingStartEvent) else "list"
            fix = "Write text as the key; put a value that starts with { or [ in double quotes."
            self._problem(mapping.path, event, f"a {kind} as a key.", fix)
        elif isinstance(event, ScalarEvent):
            self._take_scalar_key(mapping, event)

    def _take_scalar_key(self, mapping: _Open, event: ScalarEvent) -> None:
        text: str = event.value
        mapping.key = text[:LONGEST_KEY]
        path = (*mapping.path, mapping.key)
        if mapping.key in mapping.children and path in self.keys:
            self._problem(path, event, f"duplicate key, first set at {self.keys[path]}.", "Keep one of the two.")
        else:
            self.keys[path] = self._position(event)
        if len(text) > LONGEST_KEY:
            self._problem(path, event, f"a key of {len(text)} characters.", f"Use at most {LONGEST_KEY}.")
        if not event.style and event.tag is None:
            self._check_plain_key(path, event, text)
        self._check_properties(path, event)
        self._check_surrogates(path, event)

    def _check_plain_key(self, path: ConfigPath, event: ScalarEvent, text: str) -> None:
        if text == "":
            self._problem(path, event, "the key before the colon is missing.", "Write the key.")
            return
        if text == "<<":
            self._problem(path, event, "<< is a merge key, and those are not read.", "Write the keys that it brings.")
            return
        value = resolve(text)
        if isinstance(value, Trap):
            self._problem(path, event, f"the key {shown(text)} {value.problem}", write_quoted(text))
        elif not isinstance(value, str):
            self._problem(path, event, f"the key {shown(text)} reads as {_kind(value)}.", write_quoted(text))

    def _check_properties(self, path: ConfigPath, event: ScalarEvent | CollectionStartEvent) -> None:
        if event.anchor is not None:
            fix = f"Remove &{event.anchor} and repeat the value where it is needed."
            self._problem(path, event, f"&{event.anchor} is an anchor, and those are not read.", fix)
        if event.tag is not None:
            tag = shown(event.tag.replace("tag:yaml.org,2002:", "!!"))
            fix = "Remove it; double quotes make a value text."
            self._problem(path, event, f"{tag} is a tag, and those are not read.", fix)

    def _check_surrogates(self, path: ConfigPath, event: ScalarEvent) -> None:
        """libyaml refuses "\\ud800" itself; PyYAML's own parser makes a string of it that no file can hold."""
        text: str = event.value
        if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
            self._problem(path, event, "half of a surrogate pair is no character.", "Write the character itself.")

    def _check_root(self) -> None:
        if isinstance(self.root, dict):
            return
        position = self.values.get((), Position(self.file, 1, 1))
        if () not in self.values or self.plain.get(()) == "":
            message, fix = "the file is empty.", "Start from what aisearch-deploy init writes."
        else:
            kind = "a list" if isinstance(self.root, list) else "a single value"
            message, fix = f"the file holds {kind}, not settings.", "Write key: value lines, such as name: ai-search."
        self.findings.append(problem((), position, message, fix))

    def _position(self, event: yaml.Event) -> Position:
        mark: Any = event.start_mark  # the stubs say it may be None; events of a parser have one
        return Position(self.file, mark.line + 1, mark.column + 1)

    def _problem(self, path: ConfigPath, event: yaml.Event, message: str, fix: str) -> None:
        self.findings.append(problem(path, self._position(event), message, fix))


def _kind(value: Scalar) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return f"the boolean {str(value).lower()}"
    return f"the number {value}"
