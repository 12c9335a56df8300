"""Secrets in the config: found wherever they stand, and never repeated."""

from __future__ import annotations

import pytest

from aisearch_deploy.errors import ConfigInvalid
from aisearch_deploy.model.credentials import credentials
from tests.model.deployments import deployment, document

# Made up, in the forms of their issuers.
SECRETS = {
    "an API key": "sk-" + "a1B2" * 8,
    "an AWS access key": "AKIA" + "ABCD1234" * 2,
    "a GitHub token": "ghp_" + "a1B2" * 9,
    "a Google API key": "AIza" + "a1B2-" * 7,
    "a Slack token": "https://hooks.slack.com/services/T0/B0/x",
    "a GitLab token": "glpat-" + "a1B2" * 5,
    "a private key": "-----BEGIN RSA PRIVATE KEY-----",
    "a password in a URL": "postgresql://app:hunter2@db.example.com/app",
}
HARMLESS = [
    "https://hooks.example.com/services",
    "postgresql://db.example.com/app",
    "http://proxy.example.com:3128",
    "sk-short",
    "ask-for-it-at-the-desk-please",
    "DASHSCOPE_API_KEY",
    "AKIA",
    "https://example.com/a:b@c",
    "user:password",
    "sha256:" + "0123456789abcdef" * 4,
]


@pytest.mark.parametrize("kind", SECRETS)
@pytest.mark.parametrize(
    ("more", "path", "place"),
    [
        ("app: {{env: {{KEY: {}}}}}\n", "app.env.KEY", "6:18"),
        ("secrets: {{names: [A, {}]}}\n", "secrets.names[1]", "6:22"),
        ("environments: {{dev: {{labels: {{x: {}}}}}}}\n", "environments.dev.labels.x", "6:34"),
        ("cache: {{ttl: {}}}\n", "cache.ttl", "6:14"),
        ("labels: {{? {} : x}}\n", "labels", "6:12"),
    ],
)
def test_one_finding_and_not_a_word_of_it(kind: str, more: str, path: str, place: str) -> None:
    text = SECRETS[kind]
    with pytest.raises(ConfigInvalid) as caught:
        deployment(more.format(f'"{text}"'), environment="dev" if "environments" in more else None)
    finding = next(finding for finding in caught.value.findings if kind in finding.message)
    assert (finding.path, str(finding.position)) == (path, f"aisearch.yaml:{place}")
    for found in caught.value.findings:
        said = f"{found.path} {found.message} {found.fix}"
        assert text not in said
        assert "hunter2" not in said
    same_place = [found for found in caught.value.findings if found.position == finding.position]
    assert same_place == [finding], "nothing else is said about a secret"


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_a_little_like_one(text: str) -> None:
    assert credentials(document(f'app: {{env: {{KEY: "{text}"}}}}\n')) == []
