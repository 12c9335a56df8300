"""Typer wiring and exit codes; the only place that prints errors."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from typing import Annotated, Any, Literal

import typer

from aisearch_deploy import __version__
from aisearch_deploy.errors import ConfigInvalid, DeployError

INTERRUPTED = 130
BUG = 70

app = typer.Typer(
    name="aisearch-deploy",
    help="One config file in; a complete, checked, ready-to-run deployment of the AI Search Engine out.",
    epilog="Start: aisearch-deploy init, then aisearch-deploy render.   Exit codes: 0 fine, 1 findings or drift, "
    "2 wrong usage or config, 3 could not read or write, or Docker did not, 70 a bug of ours.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _target_names() -> list[str]:
    from aisearch_deploy.targets.registry import TARGETS

    return list(TARGETS)


def _environment_names(context: typer.Context) -> list[str]:
    from pathlib import Path

    from aisearch_deploy.config.load import load
    from aisearch_deploy.model.named import environment_names

    try:
        return environment_names(load(Path(context.params.get("config") or "aisearch.yaml")))
    except DeployError:
        return []


ConfigOption = Annotated[str, typer.Option("--config", "-c", metavar="FILE", help="The config file.")]
EnvironmentOption = Annotated[
    str | None, typer.Option("--env", "-e", metavar="NAME", autocompletion=_environment_names, help="The environment.")
]
FormatOption = Annotated[Literal["text", "json", "sarif"], typer.Option("--format", help="How findings are printed.")]


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"aisearch-deploy {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version and exit.")
    ] = False,
) -> None:
    """Render deployments of the AI Search Engine."""


@app.command(epilog="Example: aisearch-deploy init --domain search.example.com --preset medium -t compose --yes")
def init(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The config to write.")] = "aisearch.yaml",
    preset: Annotated[
        Literal["small", "medium", "large"] | None,
        typer.Option(help="Under 1,000, under 10,000, or more users."),
    ] = None,
    domain: Annotated[str | None, typer.Option(metavar="NAME", help="The name it answers to.")] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Names everything that is rendered.")] = None,
    image: Annotated[str | None, typer.Option(metavar="IMAGE", help="The app's image with its tag.")] = None,
    email: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="For Let's Encrypt; without it certificates are self-signed."),
    ] = None,
    target: Annotated[
        list[str] | None,
        typer.Option(
            "--target", "-t", metavar="TARGET", autocompletion=_target_names, help="Where it runs; repeat for several."
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing; take flags and defaults.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a config that exists.")] = False,
) -> None:
    """Write a config that can be read from top to bottom."""
    from aisearch_deploy.commands import init as command

    given = {"preset": preset, "domain": domain, "name": name, "image": image, "email": email, "targets": target}
    command.run(file, {key: value for key, value in given.items() if value}, ask=not yes, overwrite=overwrite)


@app.command(epilog="Example: aisearch-deploy validate -e production --format sarif > findings.sarif")
def validate(
    config: ConfigOption = "aisearch.yaml", env: EnvironmentOption = None, format: FormatOption = "text"
) -> None:
    """Check the config: all errors, with place and fix."""
    from aisearch_deploy.commands import validate as command

    raise typer.Exit(command.run(config, env, format))


@app.command(epilog="Example: aisearch-deploy render -t compose -t k8s -e production")
def render(
    target: Annotated[
        list[str] | None,
        typer.Option(
            "--target",
            "-t",
            metavar="TARGET",
            autocompletion=_target_names,
            help="What to render; repeat for several. Else what the config names.",
        ),
    ] = None,
    all_targets: Annotated[bool, typer.Option("--all", help="Every target that can carry this config.")] = False,
    config: ConfigOption = "aisearch.yaml",
    env: EnvironmentOption = None,
    all_environments: Annotated[
        bool, typer.Option("--all-environments", help="Every environment of the config.")
    ] = False,
    output: Annotated[str, typer.Option("--output", "-o", metavar="DIR", help="Where the folders go.")] = "deploy",
    check: Annotated[bool, typer.Option("--check", help="Write nothing; exit 1 when something would change.")] = False,
    stdout: Annotated[bool, typer.Option("--stdout", help="Print the files instead of writing them.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="Fail when a target cannot express a setting.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that were edited by hand.")] = False,
    ignore_errors: Annotated[bool, typer.Option("--ignore-errors", help="Render despite errors of the rules.")] = False,
) -> None:
    """Write the deployment, every file checked.

    Each file is parsed back and compared with what it was made from before anything is written.
    """
    from aisearch_deploy.commands import render as command

    request = command.Request(
        targets=tuple(target or ()),
        all_targets=all_targets,
        config=config,
        environment=env,
        all_environments=all_environments,
        output=output,
        check=check,
        stdout=stdout,
        strict=strict,
        overwrite=overwrite,
        ignore_errors=ignore_errors,
    )
    raise typer.Exit(command.run(request))


@app.command(epilog="Example: aisearch-deploy check -t k8s -e production --format sarif")
def check(
    target: Annotated[
        list[str] | None,
        typer.Option(
            "--target",
            "-t",
            metavar="TARGET",
            autocompletion=_target_names,
            help="Which targets; repeat for several. Else what the config names.",
        ),
    ] = None,
    config: ConfigOption = "aisearch.yaml",
    env: EnvironmentOption = None,
    all_environments: Annotated[
        bool, typer.Option("--all-environments", help="Every environment of the config.")
    ] = False,
    fail_on: Annotated[Literal["error", "warning"], typer.Option(help="From which severity on to exit 1.")] = "error",
    today: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day that rules about dates go by: 2026-11-24.")
    ] = None,
    format: FormatOption = "text",
) -> None:
    """Prove from the config that it can work, or show why not."""
    from aisearch_deploy.commands import check as command

    asked = tuple(target or ())
    raise typer.Exit(command.run(command.Request(config, asked, env, all_environments, fail_on, format, today)))


@app.command(epilog="Example: aisearch-deploy explain app.workers -e production")
def explain(
    what: Annotated[str, typer.Argument(metavar="RULE|PATH", help="A rule (AID101, connection-budget), or a setting.")],
    config: ConfigOption = "aisearch.yaml",
    env: EnvironmentOption = None,
    target: Annotated[
        str | None,
        typer.Option("--target", "-t", metavar="TARGET", autocompletion=_target_names, help="For which target."),
    ] = None,
) -> None:
    """Say why a rule is there, or where a value comes from."""
    from aisearch_deploy.commands import explain as command

    command.run(what, config, env, target)


@app.command(epilog="Example: aisearch-deploy rules --format json")
def rules(
    format: Annotated[Literal["text", "json"], typer.Option("--format", help="A table or JSON.")] = "text",
) -> None:
    """List the rules of check."""
    from aisearch_deploy.commands import rules as command

    command.run(format)


@app.command(epilog="Example: aisearch-deploy schema > aisearch.schema.json")
def schema() -> None:
    """Print the config's JSON Schema, for editors."""
    from aisearch_deploy.commands import schema as command

    command.run()


@app.command(epilog="Example: aisearch-deploy targets --format json")
def targets(
    format: Annotated[Literal["text", "json"], typer.Option("--format", help="A table or JSON.")] = "text",
) -> None:
    """Compare the targets and how far each is proven."""
    from aisearch_deploy.commands import targets as command

    command.run(format)


@app.command("try", epilog="Example: aisearch-deploy try --down")
def try_(
    http_port: Annotated[
        int | None, typer.Option(min=1, max=65_535, metavar="PORT", help="For HTTP on this machine: 8080.")
    ] = None,
    https_port: Annotated[
        int | None, typer.Option(min=1, max=65_535, metavar="PORT", help="For HTTPS on this machine: 8443.")
    ] = None,
    down: Annotated[
        bool, typer.Option("--down", help="Remove all of it: containers, volumes, images, folder.")
    ] = False,
) -> None:
    """Start a whole stack on this machine, with Docker.

    A small search service takes the app's place, with PostgreSQL, a cache and nginx around it as they would be rendered
    for you. Certificates are self-signed, passwords are made up, no API key is needed.
    """
    from aisearch_deploy.commands import try_ as command

    command.run(http_port, https_port, down=down)


def run(arguments: list[str]) -> int:
    """The exit code of one command line. Raises nothing but the OSError of a standard output that cannot be written.

    Prints a traceback only when AISEARCH_DEPLOY_DEBUG is set.
    """
    try:
        result = app(arguments, prog_name="aisearch-deploy", standalone_mode=False)
        sys.stdout.flush()
    except ConfigInvalid as error:
        from aisearch_deploy.output.findings_text import findings_text

        print(findings_text(error.findings, end="nothing written"), file=sys.stderr)
        return error.exit_code
    except DeployError as error:
        print(f"{error.message}\n{error.fix}".rstrip(), file=sys.stderr)
        if error.exit_code == BUG:
            print(
                "Nothing was written. This is a bug in aisearch-deploy: please report it with the config.",
                file=sys.stderr,
            )
        return error.exit_code
    except BrokenPipeError:
        return _reader_left()
    except SystemExit as ending:  # Typer's own for a broken pipe
        if isinstance(ending.__context__, BrokenPipeError):
            return _reader_left()
        raise
    except (KeyboardInterrupt, EOFError, typer.Abort):
        result = INTERRUPTED
    except Exception as error:
        if isinstance(error, OSError) and error.filename is None and error.errno in (errno.ENOSPC, errno.EIO):
            raise  # standard output's: __main__ says so
        return _unexpected(error)
    if result == INTERRUPTED:  # Typer returns this code for Ctrl-C, too
        print("\nInterrupted; nothing is half written.", file=sys.stderr)
    return result if isinstance(result, int) else 0


def _reader_left() -> int:
    """`aisearch-deploy targets | head -1` is no failure; what is still to be flushed at the end goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return 0


def _unexpected(error: Any) -> int:
    if hasattr(error, "format_message") and hasattr(error, "exit_code"):  # Typer's own usage errors
        message, context = error.format_message().replace("Value error, ", ""), getattr(error, "ctx", None)
        command = context.command_path if context is not None else "aisearch-deploy"
        is_help = message.startswith("Usage:")  # for a bare `aisearch-deploy`
        print(message if is_help else f"{message}\n{command} --help shows what there is.", file=sys.stderr)
        return int(error.exit_code)
    if os.environ.get("AISEARCH_DEPLOY_DEBUG"):
        traceback.print_exc()
    print(
        f"A bug in aisearch-deploy ({type(error).__name__}); nothing was written.\n"
        "Please report it with the config. AISEARCH_DEPLOY_DEBUG=1 shows where.",
        file=sys.stderr,
    )
    return BUG
