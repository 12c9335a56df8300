"""Two environments of one config share no place: neither names, nor secrets, nor backups."""

from __future__ import annotations

import pytest

from aisearch_deploy.targets.registry import TARGETS
from tests.goldens import Case, cases, rendered
from tests.model.deployments import deployment

# What each target puts where; the examples with environments cannot be carried by all.
STAGING = [target for target in TARGETS if Case("large", "staging", target) in set(cases(["large"]))]


@pytest.mark.parametrize("target", STAGING)
def test_a_staging_environment_says_nothing_of_production(target: str) -> None:
    files = rendered(Case("large", "staging", target))
    assert any(b"staging" in content for content in files.values())
    for path, content in files.items():
        assert b"large-production" not in content, path
        assert b"ai-search-production" not in content, path


def test_names_secrets_and_backups_are_each_environments_own() -> None:
    more = "backup: {to: s3://example-backups/search}\nenvironments: {staging: {}, production: {}}\n"
    staging, production = (deployment(more, environment=name) for name in ("staging", "production"))
    assert staging.instance == "ai-search-staging"
    assert staging.secrets_path == "/etc/ai-search-staging/secrets"
    assert staging.backup_place == "s3://example-backups/search/staging"
    assert {staging.instance, staging.secrets_path, staging.backup_place}.isdisjoint(
        {production.instance, production.secrets_path, production.backup_place}
    )


def test_without_environments_places_have_the_name_alone() -> None:
    alone = deployment("backup: {to: s3://example-backups/search}\n")
    assert (alone.instance, alone.secrets_path) == ("ai-search", "/etc/ai-search/secrets")
    assert alone.backup_place == "s3://example-backups/search"


@pytest.mark.parametrize("mode", ["external", "managed"])
def test_a_database_outside_is_reached_with_tls_unless_the_config_says_no(mode: str) -> None:
    outside = f"database: {{mode: {mode}, host: db.example.com"
    assert deployment(outside + "}\n").config.database.tls == "require"
    assert deployment(outside + ", tls: disable}\n").config.database.tls == "disable"
    assert deployment().config.database.tls == "disable"
