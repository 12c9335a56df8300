"""The Compose wrapper accepts what Compose accepts, and refuses what it refuses or warns about."""

from __future__ import annotations

import pytest

from tests.validators import compose

GOOD = """\
name: shop
services:
  app:
    image: example/app:1.0
    environment: {PRICE: "5$$"}
    secrets: [password]
  debug:
    image: example/app:1.0
    profiles: [debug]
secrets:
  password: {file: ./password}
"""


@pytest.fixture
def check(tmp_path):
    def problems(text: str, **variables: str) -> list[str]:
        file = tmp_path / "compose.yaml"
        file.write_text(text)
        return compose.problems(file, variables)

    return problems


def test_accepts_a_good_file(check) -> None:
    assert check(GOOD) == []


@pytest.mark.parametrize(
    ("edit", "complaint"),
    [
        (("image: example", "imagge: example"), "imagge"),
        (("secrets: [password]", "secrets: [pasword]"), "undefined secret"),
        (("5$$", "5$PRICE"), "variable is not set"),
        (("name: shop", "version: '3.8'"), "obsolete"),
        (("profiles: [debug]", "depends_on: [nothing]"), "undefined service"),
    ],
)
def test_refuses_one_edit_away(check, edit, complaint) -> None:
    found = check(GOOD.replace(*edit))
    assert any(complaint in line for line in found), found


def test_a_profile_is_checked_too(check) -> None:
    assert check(GOOD.replace("profiles: [debug]", "profiles: [debug]\n    mem_limit: lots")) != []


def test_variables_are_those_of_the_caller_alone(check, monkeypatch) -> None:
    text = GOOD.replace("5$$", "${PRICE:?set it}")
    monkeypatch.setenv("PRICE", "5")
    assert check(text) != []
    assert check(text, PRICE="5") == []


def test_the_resolved_model_has_the_values_that_containers_see(tmp_path) -> None:
    file = tmp_path / "compose.yaml"
    file.write_text(GOOD)
    services = compose.compose_config(file)["services"]
    assert services["app"]["environment"] == {"PRICE": "5$"}
    assert "debug" in services


def test_no_model_of_a_bad_file(tmp_path) -> None:
    file = tmp_path / "compose.yaml"
    file.write_text("services: []\n")
    with pytest.raises(ValueError, match="services"):
        compose.compose_config(file)
