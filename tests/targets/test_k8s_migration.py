"""The migration: before the app, past the pooler, under a name that changes when the Job does."""

from __future__ import annotations

import pytest

from aisearch_deploy.targets.k8s import plan
from tests.rendering.configs import deployment_of, overlaid
from tests.targets.k8s_cases import CASES, Object, config, expanded, kinds, objects_of, one, template, variables


def migration(case: str) -> Object:
    (job,) = [job for job in kinds(objects_of(case), "Job") if "-migrate-" in job["metadata"]["name"]]
    return job


def name_for(change: Object) -> str:
    planned = plan(deployment_of(overlaid(config("guide"), change), "k8s"))
    (file,) = [file for file in planned.files if file.path == "app/migration.yaml"]
    return str(file.values["job"])


def test_g25_it_speaks_to_the_database_itself() -> None:
    assert "@ai-search-pooler:6432/" in variables("guide")["DATABASE_URL"]
    assert "@ai-search-database:5432/" in variables("guide", "migrate", "Job")["DATABASE_URL"]


def test_its_words_arrive_as_they_were_written() -> None:
    planned = plan(deployment_of(overlaid(config("guide"), {"app": {"migrate": ["echo", "$(A) $$"]}}), "k8s"))
    (file,) = [file for file in planned.files if file.path == "app/migration.yaml"]
    assert [expanded(word, {"A": "wrong"}) for word in file.values["command"]] == ["echo", "$(A) $$"]


def test_it_gives_up_on_a_lock() -> None:
    assert variables("guide", "migrate", "Job")["PGOPTIONS"] == "-c lock_timeout=10s"


def test_it_waits_for_the_database_that_it_migrates() -> None:
    first = template(migration("managed"))["spec"]["initContainers"][0]
    assert {variable["name"]: variable["value"] for variable in first["env"]} == {
        "PGHOST": "db.example.com",
        "PGPORT": "5433",
    }


@pytest.mark.parametrize(
    "change",
    [
        {"image": {"tag": "1.4.3"}},
        {"app": {"migrate": ["python", "migrate.py"]}},
        {"app": {"env": {"NEW": "1"}}},
        {"labels": {"team": "other"}},
        {"database": {"name": "other"}},
        {"targets": {"k8s": {"annotations": {"example.com/a": "b"}}}},
    ],
    ids=str,
)
def test_its_name_changes_with_what_it_consists_of(change: Object) -> None:
    assert name_for(change) != name_for({})


@pytest.mark.parametrize("change", [{"rate_limit": {"requests": 60}}, {"scaling": {"max": 12}}], ids=str)
def test_its_name_stays_when_it_does(change: Object) -> None:
    assert name_for(change) == name_for({})


def test_argo_cd_applies_the_app_and_what_waits_for_it_in_the_second_wave() -> None:
    late = {
        (document["kind"], document["metadata"]["name"])
        for document in objects_of("guide")
        if document["metadata"].get("annotations", {}).get("argocd.argoproj.io/sync-wave") == "1"
    }
    assert late == {
        ("Deployment", "ai-search-app"),
        ("HorizontalPodAutoscaler", "ai-search-app"),
        ("PersistentVolumeClaim", "ai-search-uploads"),
        ("PersistentVolumeClaim", "ai-search-backup"),
    }


@pytest.mark.parametrize("case", [case for case in CASES if config(case).get("app", {}).get("migrate")])
def test_what_it_needs_is_applied_without_the_app(case: str) -> None:
    """RUNBOOK.md applies everything but component=app first."""
    job = migration(case)
    pod = template(job)["spec"]
    settings = pod["containers"][0]["envFrom"][0]["configMapRef"]["name"]
    assert one(objects_of(case), "ConfigMap", settings)
    account = one(objects_of(case), "ServiceAccount", pod["serviceAccountName"])
    assert account["metadata"]["labels"]["app.kubernetes.io/component"] != "app"
    assert not [volume for volume in pod["volumes"] if "persistentVolumeClaim" in volume]
