"""A parsed nginx.conf, asked what nginx would do with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

from aisearch_deploy.formats.nginx import Directive, parse


@dataclass(frozen=True)
class Block:
    """One block and those around it, innermost last."""

    name: str
    args: list[str]
    directives: list[Directive]
    outer: tuple[Block, ...] = ()

    @classmethod
    def of(cls, text: str) -> Self:
        """The main block of a file."""
        return cls("main", [], parse(text))

    def args_of(self, name: str) -> list[list[str]]:
        """The arguments of each directive of that name, in this block alone."""
        return [directive.args for directive in self.directives if directive.name == name]

    def effective(self, name: str) -> list[list[str]]:
        """The same with nginx's inheritance: the innermost block that has one hides all further out.

        That is how add_header, proxy_set_header, proxy_hide_header and every plain setting behave.
        """
        for block in (self, *reversed(self.outer)):
            found = block.args_of(name)
            if found:
                return found
        return []

    def one(self, name: str) -> str:
        """The first argument of the setting that holds here."""
        found = self.effective(name)
        assert len(found) == 1, f"{name} in {self.where}: {found}"
        return found[0][0]

    def blocks(self, name: str) -> list[Block]:
        """The blocks of that name right inside this one."""
        return [
            Block(directive.name, directive.args, directive.block, (*self.outer, self))
            for directive in self.directives
            if directive.name == name and directive.block is not None
        ]

    def walk(self) -> Iterator[Block]:
        """This block and every block inside."""
        yield self
        for directive in self.directives:
            if directive.block is not None and directive.name not in ("map", "geo"):
                yield from Block(directive.name, directive.args, directive.block, (*self.outer, self)).walk()

    @property
    def where(self) -> str:
        return " > ".join(" ".join((block.name, *block.args)) for block in (*self.outer, self))


def http(text: str) -> Block:
    """The http block."""
    return Block.of(text).blocks("http")[0]


def server(text: str) -> Block:
    """The server that proxies to the app: the last one."""
    return http(text).blocks("server")[-1]


def location(text: str, *match: str) -> Block:
    """A location of that server, by its modifier and path."""
    (found,) = [block for block in server(text).blocks("location") if block.args == list(match)]
    return found


def mapping(text: str, variable: str) -> dict[str, str]:
    """A map's entries, by the variable that it sets."""
    (found,) = [block for block in http(text).blocks("map") if block.args[1] == variable]
    return {directive.name: directive.args[0] for directive in found.directives}


def proxied(text: str) -> list[Block]:
    """Every location that passes requests on."""
    return [block for block in Block.of(text).walk() if block.name == "location" and block.args_of("proxy_pass")]


def seconds(text: str) -> int:
    """A time as we write it: a number and an s."""
    assert text.endswith("s")
    return int(text[:-1])
