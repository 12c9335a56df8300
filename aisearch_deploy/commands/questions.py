"""The questions that `init` asks on a terminal; what a flag answers is not asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.prompt import Prompt

from aisearch_deploy.commands.init import problems
from aisearch_deploy.targets.registry import TARGETS

if TYPE_CHECKING:
    from aisearch_deploy.commands.init import Answers

SIZES = {"1": "small", "2": "medium", "3": "large"}


def ask(answers: Answers, given: Mapping[str, Any]) -> Answers:
    """The answers, each question with its default and asked again until it fits; the screen is standard error."""
    console = Console(stderr=True, highlight=False)

    def question(key: str, flag: str, words: str, default: str, read: Callable[[str], Any] = str) -> None:
        nonlocal answers
        while key not in given:
            said = Prompt.ask(f"  {words}", console=console, default=default, show_default=bool(default)).strip()
            try:
                tried = replace(answers, **{key: read(said)})
                problem = problems(tried).get(flag)
            except ValueError as error:
                problem = str(error)
            if problem is None:
                answers = tried
                return
            console.print(f"    {problem}", style="yellow", markup=False, soft_wrap=True)

    size = next(number for number, preset in SIZES.items() if preset == answers.preset)
    users = "How many users? 1: under 1,000, 2: under 10,000, 3: more"
    question("name", "--name", "Name", answers.name)
    question("domain", "--domain", "Domain", answers.domain)
    question("preset", "--preset", users, size, _size)
    question("image", "--image", "Image", answers.image)
    question("email", "--email", "Email for Let's Encrypt, or nothing for self-signed certificates", answers.email)
    where = f"Where does it run? {', '.join(TARGETS)}, or several with commas"
    question("targets", "--target", where, ",".join(answers.targets), _listed)
    return answers


def _size(said: str) -> str:
    if said not in SIZES:
        raise ValueError("Answer 1, 2 or 3.")
    return SIZES[said]


def _listed(said: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in said.split(",") if part.strip()))
