"""`init`: asks, or takes flags, and writes a config that can be read from top to bottom."""

from __future__ import annotations

import json
import os
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aisearch_deploy.commands.selection import known_target
from aisearch_deploy.config.editions import NEWEST
from aisearch_deploy.config.examples import field_at
from aisearch_deploy.config.json_schema import json_schema
from aisearch_deploy.config.load import parse
from aisearch_deploy.errors import ConfigInvalid, FileProblem, Refused, UsageError
from aisearch_deploy.model.resolve import resolve
from aisearch_deploy.render.text import render_text
from aisearch_deploy.targets.registry import target_named

SCHEMA = "aisearch.schema.json"
FLAGS = {
    "name": "--name",
    "domains": "--domain",
    "preset": "--preset",
    "image": "--image",
    "tls": "--email",
    "targets": "--target",
}


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
    """Writes the config and its schema. Raises Refused when one exists, UsageError, FileProblem."""
    path = Path(file)
    if os.path.lexists(path) and not overwrite:
        raise Refused(f"{file} exists; nothing written.", "Choose another name, or replace it with --overwrite.")
    flags: dict[str, Any] = {key: tuple(value) if key == "targets" else value for key, value in given.items()}
    answers = Answers(**flags)
    _refuse_wrong(answers)
    if ask:
        answers = _asked(answers, given)
        _refuse_wrong(answers)
    text = config_text(answers)
    _write({path.with_name(SCHEMA): json.dumps(json_schema(), indent=2) + "\n", path: text})
    lines = text.count("\n")
    print(f"Wrote {path} ({lines} lines, every setting explained) and {path.with_name(SCHEMA)} for your editor.")
    option = "" if file == "aisearch.yaml" else f" -c {shlex.quote(file)}"
    folders = " and ".join(f"deploy/{target}/" for target in answers.targets)
    steps = {
        f"aisearch-deploy render{option}": f"write {folders}",
        f"aisearch-deploy validate{option}": "after you changed something",
    }
    made_up = [setting for setting in ("domain", "image") if getattr(answers, setting) == getattr(Answers(), setting)]
    if made_up:
        print(
            f"Change the {' and the '.join(made_up)} in it: so far an example, which no registry or name server knows."
        )
    width = max(map(len, steps))
    for lead, (step, about) in zip(("Next:  ", "       "), steps.items(), strict=True):
        print(f"{lead}{step:<{width}}   {about}")


def config_text(answers: Answers) -> str:
    """The config as text, each setting under the schema's own words for it."""
    repository, tag, digest = _image_parts(answers.image)
    about = About()
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
        "targets": [(target, about[f"targets.{target}"]) for target in answers.targets],
        "about": about,
    }
    return render_text("_parts/init/aisearch.yaml.j2", "yaml", values)


def problems(answers: Answers) -> dict[str, str]:
    """What is wrong with the answers and what to do, by the flag that gives them."""
    for target in answers.targets:
        try:
            known_target(target)
        except UsageError as error:
            return {"--target": f"{error.message} {error.fix}"}
    texts = {"--name": answers.name, "--domain": answers.domain, "--image": answers.image, "--email": answers.email}
    found = {flag: "not a printable text." for flag, text in texts.items() if not text.isprintable()}
    if not any(_image_parts(answers.image)[1:]):
        found["--image"] = "neither tag nor digest says which image runs. Write ghcr.io/example/ai-search:1.4.2."
    if found:
        return found
    document = parse(config_text(answers).encode(), "")
    for target in answers.targets:
        try:
            resolve(document, None, target_named(target).TRAITS)
        except ConfigInvalid as error:
            for finding in error.findings:
                setting = finding.path.partition(".")[0].partition("[")[0]
                found.setdefault(FLAGS.get(setting, setting), f"{finding.message} {finding.fix}")
    return found


class About:
    """`about["app.workers"]` is the schema's description of that field."""

    def __getitem__(self, path: str) -> str:
        field = field_at(tuple(path.split(".")))
        if field is None:
            raise KeyError(path)
        return field.description or ""


def _image_parts(image: str) -> tuple[str, str, str]:
    """Repository, tag and digest of a reference; the last two may be empty."""
    name, _, digest = image.partition("@")
    head, slash, last = name.rpartition("/")
    repository, _, tag = last.partition(":")
    return f"{head}{slash}{repository}", tag, digest


def _refuse_wrong(answers: Answers) -> None:
    wrong = problems(answers)
    if wrong:
        raise UsageError("\n".join(f"{flag}: {problem}" for flag, problem in wrong.items()), "Nothing was written.")


def _asked(answers: Answers, given: Mapping[str, Any]) -> Answers:
    if not sys.stdin.isatty():
        raise UsageError(
            "init asks, and there is nobody to ask.", "Add --yes, with --domain, --image and what else you know."
        )
    from aisearch_deploy.commands.questions import ask

    return ask(answers, given)


def _write(texts: Mapping[Path, str]) -> None:
    """All of them or none: each beside its place first."""
    beside = {path: path.with_name(f".{path.name}.{os.getpid()}") for path in texts}
    try:
        for path, text in texts.items():
            if path.is_symlink():
                raise FileProblem(
                    f"{path} is a symbolic link; nothing is written through one.", "Name the file itself."
                )
            if path.is_dir():
                raise FileProblem(f"{path} is a directory.", "Name a file.")
            path.parent.mkdir(parents=True, exist_ok=True)
            beside[path].write_text(text, encoding="utf-8")
        for path in texts:
            beside[path].replace(path)
    except OSError as error:
        raise FileProblem(
            f"{path} cannot be written: {error.strerror}.", "Check the folder and its permissions."
        ) from None
    finally:
        for waiting in beside.values():
            if waiting.parent.is_dir():
                waiting.unlink(missing_ok=True)
