"""Nothing that its makers have retired is in what we render."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.goldens import GOLDENS

# What to look for, and since when it is gone.
RETIRED = {
    r"(?<![a-z.-])(?:[a-z]+\.)?gcr\.io/": "Container Registry was shut down on 2025-03-18",
    r"\bcontainerregistry\.googleapis\.com": "its API went with it",
    r"\bvpc-access-connector\b": "Cloud Run reaches a VPC without a connector",
    r"\bcopilot (init|svc|env|app)\b": "AWS Copilot ended in June 2026",
    r"\bapprunner\b|AWS::AppRunner": "App Runner takes no new customers",
    r"\bpromtail\b": "Promtail ended in March 2026: Alloy",
    r"\bingress-nginx\b|nginx\.ingress\.kubernetes\.io": "ingress-nginx had its last release in March 2026",
    r"\bingressClassName: nginx\b": "the class of ingress-nginx",
    r"\bsingle-server\b|Microsoft\.DBforPostgreSQL/servers\b": "Azure Database's single server ended in March 2025",
    r"\bgitRepo:": "Kubernetes no longer mounts it",
    r"\bPodSecurityPolicy\b": "Kubernetes 1.25 removed it",
    r"apiVersion: (?:extensions|policy|batch|autoscaling|networking\.k8s\.io)/v\w*beta": "an API that is gone",
    r"(?m)^version: ['\"]?[23]": "Compose no longer reads a version",
    r"(?m)^\s*docker-compose ": "Compose v1 ended in 2023",
    r"\bssl_stapling\b": "Let's Encrypt has no OCSP since 2025",
    r"\blisten [^;]* http2\b": "nginx 1.25.1 made it a directive of its own",
}


@pytest.mark.parametrize(("pattern", "reason"), RETIRED.items(), ids=RETIRED.values())
def test_nothing_retired_is_rendered(pattern: str, reason: str) -> None:
    found = [
        f"{path.relative_to(GOLDENS).as_posix()}: {match[0]}"
        for path, text in _texts()
        for match in re.finditer(pattern, text)
    ]
    assert not found, reason


@pytest.mark.parametrize(
    "line",
    [
        "image: gcr.io/example/ai-search:1",
        "image: eu.gcr.io/example/ai-search:1",
        "  nginx.ingress.kubernetes.io/limit-rps: 30",
        "  ingressClassName: nginx",
        "copilot svc deploy",
        "Type: AWS::AppRunner::Service",
        "apiVersion: networking.k8s.io/v1beta1",
        'version: "3.8"',
        "listen 443 ssl http2;",
        "docker-compose up -d",
        "image: grafana/promtail:3",
    ],
)
def test_the_list_finds_what_is_retired(line: str) -> None:
    assert any(re.search(pattern, line) for pattern in RETIRED)


def _texts() -> list[tuple[Path, str]]:
    return [(path, path.read_text()) for path in sorted(GOLDENS.rglob("*")) if path.is_file()]
