"""The function, read back; what it cannot carry; and how it starts."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from aisearch_deploy.errors import ConfigInvalid
from aisearch_deploy.targets.aws_lambda import launch
from aisearch_deploy.targets.registry import target_named
from tests.goldens import GOLDENS
from tests.rendering.alternatives import standard
from tests.rendering.configs import deployment_of, overlaid, rendered_from
from tests.validators import dockerfile, sam, shell

FOLDERS = sorted(GOLDENS.glob("*/*/lambda"))
SCRIPTS = sorted(path for folder in FOLDERS for path in folder.glob("*.sh"))


def function(*overlays: dict[str, Any]) -> dict[str, Any]:
    files = rendered_from(overlaid(standard("lambda"), *overlays), "lambda")
    properties: dict[str, Any] = yaml.safe_load(files["template.yaml"])["Resources"]["Function"]["Properties"]
    return properties


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.relative_to(GOLDENS).as_posix())
def test_every_script_is_accepted(path: Path) -> None:
    assert shell.problems(path) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.relative_to(GOLDENS).as_posix())
def test_the_image_is_accepted(folder: Path) -> None:
    assert dockerfile.problems(folder / "image" / "Dockerfile") == []


def test_answers_stream_from_the_app_to_the_caller() -> None:
    properties = function()
    assert properties["FunctionUrlConfig"]["InvokeMode"] == "RESPONSE_STREAM"
    assert properties["Environment"]["Variables"]["AWS_LWA_INVOKE_MODE"] == "response_stream"


def test_a_slow_start_does_not_end_the_instance() -> None:
    assert function()["Environment"]["Variables"]["AWS_LWA_ASYNC_INIT"] == "true"
    assert function({"app": {"startup": "5s"}})["Environment"]["Variables"]["AWS_LWA_ASYNC_INIT"] == "false"


def test_no_secret_is_in_the_functions_settings() -> None:
    variables = function()["Environment"]["Variables"]
    assert "resolve:secretsmanager" not in json.dumps(variables)
    assert "DASHSCOPE_API_KEY=${SecretDASHSCOPExAPIxKEY}" in variables["LAUNCH_SECRETS"]["Fn::Sub"]
    assert "DASHSCOPE_API_KEY" not in variables


def test_the_function_reads_exactly_its_secrets() -> None:
    statement = function()["Policies"][0]["Statement"][0]
    assert statement["Resource"] == [{"Ref": "SecretDATABASExPASSWORD"}, {"Ref": "SecretDASHSCOPExAPIxKEY"}]


def test_the_url_is_public_in_both_of_the_ways_that_lambda_asks_for() -> None:
    template = sam.translated(GOLDENS / "serverless" / "base" / "lambda" / "template.yaml")
    actions = {
        one["Properties"]["Action"]
        for one in template["Resources"].values()
        if one["Type"] == "AWS::Lambda::Permission"
    }
    assert actions >= {"lambda:InvokeFunctionUrl", "lambda:InvokeFunction"}


@pytest.mark.parametrize(
    ("overlay", "reason"),
    [
        ({"database": {"mode": "bundled", "host": None}}, "database.mode bundled"),
        ({"cache": {"mode": "bundled", "host": None}}, "cache.mode bundled"),
        ({"app": {"longest_request": "20m"}}, "15m"),
        ({"app": {"upload_limit": "100Mi"}}, "6 MB"),
        ({"app": {"memory": "12Gi"}}, "10240Mi"),
        ({"app": {"gpu": {"count": 1}}}, "app.gpu"),
        ({"app": {"sidecars": [{"name": "otel", "image": "otel/otel:1"}]}}, "app.sidecars"),
        ({"app": {"volumes": [{"name": "corpus", "mount": "/corpus"}]}}, "app.volumes"),
        ({"api_keys": {}}, "api_keys"),
        ({"sandbox": {"mode": "gvisor"}}, "sandbox.mode"),
        ({"database": {"pool": {"size": 20, "overflow": 10}}}, "scaling.max 10 instances x 30"),
        ({"contract": {"state": {"uploads": "/app/uploads"}}}, "contract.state.uploads"),
        ({"contract": {"state": {"uploads": "/mnt/other/uploads"}}}, "one EFS folder"),
        ({"contract": {"secrets_as": "file"}}, "secrets_as file"),
        ({"targets": {"lambda": {"certificate_arn": None}}}, "certificate_arn"),
        ({"targets": {"lambda": {"files": None}}}, "needs EFS"),
    ],
)
def test_refusals_name_the_reason(overlay: dict[str, Any], reason: str) -> None:
    refusal = target_named("lambda").refuses(deployment_of(overlaid(standard("lambda"), overlay), "lambda"))
    assert refusal is not None
    assert reason in refusal


def test_local_state_is_refused() -> None:
    overlay = {
        "contract": {"extends": "local-state"},
        "scaling": {"min": 1, "max": 1},
        "database": {"mode": "bundled", "host": None},
    }
    refusal = target_named("lambda").refuses(deployment_of(overlaid(standard("lambda"), overlay), "lambda"))
    assert refusal is not None
    assert "local-state" in refusal


@pytest.mark.parametrize(
    ("chosen", "path"),
    [
        ({"security_groups": []}, "targets.lambda.private_subnets"),
        ({"private_subnets": [], "security_groups": []}, "targets.lambda.files"),
        (
            {"certificate_arn": f"arn:aws:acm:eu-central-1:111122223333:certificate/{'0' * 36}"},
            "targets.lambda.certificate_arn",
        ),
    ],
)
def test_contradictions_are_errors(chosen: dict[str, Any], path: str) -> None:
    with pytest.raises(ConfigInvalid) as refusal:
        deployment_of(overlaid(standard("lambda"), {"targets": {"lambda": chosen}}), "lambda")
    assert [finding.path for finding in refusal.value.findings] == [path]


@pytest.fixture
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {
        "AWS_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "ASIAEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "not+a/secret",
        "AWS_SESSION_TOKEN": "token==",
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("credentials")
def test_requests_are_signed_as_awss_own_sdk_signs_them() -> None:
    now, body = "20261124T120000Z", '{"SecretId": "arn"}'
    headers = {
        "content-type": "application/x-amz-json-1.1",
        "host": "secretsmanager.eu-central-1.amazonaws.com",
        "x-amz-date": now,
        "x-amz-security-token": "token==",
        "x-amz-target": "secretsmanager.GetSecretValue",
    }
    request = AWSRequest("POST", "https://secretsmanager.eu-central-1.amazonaws.com/", headers, body.encode())
    request.context["timestamp"] = now
    signer = SigV4Auth(Credentials("ASIAEXAMPLE", "not+a/secret", "token=="), "secretsmanager", "eu-central-1")
    text = signer.string_to_sign(request, signer.canonical_request(request))
    expected = signer.signature(text, request)
    assert launch.authorization(headers, body, now).endswith(f"Signature={expected}")


@pytest.mark.usefixtures("credentials")
def test_the_app_gets_secrets_and_urls_as_its_contract_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[Any] = []

    def answer(request: Any, timeout: int) -> io.BytesIO:
        asked.append((request.full_url, timeout))
        return io.BytesIO(json.dumps({"SecretString": "p@ss/w:rd"}).encode())

    monkeypatch.setattr(launch.urllib.request, "urlopen", answer)
    monkeypatch.setattr(launch, "FOLDER", tmp_path / "secrets")
    settings = {
        "LAUNCH_SECRETS": "DATABASE_PASSWORD=arn:1",
        "LAUNCH_URLS": "DATABASE_URL",
        "LAUNCH_DATABASE_URL": "DATABASE_PASSWORD",
        "DATABASE_URL": "postgresql://u:SECRET@h/d",
        "KEPT": "1",
    }
    assert launch.prepared(settings | {"LAUNCH_SECRETS_AS": "env"}) == {
        "KEPT": "1",
        "DATABASE_PASSWORD": "p@ss/w:rd",
        "DATABASE_URL": "postgresql://u:p%40ss%2Fw%3Ard@h/d",
    }
    assert asked[0][0] == "https://secretsmanager.eu-central-1.amazonaws.com/"
    seen = launch.prepared(settings | {"LAUNCH_SECRETS_AS": "NAME_FILE"})
    assert Path(seen["DATABASE_URL_FILE"]).read_text() == "postgresql://u:p%40ss%2Fw%3Ard@h/d"
    assert Path(seen["DATABASE_URL_FILE"]).stat().st_mode & 0o777 == 0o600
    assert "DATABASE_PASSWORD" not in seen
