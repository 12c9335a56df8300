"""Which image each part runs, and what an air-gapped registry makes of it."""

from __future__ import annotations

import pytest

from tests.model.deployments import COMPOSE, K8S, deployment, example

DIGEST = "sha256:" + "0123456789abcdef" * 4

# (what is written, part, reference)
IMAGES = [
    ("", "app", "ghcr.io/example/ai-search:1.4.2"),
    ("", "database", "docker.io/pgvector/pgvector:pg18-trixie"),
    ("", "cache", "docker.io/valkey/valkey:9.1-trixie"),
    ("", "edge", "docker.io/library/nginx:1.30-trixie"),
    ("cache: {engine: redis}\n", "cache", "docker.io/library/redis:8.4-trixie"),
    ("database: {version: 17}\n", "database", "docker.io/pgvector/pgvector:pg17-trixie"),
    (
        "vector_store: {engine: external, url_secret: VECTORS}\n",
        "database",
        "docker.io/library/postgres:18-trixie",
    ),
    ("database: {image: 'registry.example.com/pg:18'}\n", "database", "registry.example.com/pg:18"),
    (f"environments: {{dev: {{image: {{digest: '{DIGEST}'}}}}}}\n", "app", f"ghcr.io/example/ai-search:1.4.2@{DIGEST}"),
    (
        f"environments: {{dev: {{image: {{tag: null, digest: '{DIGEST}'}}}}}}\n",
        "app",
        f"ghcr.io/example/ai-search@{DIGEST}",
    ),
]


@pytest.mark.parametrize(("more", "part", "reference"), IMAGES)
def test_images(more: str, part: str, reference: str) -> None:
    environment = "dev" if more.startswith("environments") else None
    assert deployment(more, environment=environment).images[part] == reference


# (reference, what it becomes in a registry of one's own)
REWRITTEN = [
    ("docker.io/library/nginx:1.30", "r.example.com:5000/mirror/library/nginx:1.30"),
    ("nginx:1.30", "r.example.com:5000/mirror/nginx:1.30"),
    ("bitnami/nginx:1.30", "r.example.com:5000/mirror/bitnami/nginx:1.30"),
    ("localhost/nginx:1.30", "r.example.com:5000/mirror/nginx:1.30"),
    ("registry:5000/a/nginx:1.30", "r.example.com:5000/mirror/a/nginx:1.30"),
    (f"ghcr.io/a/nginx@{DIGEST}", f"r.example.com:5000/mirror/a/nginx@{DIGEST}"),
]


@pytest.mark.parametrize(("reference", "rewritten"), REWRITTEN)
def test_an_air_gapped_registry_replaces_every_other(reference: str, rewritten: str) -> None:
    more = f'edge: {{image: "{reference}"}}\nair_gapped: {{registry: "r.example.com:5000/mirror"}}\n'
    assert deployment(more).images["edge"] == rewritten


def test_air_gapped_leaves_no_image_elsewhere() -> None:
    images = deployment("air_gapped: {registry: r.example.com}\n").images
    assert {reference.partition("/")[0] for reference in images.values()} == {"r.example.com"}


def test_no_image_moves() -> None:
    """G18, G31: nothing without a tag, nothing called latest."""
    for name, traits in (("small", COMPOSE), ("repaired", K8S)):
        for reference in example(name, traits).images.values():
            assert ":" in reference.rpartition("/")[2]
            assert not reference.endswith(":latest")
