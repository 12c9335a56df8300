"""A plan becomes text; the text is parsed back, and every value that was printed must be there, whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aisearch_deploy.errors import Bug
from aisearch_deploy.formats.base import EncodeError, Format, ParseError, Scalar
from aisearch_deploy.formats.leaves import missing
from aisearch_deploy.formats.registry import TYPED
from aisearch_deploy.render.templates import in_brackets
from aisearch_deploy.targets.base import File, Plan

if TYPE_CHECKING:
    from aisearch_deploy.render.environment import FormatEnvironment


def render(target: str, plan: Plan) -> dict[str, bytes]:
    """The files of a plan by path, each parsed back and compared. Raises Bug: nothing may be written then."""
    renderer = Renderer(target)
    return {file.path: renderer.content(file) for file in plan.files}


class Renderer:
    """Keeps one environment a format for the length of one plan."""

    def __init__(self, target: str) -> None:
        from aisearch_deploy.render.environment import FormatEnvironment

        self._target = target
        self._new_environment = FormatEnvironment
        self._environments: dict[tuple[str, bool], FormatEnvironment] = {}

    def content(self, file: File) -> bytes:
        """The bytes of one file. Raises Bug."""
        if file.content is not None:
            return file.content
        name = f"{file.template or f'{self._target}/{file.path}'}.j2"
        environment = self._environment(file.format, brackets=in_brackets(name))
        environment.printer.printed.clear()
        try:
            text = environment.get_template(name).render(file.values)
        except EncodeError as error:
            raise Bug(f"{name}: {error}") from error
        compare(name, environment.printer.format, text, environment.printer.printed)
        return text.encode()

    def _environment(self, fmt: str, *, brackets: bool) -> FormatEnvironment:
        found = self._environments.get((fmt, brackets))
        if found is None:
            found = self._environments[fmt, brackets] = self._new_environment(fmt, brackets=brackets)
        return found


def compare(name: str, fmt: Format, text: str, printed: list[Scalar]) -> None:
    """Parse `text` and look for each printed value at a leaf. Raises Bug."""
    try:
        lost = missing(printed, fmt.parse(text), typed=fmt.NAME in TYPED)
    except ParseError as error:
        raise Bug(f"{name} rendered to something that is not {fmt.NAME}: {error}") from error
    if lost:
        raise Bug(f"{name}: {lost[0]!r} was printed and is not there after parsing")
