"""`render`: the config through the whole flow, once for each environment and target, then written all or nothing."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

from aisearch_deploy import __version__
from aisearch_deploy.checks.once import once
from aisearch_deploy.checks.registry import RULES, errors
from aisearch_deploy.checks.waivers import wrong_waivers
from aisearch_deploy.commands import unchanged
from aisearch_deploy.commands.reading import read_config
from aisearch_deploy.commands.refusals import refusal_finding
from aisearch_deploy.commands.selection import selected_environments, selected_targets
from aisearch_deploy.commands.unchanged import counted
from aisearch_deploy.commands.written import written
from aisearch_deploy.config.load import Document
from aisearch_deploy.errors import ConfigInvalid, Refused, UsageError
from aisearch_deploy.findings import Finding
from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.resolve import findings_beside, resolve
from aisearch_deploy.output.drift import compare
from aisearch_deploy.output.findings_text import findings_text
from aisearch_deploy.output.record import config_hash
from aisearch_deploy.output.rendered import RenderedFile, RenderedFolder, record_of
from aisearch_deploy.render.pipeline import render
from aisearch_deploy.targets.base import Plan
from aisearch_deploy.targets.gaps import gaps_report
from aisearch_deploy.targets.registry import target_named


class Request(NamedTuple):
    """The command line, as typed."""

    targets: tuple[str, ...] = ()
    all_targets: bool = False
    config: str = "aisearch.yaml"
    environment: str | None = None
    all_environments: bool = False
    output: str = "deploy"
    check: bool = False
    stdout: bool = False
    strict: bool = False
    overwrite: bool = False
    ignore_errors: bool = False


class Rendering(NamedTuple):
    """One target folder, ready to be compared, printed or written."""

    folder: Path
    plan: Plan
    content: RenderedFolder


def run(request: Request) -> int:
    """Renders what the request names; 0, or 1 for drift, gaps under --strict, and errors of the rules."""
    if not request.output:
        raise UsageError("-o needs a folder.", "Leave it out for deploy/, or name one.")
    if request.stdout and request.check:
        raise UsageError("--stdout and --check exclude each other.", "Use one of them.")
    document = read_config(request.config)
    try:
        deployments, refusals = _deployments(request, document)
    except UsageError:
        # What is wrong with the config may be why nothing could be chosen from it.
        wrong = findings_beside(document, [])
        if wrong:
            raise ConfigInvalid(wrong) from None
        raise
    # Several environments mostly share their gaps.
    notes = list(dict.fromkeys([*refusals, *(note for found in deployments for note in gaps_report(found))]))
    for note in notes:
        print(note, file=sys.stderr)
    if notes and request.strict:
        raise Refused(f"{len(notes)} settings or targets cannot be expressed (--strict).", "Nothing was written.")
    _refuse_errors(request, deployments)
    renderings = [rendering(request.output, document, deployment) for deployment in deployments]
    if request.stdout:
        return _print(renderings)
    if request.check:
        return _check(renderings)
    return _write(request, renderings)


def _deployments(request: Request, document: Document) -> tuple[list[Deployment], list[str]]:
    """Every deployment that is asked for; with --all, the reasons of the targets that cannot carry it."""
    found, reasons, findings = [], [], dict[Finding, None]()
    for environment in selected_environments(document, request.environment, request.all_environments):
        for name in selected_targets(document, environment, request.targets, request.all_targets):
            target = target_named(name)
            try:
                deployment = resolve(document, environment, target.TRAITS)
            except ConfigInvalid as error:
                findings.update(dict.fromkeys(error.findings))
                continue
            refusal = target.refuses(deployment)
            if refusal is None:
                findings.update(dict.fromkeys(wrong_waivers(deployment, RULES)))
                found.append(deployment)
            elif request.all_targets:
                reasons.append(f"{name}: not rendered: {refusal}")
            else:
                findings[refusal_finding(deployment, refusal)] = None
    if findings:
        raise ConfigInvalid(findings)
    return found, reasons


def _refuse_errors(request: Request, deployments: list[Deployment]) -> None:
    found = once(finding for deployment in deployments for finding in errors(deployment))
    if not found:
        return
    if request.ignore_errors:
        print(findings_text(found, end="ignored"), file=sys.stderr)
        return
    raise Refused(
        findings_text(found, end="nothing written"), "Mend them, or render all the same with --ignore-errors."
    )


def rendering(output: str, document: Document, deployment: Deployment) -> Rendering:
    """The target folder of `deployment` below `output`, rendered and parsed back. Nothing is written."""
    plan = target_named(deployment.target).plan(deployment)
    texts = render(deployment.target, plan)
    files = {file.path: RenderedFile(texts[file.path], file.executable) for file in plan.files}
    record = record_of(
        files,
        tool=__version__,
        edition=deployment.config.edition,
        config=config_hash(document.content, deployment.environment),
        inputs={name: RenderedFile(content).digest for name, content in deployment.inputs.items()},
    )
    folder = Path(output, *([deployment.environment] if deployment.environment else []), deployment.target)
    return Rendering(folder, plan, RenderedFolder(files, record))


def _print(renderings: list[Rendering]) -> int:
    for rendering in renderings:
        for path, file in sorted(rendering.content.files.items()):
            print(f"==> {rendering.folder.as_posix()}/{path} <==")
            print(file.content.decode())
    return 0


def _check(renderings: list[Rendering]) -> int:
    changes = [
        (rendering.folder, change)
        for rendering in renderings
        for change in compare(rendering.folder, rendering.content.files)
    ]
    for folder, change in changes:
        print(f"{change.change:<10}  {folder.as_posix()}/{change.path}")
    if changes:
        raise Refused(
            f"{counted(len(changes), 'difference')}.",
            "Render again; what an edit was for belongs in the config.",
        )
    print(unchanged.text([rendering.folder.as_posix() for rendering in renderings], _total(renderings)))
    return 0


def _write(request: Request, renderings: list[Rendering]) -> int:
    from aisearch_deploy.output.writer import write_folders

    folders = {rendering.folder: rendering.content for rendering in renderings}
    changes = write_folders(Path(request.output), folders, overwrite=request.overwrite)
    print("\n".join(written(renderings, changes)))
    return 0


def _total(renderings: list[Rendering]) -> int:
    return sum(len(rendering.plan.files) for rendering in renderings)
