#!/usr/bin/env python3
"""An `aws` and a `docker` that remember what they were asked: enough of an account for the scripts to run against.

State is a folder (FAKE_AWS): `<stack>.json` holds a stack's parameters, `calls` one line a call. Real answers are text
(`--output text`); so are these.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

STATE = Path(os.environ.get("FAKE_AWS", "."))
REGISTRY = "111122223333.dkr.ecr.eu-central-1.amazonaws.com/ai-search"


def main(program: str, words: list[str]) -> int:
    """Answers one call and writes it down. Returns the exit status."""
    with (STATE / "calls").open("a") as calls:
        calls.write(" ".join([program, *words]) + "\n")
    if program == "docker":
        if words[:1] == ["login"]:
            sys.stdin.read()  # whoever writes to a pipe that nobody reads is killed
        if words[:1] == ["push"]:
            (STATE / "pushed").open("a").write(words[-1].rpartition(":")[2] + "\n")
        return 0
    options = {word: words[place + 1] for place, word in enumerate(words[:-1]) if word.startswith("--")}
    name = "_".join(words[:3] if words[1] == "wait" else words[:2]).replace("-", "_")
    answer = ANSWERS.get(name)
    return answer(options) if answer else 0


def say(text: str) -> int:
    print(text)
    return 0


def stack(options: dict[str, str]) -> Path:
    return STATE / f"{options['--stack-name']}.json"


def describe_stacks(options: dict[str, str]) -> int:
    if not stack(options).exists():
        return 254
    parameters = json.loads(stack(options).read_text())
    query = options["--query"]
    if "StackStatus" in query:
        return say("UPDATE_COMPLETE")
    key = query.partition("'")[2].partition("'")[0]
    if "Parameters" in query:
        return say(parameters.get(key, ""))
    outputs = {"Repository": REGISTRY, "TaskSubnets": "subnet-1,subnet-2", "Templates": "bucket"}
    if "OutputKey, OutputValue" in query:
        return say("\n".join(f"{name}\tvalue-of-{name}" for name in ("TaskRole", "LogGroup", "AppImage")))
    return say(outputs.get(key, f"value-of-{key}"))


def create_change_set(options: dict[str, str]) -> int:
    text = Path(options["--parameters"].removeprefix("file://")).read_text()
    wanted = {one["ParameterKey"]: one["ParameterValue"] for one in json.loads(text)}
    (STATE / "wanted").write_text(json.dumps(wanted))
    return 0


def change_set_wait(options: dict[str, str]) -> int:
    same = stack(options).exists() and stack(options).read_text() == (STATE / "wanted").read_text()
    return 255 if same else 0


def describe_change_set(options: dict[str, str]) -> int:
    if options["--query"] == "StatusReason":
        return say("The submitted information didn't contain changes.")
    return say("changes")


def execute_change_set(options: dict[str, str]) -> int:
    stack(options).write_text((STATE / "wanted").read_text())
    return 0


def describe_images(options: dict[str, str]) -> int:
    pushed = STATE / "pushed"
    tags = pushed.read_text().split() if pushed.exists() else []
    return 0 if options["--image-ids"].removeprefix("imageTag=") in tags else 254


def describe_secret(options: dict[str, str]) -> int:
    known = (STATE / "secrets").read_text().split() if (STATE / "secrets").exists() else []
    if options["--secret-id"] not in known:
        return 254
    return say(f"arn:aws:secretsmanager:eu-central-1:111122223333:secret:{options['--secret-id']}-AbCdEf")


def create_secret(options: dict[str, str]) -> int:
    (STATE / "secrets").open("a").write(options["--name"] + "\n")
    (STATE / "value").write_text(Path(options["--secret-string"].removeprefix("file://")).read_text())
    return 0


ANSWERS = {
    "sts_get_caller_identity": lambda _: say("111122223333"),
    "cloudformation_describe_stacks": describe_stacks,
    "cloudformation_create_change_set": create_change_set,
    "cloudformation_wait_change_set_create_complete": change_set_wait,
    "cloudformation_describe_change_set": describe_change_set,
    "cloudformation_execute_change_set": execute_change_set,
    "ecr_describe_images": describe_images,
    "ecr_get_login_password": lambda _: say("login"),
    "ecs_run_task": lambda _: say("arn:aws:ecs:eu-central-1:111122223333:task/ai-search/1"),
    "ecs_describe_tasks": lambda _: say(os.environ.get("FAKE_EXIT", "0")),
    "ecs_register_task_definition": lambda _: say("arn:aws:ecs:eu-central-1:111122223333:task-definition/ai-search:8"),
    "ecs_describe_services": lambda _: say(
        os.environ.get("FAKE_SERVING", "arn:aws:ecs:eu-central-1:111122223333:task-definition/ai-search:8")
    ),
    "secretsmanager_describe_secret": describe_secret,
    "secretsmanager_create_secret": create_secret,
}

if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[0]).name, sys.argv[1:]))
