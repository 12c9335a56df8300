"""`try`: the reference app's whole stack on this machine, from the config to a healthy answer, and away again."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from pathlib import Path

from aisearch_deploy.commands.progress import Steps
from aisearch_deploy.commands.render import Rendering, rendering
from aisearch_deploy.config.load import parse
from aisearch_deploy.errors import ConfigInvalid, DeployError, EngineProblem, FileProblem, UsageError
from aisearch_deploy.model.resolve import resolve
from aisearch_deploy.output.writer import write_folders
from aisearch_deploy.running import docker, trial
from aisearch_deploy.running.https import Answer, fingerprint, get
from aisearch_deploy.running.trial import IMAGE, NAME, TAG, Place
from aisearch_deploy.running.trial_config import Ports, config_text, earlier_ports
from aisearch_deploy.targets.parts.secrets import secrets
from aisearch_deploy.targets.registry import target_named

HEALTHY_SECONDS = 300
ANSWER_SECONDS = 30


def run(http_port: int | None, https_port: int | None, *, down: bool) -> None:
    """Starts the trial, or removes it. Raises EngineProblem and FileProblem; what was not there before is gone then."""
    if down:
        if http_port or https_port:
            raise UsageError("--down takes no port.", "Say: aisearch-deploy try --down")
        _down()
        return
    where = trial.place()
    before = earlier_ports(where.config)
    ports = Ports(http_port or before.http, https_port or before.https)
    if ports.http == ports.https:
        raise UsageError(f"Port {ports.http} cannot be for HTTP and HTTPS.", "Give two: --http-port and --https-port.")
    _up(where, ports)


def _up(where: Place, ports: Ports) -> None:
    steps = Steps()
    with steps("Asking Docker"):
        engine, compose = docker.engine_version(), docker.compose_version()
        trial.refuse_taken_ports({"--http-port": ports.http, "--https-port": ports.https})
    is_new = not where.folder.exists()
    began = time.monotonic()
    try:
        if is_new:
            trial.remove(where)  # what a trial left whose folder somebody removed
        rendered = _render(where, ports)
        with steps("Building the app's image (the first time, some minutes)"):
            _build(where)
        with steps("Starting, and waiting until all is healthy (the first time, images are pulled)"):
            _start(where)
        with steps("Asking for an answer over HTTPS"):
            certificate = _certificate(where)
            answer = _healthy_answer(certificate, ports.https, "/health")
    except BaseException:
        # Ctrl-C, too: nobody is left with half a trial.
        if is_new:
            with suppress(DeployError):
                trial.remove(where)
        raise
    about = rendered.plan.files[0].about
    print(f"Running    {about}: Docker Engine {engine}, Compose {compose}, {time.monotonic() - began:.0f} s")
    print(f"Answer     GET /health  {answer.status}  {answer.body.strip()}")
    print(f"Address    https://localhost:{ports.https}/")
    print(f"           self-signed: a browser asks first; SHA-256 {fingerprint(certificate)}")
    _say_next(where, ports)


def _say_next(where: Place, ports: Ports) -> None:
    folder = _short(where.folder)
    print(f"Next:  curl --cacert {folder}/certificate.pem https://localhost:{ports.https}/health")
    print(f"       less {folder}/aisearch.yaml   the config; what it became is in {folder}/deploy/compose")
    print("       aisearch-deploy init      a config of your own")
    print("       aisearch-deploy try --down   removes all of it")


def _render(where: Place, ports: Ports) -> Rendering:
    """Lays the folder out, and renders into it as `render` does."""
    document = parse(config_text(where, ports).encode(), str(where.config))
    try:
        deployment = resolve(document, None, target_named("compose").TRAITS)
    except ConfigInvalid as error:
        # The config is ours; the only text in it from outside is the folder's name.
        if all(finding.path == "secrets.path" for finding in error.findings):
            raise FileProblem(
                f"Docker could not be told about {where.folder}: the path has characters that not all its parts take.",
                "Choose another folder: XDG_STATE_HOME=...",
            ) from None
        raise
    trial.lay_out(where, document.content.decode(), (secret.name for secret in secrets(deployment)))
    rendered = rendering(str(where.deploy), document, deployment)
    write_folders(where.deploy, {rendered.folder: rendered.content}, overwrite=True)
    return rendered


def _build(where: Place) -> None:
    # As image/build.sh does, but for --pull: a base that is here already is new enough for a trial.
    dockerfile = where.compose / "image" / "Dockerfile"
    docker.do("build", f"--file={dockerfile}", f"--tag={IMAGE}:{TAG}", str(where.app))


def _start(where: Place) -> None:
    words = ["up", "--detach", "--wait", f"--wait-timeout={HEALTHY_SECONDS}", "--remove-orphans"]
    asked = docker.ask(*docker.compose(where.compose), *words)
    if asked.returncode:
        said = docker.last_lines(asked.stderr)
        raise EngineProblem(f"The stack did not become healthy:\n{said}{_what_the_unhealthy_say()}", _fix(said))


def _fix(said: str) -> str:
    if "port is already allocated" in said or "address already in use" in said:
        return "Choose other ports: aisearch-deploy try --http-port 9080 --https-port 9443"
    if "no space left" in said:
        return "Make room: docker system df shows what takes it."
    return "Once that is mended: aisearch-deploy try"


def _what_the_unhealthy_say() -> str:
    names = docker.ask("ps", "--all", "--filter", trial.PROJECT, "--filter", "health=unhealthy", "--format={{.Names}}")
    logs = {name: docker.ask("logs", "--tail=10", name) for name in names.stdout.split()}
    return "".join(f"\n{name}:\n{docker.last_lines(log.stdout + log.stderr)}" for name, log in logs.items())


def _certificate(where: Place) -> str:
    """The edge's own, out of its container: what answers has to show this one."""
    found = docker.do(*docker.compose(where.compose), "exec", "-T", "edge", "cat", "/tmp/tls/fullchain.pem")  # noqa: S108
    where.certificate.write_text(f"{found}\n", encoding="ascii")
    return found


def _healthy_answer(certificate: str, port: int, path: str) -> Answer:
    give_up = time.monotonic() + ANSWER_SECONDS
    while True:
        answer = get(certificate, port, path)
        if answer.status == 200 and _says_healthy(answer.body):
            return answer
        if time.monotonic() > give_up:
            raise EngineProblem(f"https://localhost:{port}{path} answers {answer.status}: {answer.body[:200]}")
        time.sleep(0.5)


def _says_healthy(body: str) -> bool:
    try:
        status = json.loads(body).get("status")
    except (ValueError, AttributeError):
        return False
    return status in ("healthy", "ok")


def _down() -> None:
    docker.engine_version()
    steps = Steps()
    with steps("Removing the trial"):
        removed = trial.remove(trial.place())
    print(f"Removed {', '.join(removed)}." if removed else f"There is no trial here: nothing is called {NAME}.")
    if removed:
        print("Images that were pulled stay; docker image prune --all removes those that nothing uses.")


def _short(path: Path) -> str:
    """With ~, as people write it."""
    try:
        return f"~/{path.relative_to(Path.home())}"
    except ValueError:
        return str(path)
