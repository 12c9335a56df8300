"""`render --check` when nothing changed: answered from the records, before Typer, pydantic or Jinja are loaded."""

from __future__ import annotations

from pathlib import Path

from aisearch_deploy import __version__

_WITH_VALUE = {"-t": "target", "--target": "target", "-c": "config", "--config": "config", "-e": "env", "--env": "env"}
_WITH_VALUE |= {"-o": "output", "--output": "output"}


def answer(arguments: list[str]) -> bool:
    """Prints the result and returns True when every folder is as rendered; False leaves everything to the slow path."""
    options = _options(arguments)
    if options is None:
        return False
    from aisearch_deploy.output.record import config_hash, read
    from aisearch_deploy.output.unchanged import is_unchanged

    config = Path(options["config"][0])
    environment = options["env"][0] or None
    try:
        content = config.read_bytes()
    except OSError:
        return False
    targets = [name for name in options["target"] if name] or _named(content, environment)
    hashed = config_hash(content, environment)
    folders = [Path(options["output"][0], *([environment] if environment else []), target) for target in targets]
    patches = config.parent / "patches"
    for folder in folders:
        if not is_unchanged(
            folder, tool=__version__, config=hashed, config_folder=config.parent, patches=patches / folder.name
        ):
            return False
    records = [read(folder) for folder in folders]
    total = sum(len(record.files) for record in records if record)
    print(text([folder.as_posix() for folder in folders], total))
    return bool(folders)


def text(folders: list[str], files: int) -> str:
    """What `render --check` says when there is nothing to do."""
    return f"{', '.join(folders)}: {counted(files, 'file')}, as rendered."


def counted(number: int, noun: str) -> str:
    """`1 file`, `17 files`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _options(arguments: list[str]) -> dict[str, list[str]] | None:
    """The options by name; None when there is anything that this path does not know."""
    found: dict[str, list[str]] = {"target": [], "config": [], "env": [], "output": []}
    rest = [argument for argument in arguments if argument != "--check"]
    while rest:
        name = _WITH_VALUE.get(rest[0])
        if name is None or len(rest) < 2:
            return None
        found[name].append(rest[1])
        rest = rest[2:]
    if len(found["config"]) > 1 or len(found["env"]) > 1 or len(found["output"]) > 1:
        return None
    defaults = {"config": "aisearch.yaml", "env": "", "output": "deploy"}
    return {name: values or [defaults.get(name, "")] for name, values in found.items()}


def _named(content: bytes, environment: str | None) -> list[str]:
    from aisearch_deploy.config.load import parse
    from aisearch_deploy.errors import ConfigInvalid
    from aisearch_deploy.model.named import environment_names, named_targets

    try:
        document = parse(content, "")
    except ConfigInvalid:
        return []
    if environment is None and environment_names(document):
        return []
    return named_targets(document, environment)
