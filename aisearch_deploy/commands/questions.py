"""The questions that `init` asks on a terminal; what a flag answers is not asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.prompt import Prompt

from aisearch_deploy.targets.registry import TARGETS

if TYPE_CHECKING:
    from aisearch_deploy.commands.init import Answers

SIZES = {"under 1,000": "small", "under 10,000": "medium", "more": "large"}


def ask(answers: Answers, given: Mapping[str, Any]) -> Answers:
    """The answers, each question with its default; the screen is standard error."""
    console = Console(stderr=True, highlight=False)

    def question(key: str, words: str, default: str, choices: list[str] | None = None) -> str:
        return default if key in given else Prompt.ask(f"  {words}", console=console, default=default, choices=choices)

    size = next(words for words, preset in SIZES.items() if preset == answers.preset)
    name = question("name", "Name", answers.name)
    domain = question("domain", "Domain", answers.domain)
    preset = answers.preset if "preset" in given else SIZES[question("users", "How many users?", size, list(SIZES))]
    image = question("image", "Image", answers.image)
    email = question("email", "Email for Let's Encrypt (empty: self-signed certificates)", answers.email)
    where = question(
        "targets", f"Where does it run? ({', '.join(TARGETS)}; commas between several)", ",".join(answers.targets)
    )
    targets = (
        answers.targets if "targets" in given else tuple(part.strip() for part in where.split(",") if part.strip())
    )
    return replace(answers, name=name, domain=domain, preset=preset, image=image, email=email, targets=targets)
