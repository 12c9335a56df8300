"""Container Instances' scripts, run against an az, docker, curl and certbot of ours that keep what they are told."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.rendering.alternatives import STANDARD
from tests.rendering.configs import overlaid, rendered_from

PASSWORD = 'p"a\\ss $x'
OLD, NEW = "examplesearch.azurecr.io/example/ai-search:1.0.0", "examplesearch.azurecr.io/example/ai-search:1.4.2"

# What was created exists from then on. The database's task ends at once, well or badly.
AZ = """\
#!/usr/bin/env bash
printf '%s\\n' "$*" >>"$RECORD/arguments"
name=
previous=
for word in "$@"; do
  [[ $previous == --name ]] && name=$word
  [[ $word == @* ]] && cat "${word#@}" >"$RECORD/password"
  [[ $previous == --file ]] && grep -o 'image: .*/example/.*' "$word" >>"$RECORD/images"
  previous=$word
done
all=$*
thing=${all%% --*}
case "$*" in
  'group exists'*) echo "${GROUP_EXISTS:-false}" ;;
  *'keys list'*) echo a2V5 ;;
  *ipAddress.ip*) echo 203.0.113.5 ;;
  *currentState.state*) echo Terminated ;;
  *currentState.exitCode*) echo "${TASK_EXIT:-0}" ;;
  *"name=='app'"*) echo "$OLD_IMAGE" ;;
  *storageSizeGb*) echo 32 ;;
  *sku.name*) echo Standard_B2s ;;
  *max_connections*query*) echo 50 ;;
  *' create '*--file*) : ;;
  *' create '*) touch "$RECORD/exists-${thing% create}-$name" ;;
  *' show '*) [[ -e "$RECORD/exists-${thing% show}-$name" || -n ${EVERYTHING:-} ]] ;;
esac
"""
OTHER = '#!/usr/bin/env bash\nprintf \'%s %s\\n\' "${0##*/}" "$*" >>"$RECORD/others"\n'
CURL = OTHER + '[[ ! -s $RECORD/images || $(tail -n 1 "$RECORD/images") != *"${FAILING_IMAGE:-none}" ]]\n'


class Ran:
    """One script of a rendered folder, and what it asked for."""

    def __init__(self, folder: Path, script: str, *words: str, config: dict[str, Any] | None = None, **variables: str):
        self.place, self.record = folder / "aci", folder / "record"
        for path in (self.record, folder / "secrets", folder / "bin"):
            path.mkdir(exist_ok=True, parents=True)
        for path, content in rendered_from(overlaid(STANDARD, config or {}), "aci").items():
            (self.place / path).parent.mkdir(parents=True, exist_ok=True)
            (self.place / path).write_bytes(content.replace(b"/etc/ai-search/secrets", f"{folder}/secrets".encode()))
            (self.place / path).chmod(0o755)
        for name in ("DATABASE_PASSWORD", "DASHSCOPE_API_KEY"):
            (folder / "secrets" / name).write_text(PASSWORD)
        programs = {"az": AZ, "docker": OTHER, "curl": CURL, "sleep": "#!/bin/sh\n"}
        for program, text in programs.items():
            (folder / "bin" / program).write_text(text)
            (folder / "bin" / program).chmod(0o755)
        environment = {**os.environ, "PATH": f"{folder}/bin:{os.environ['PATH']}", "RECORD": str(self.record)}
        self.finished = subprocess.run(
            [self.place / script, *words],
            env=environment | {"OLD_IMAGE": OLD} | variables,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def lines(self, name: str) -> list[str]:
        path = self.record / name
        return path.read_text().splitlines() if path.exists() else []


def test_deploy_does_everything_in_order_and_the_password_is_in_no_argument(tmp_path: Path) -> None:
    ran = Ran(tmp_path, "deploy.sh", "--yes")
    assert ran.finished.returncode == 0, ran.finished.stderr
    asked = "\n".join(ran.lines("arguments"))
    steps = [
        "group create",
        "acr create",
        "identity create",
        "role assignment create",
        "storage account create",
        "share-rm create",
        "postgres flexible-server create",
        "azure.extensions --value VECTOR",
        "container create --file",
        "container delete --name ai-search-database",
        "--query ipAddress.ip",
    ]
    places = [asked.find(step) for step in steps]
    assert -1 not in places
    assert places == sorted(places)
    assert (ran.record / "password").read_text() == PASSWORD
    assert 'p"a' not in asked


def test_deploy_again_changes_what_there_is(tmp_path: Path) -> None:
    ran = Ran(tmp_path, "deploy.sh", "--yes", GROUP_EXISTS="true", EVERYTHING="yes")
    assert ran.finished.returncode == 0, ran.finished.stderr
    created = [line for line in ran.lines("arguments") if " create " in f"{line} " and "--file" not in line]
    assert [line.partition(" create")[0] for line in created] == ["role assignment"]
    assert any("share-rm update" in line for line in ran.lines("arguments"))
    assert any("flexible-server update" in line and "--storage-size 128" in line for line in ran.lines("arguments"))


def test_nothing_that_costs_is_made_when_nobody_agrees(tmp_path: Path) -> None:
    ran = Ran(tmp_path, "deploy.sh")
    assert ran.finished.returncode == 1
    assert not any(" create" in line for line in ran.lines("arguments"))


def test_an_update_remembers_what_ran(tmp_path: Path) -> None:
    ran = Ran(tmp_path, "update.sh", EVERYTHING="yes")
    assert ran.finished.returncode == 0, ran.finished.stderr
    assert (ran.place / ".previous-image").read_text().strip() == OLD
    back = Ran(tmp_path, "rollback.sh", EVERYTHING="yes")
    assert back.finished.returncode == 0, back.finished.stderr
    assert back.lines("images")[-1] == f"image: {OLD}"


def test_a_version_that_does_not_answer_gives_way_to_the_old_one(tmp_path: Path) -> None:
    # No waiting: the time that an answer may take is over at once.
    config = {"app": {"startup": "1s"}}
    ran = Ran(tmp_path, "update.sh", config=config, EVERYTHING="yes", FAILING_IMAGE=NEW, BASH_ENV=str(_clock(tmp_path)))
    assert ran.finished.returncode == 1
    assert ran.lines("images")[0] == f"image: {NEW}"
    assert ran.lines("images")[-1] == f"image: {OLD}"
    assert f"{OLD} runs again" in ran.finished.stderr


def test_a_task_that_fails_is_said_and_taken_away(tmp_path: Path) -> None:
    ran = Ran(tmp_path, "task.sh", "backup", TASK_EXIT="1")
    assert ran.finished.returncode == 1
    assert "backup failed" in ran.finished.stderr
    assert any(line.startswith("container delete --name ai-search-database") for line in ran.lines("arguments"))


@pytest.mark.parametrize("kept", [False, True])
def test_certbots_account_outlives_its_container(tmp_path: Path, kept: bool) -> None:
    files = {path: text.decode() for path, text in rendered_from(STANDARD, "aci").items()}
    (tmp_path / "renew.sh").write_text(files["certbot/renew.sh"])
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "certbot").write_text(
        '#!/bin/sh\necho "$*" >"$CERTBOT_CHALLENGES/asked"\nmkdir -p "$CERTBOT_ACCOUNT/live/search.example.com"\n'
        'cd "$CERTBOT_ACCOUNT"; ls >"$CERTBOT_CHALLENGES/before"; touch account\n'
        "echo chain >live/search.example.com/fullchain.pem; echo key >live/search.example.com/privkey.pem\n"
    )
    # The loop's pause ends it.
    (tmp_path / "bin" / "sleep").write_text("#!/bin/sh\nkill $PPID\n")
    for path in (tmp_path / "renew.sh", *(tmp_path / "bin").iterdir()):
        path.chmod(0o755)
    for name in ("certificates", "challenges"):
        (tmp_path / name).mkdir()
    for number in range(2 if kept else 1):
        environment = {
            "PATH": f"{tmp_path}/bin:{os.environ['PATH']}",
            "CERTBOT_ACCOUNT": str(tmp_path / f"account-{number}"),
            "CERTBOT_CHALLENGES": str(tmp_path / "challenges"),
            "CERTBOT_CERTIFICATES": str(tmp_path / "certificates"),
        }
        subprocess.run([tmp_path / "renew.sh"], env=environment, check=False, capture_output=True, timeout=20)
    assert (tmp_path / "certificates" / "fullchain.pem").read_text() == "chain\n"
    assert (tmp_path / "certificates" / "privkey.pem").stat().st_mode & 0o077 == 0
    assert "--domains search.example.com --email ops@example.com" in (tmp_path / "challenges" / "asked").read_text()
    assert ("account" in (tmp_path / "challenges" / "before").read_text().split()) is kept


def _clock(folder: Path) -> Path:
    """For BASH_ENV: two minutes pass at once."""
    path = folder / "clock"
    path.write_text("sleep() { SECONDS=$((SECONDS + 60)); }\n")
    return path
