"""A plan becomes text; the text is parsed back, and every value that was printed must be there, whole."""

from __future__ import annotations

from aisearch_deploy.errors import Bug
from aisearch_deploy.formats.base import EncodeError, Format, ParseError, Scalar
from aisearch_deploy.formats.leaves import missing
from aisearch_deploy.formats.registry import TYPED
from aisearch_deploy.targets.base import File, Plan


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
        self._environments: dict[str, FormatEnvironment] = {}

    def content(self, file: File) -> bytes:
        """The bytes of one file. Raises Bug."""
        if file.content is not None:
            return file.content
        environment = self._environments.get(file.format)
        if environment is None:
            environment = self._environments[file.format] = self._new_environment(file.format)
        environment.printer.printed.clear()
        name = f"{self._target}/{file.path}.j2"
        try:
            text = environment.get_template(name).render(file.values)
        except EncodeError as error:
            raise Bug(f"{name}: {error}") from error
        compare(name, environment.printer.format, text, environment.printer.printed)
        return text.encode()


def compare(name: str, fmt: Format, text: str, printed: list[Scalar]) -> None:
    """Parse `text` and look for each printed value at a leaf. Raises Bug."""
    try:
        lost = missing(printed, fmt.parse(text), typed=fmt.NAME in TYPED)
    except ParseError as error:
        raise Bug(f"{name} rendered to something that is not {fmt.NAME}: {error}") from error
    if lost:
        raise Bug(f"{name}: {lost[0]!r} was printed and is not there after parsing")
