"""Whether every value that a template printed stands whole in the file that came out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aisearch_deploy.formats.scalars import spelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aisearch_deploy.formats.base import Scalar


class Prose(str):
    """A leaf that is running text: a value may stand anywhere in it, as long as it is not part of a longer word."""

    __slots__ = ()

    def holds(self, value: str) -> bool:
        """Whether `value` stands here with no letter, digit or underscore continuing it on either side."""
        start = self.find(value)
        while start != -1:
            end = start + len(value)
            if not (_one_word(self[:start], value) or _one_word(value, self[end:])):
                return True
            start = self.find(value, start + 1)
        return False


def leaves(tree: object) -> Iterator[Scalar]:
    """Every key and every value at the bottom of nested dicts, lists and tuples, in order."""
    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            for key, value in reversed(node.items()):
                pending += (value, key)
        elif isinstance(node, list | tuple):
            pending += reversed(node)
        elif node is None or isinstance(node, str | int | float):
            yield node
        else:
            raise TypeError(f"{type(node).__name__} is not part of a parsed file")


def missing(printed: Iterable[Scalar], tree: object, *, typed: bool) -> list[Scalar]:
    """The printed values that stand whole at no leaf of `tree`, each once.

    In a typed format (YAML, JSON) a number must come back as the same kind of number; elsewhere as its text.
    """
    found = list(leaves(tree))
    whole = {_kinded(leaf) for leaf in found} if typed else set(found)
    prose = [leaf for leaf in found if isinstance(leaf, Prose)]
    lost: dict[tuple[type, Scalar], Scalar] = {}
    for value in printed:
        wanted = _kinded(value) if typed else spelled(value)
        if wanted not in whole and not any(text.holds(str(wanted)) for text in prose):
            lost[_kinded(value)] = value
    return list(lost.values())


def _kinded(value: Scalar) -> tuple[type, Scalar]:
    """Tells 1, 1.0 and True apart, which Python holds equal."""
    return (str if isinstance(value, str) else type(value), value)


def _one_word(left: str, right: str) -> bool:
    return _in_word(left[-1:]) and _in_word(right[:1])


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"
