"""`init`: asks, or takes flags, and writes a config that can be read from top to bottom."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aisearch_deploy.commands.selection import known_target
from aisearch_deploy.config.editions import NEWEST
from aisearch_deploy.config.examples import section_at
from aisearch_deploy.config.json_schema import json_schema
from aisearch_deploy.config.load import parse
from aisearch_deploy.errors import FileProblem, Refused, UsageError
from aisearch_deploy.model.resolve import resolve
from aisearch_deploy.render.text import render_text
from aisearch_deploy.targets.registry import target_named

SCHEMA = "aisearch.schema.json"


@dataclass(frozen=True, slots=True)
class Answers:
    """What the config is made of."""

    name: str = "ai-search"
    domain: str = "search.example.com"
    preset: str = "small"
    image: str = "ghcr.io/example/ai-search:1.4.2"
    email: str = ""
    targets: tuple[str, ...] = ("compose",)


def run(file: str, given: Mapping[str, Any], *, ask: bool, overwrite: bool) -> None:
    """Writes the config and its schema. Raises Refused when one exists, UsageError, ConfigInvalid, FileProblem."""
    path = Path(file)
    if os.path.lexists(path) and not overwrite:
        raise Refused(f"{file} exists; nothing written.", "Choose another name, or replace it with --overwrite.")
    flags: dict[str, Any] = {key: tuple(value) if key == "targets" else value for key, value in given.items()}
    answers = Answers(**flags)
    for target in answers.targets:
        known_target(target)
    if ask:
        answers = _asked(answers, given)
    text = config_text(answers)
    document = parse(text.encode(), file)
    for target in answers.targets:
        resolve(document, None, target_named(target).TRAITS)
    _write(path, text)
    _write(path.with_name(SCHEMA), json.dumps(json_schema(), indent=2) + "\n")
    targets = " ".join(f"-t {target}" for target in answers.targets)
    option = "" if file == "aisearch.yaml" else f" -c {file}"
    print(f"Wrote {file} ({text.count(chr(10))} lines, every setting explained) and {SCHEMA} for your editor.")
    print(
        f"Next:  aisearch-deploy render{option}    write {', '.join(f'deploy/{target}/' for target in answers.targets)}"
    )
    print(f"       aisearch-deploy validate{option}  after you changed something" if targets else "")


def config_text(answers: Answers) -> str:
    """The config as text, each setting under the schema's own words for it."""
    repository, tag, digest = _image_parts(answers.image)
    values = {
        "schema": SCHEMA,
        "edition": NEWEST,
        "name": answers.name,
        "domain": answers.domain,
        "preset": answers.preset,
        "repository": repository,
        "tag": tag,
        "digest": digest,
        "email": answers.email,
        "targets": answers.targets,
        "about": About(),
    }
    return render_text("_parts/init/aisearch.yaml.j2", "yaml", values)


class About:
    """`about["app.workers"]` is the schema's description of that field."""

    def __getitem__(self, path: str) -> str:
        *above, last = path.split(".")
        section = section_at(tuple(above))
        if section is None:
            raise KeyError(path)
        field = next(field for name, field in section.model_fields.items() if (field.alias or name) == last)
        return field.description or ""


def _image_parts(image: str) -> tuple[str, str, str]:
    """Repository, tag and digest of a reference; the last two may be empty."""
    name, _, digest = image.partition("@")
    head, slash, last = name.rpartition("/")
    repository, _, tag = last.partition(":")
    return f"{head}{slash}{repository}", tag, digest


def _asked(answers: Answers, given: Mapping[str, Any]) -> Answers:
    if not sys.stdin.isatty():
        raise UsageError(
            "init asks, and there is nobody to ask.", "Add --yes, with --domain, --image and what else you know."
        )
    from aisearch_deploy.commands.questions import ask

    return ask(answers, given)


def _write(path: Path, text: str) -> None:
    if path.is_symlink():
        raise FileProblem(f"{path} is a symbolic link; nothing is written through one.", "Name the file itself.")
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise FileProblem(
            f"{path} cannot be written: {error.strerror}.", "Check the folder and its permissions."
        ) from None
