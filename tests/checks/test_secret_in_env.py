"""What is named and filled like a secret is told, once and without its value."""

from __future__ import annotations

import pytest

from aisearch_deploy.checks.rules.security.secret_in_env import check
from tests.checks.test_waivers import deployment

VALUE = "correct7horse9battery"


@pytest.mark.parametrize(
    "name", ["SMTP_PASSWORD", "PASSWORD", "JWT_SECRET", "HF_TOKEN", "APIKEY", "SEARCH_API_KEY", "AWS_SECRET_ACCESS_KEY"]
)
def test_a_name_of_a_secret_with_a_value_like_one(name: str) -> None:
    (finding,) = check(deployment({"app": {"env": {name: VALUE}}}))
    assert finding.path == f"app.env.{name}"
    assert VALUE not in repr(finding)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EOS_TOKEN", "<|endoftext|>"),
        ("PAD_TOKEN", "[PAD]"),
        ("MAX_TOKEN", "1234567890123"),
        ("SMTP_PASSWORD", "/run/secrets/smtp-password-1"),
        ("SMTP_PASSWORD", ""),
        ("REQUIRE_TOKEN", "true"),
        ("TOKENIZER", "bert-base-uncased-v12"),
        ("MODEL", "sentence-transformers-v2"),
        ("PASSWORD_POLICY", "min12chars1digit"),
    ],
)
def test_what_only_looks_so_is_left_alone(name: str, value: str) -> None:
    assert list(check(deployment({"app": {"env": {name: value}}}))) == []


def test_a_sidecar_is_looked_at_too() -> None:
    sidecar = {"name": "otel", "image": "otel/collector:0.140.0", "env": {"OTLP_TOKEN": VALUE}}
    (finding,) = check(deployment({"app": {"sidecars": [sidecar]}}))
    assert finding.path == "app.sidecars[0].env.OTLP_TOKEN"
