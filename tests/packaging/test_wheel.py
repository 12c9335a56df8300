"""What people install: the wheel that is built from the sdist, not the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from aisearch_deploy.render.templates import template_folder
from tests.goldens import CHECKOUT, EXAMPLES


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, unpacked where Python finds it before the checkout."""
    built, place = tmp_path_factory.mktemp("built"), tmp_path_factory.mktemp("installed")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(built), str(CHECKOUT)]
    subprocess.run(build, check=True, capture_output=True)
    zipfile.ZipFile(next(built.glob("*.whl"))).extractall(place)
    return place


def test_the_wheel_ships_templates_and_their_compiled_form(installed: Path) -> None:
    shipped = installed / "aisearch_deploy"
    assert (shipped / "py.typed").is_file()
    names = {path.relative_to(template_folder()) for path in template_folder().rglob("*.j2")}
    assert {path.relative_to(shipped / "templates") for path in (shipped / "templates").rglob("*.j2")} == names
    assert len(list((shipped / "compiled_templates").glob("tmpl_*.py"))) == len(names)


def test_the_wheel_renders_the_same_bytes_without_reading_a_template(installed: Path, tmp_path: Path) -> None:
    config = EXAMPLES / "repaired" / "aisearch.yaml"
    (installed / "aisearch_deploy" / "templates").rename(installed / "set-aside")
    for name, path in (("wheel", installed), ("checkout", CHECKOUT)):
        words = ["-m", "aisearch_deploy", "render", "-c", str(config), "-o", str(tmp_path / name)]
        environment = {**os.environ, "PYTHONPATH": str(path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
        subprocess.run([sys.executable, *words], env=environment, cwd=tmp_path, check=True, capture_output=True)
        if name == "wheel":
            assert not (tmp_path / "cache").exists()
    assert contents(tmp_path / "wheel") == contents(tmp_path / "checkout") != {}


def test_the_wheel_ships_the_reference_app_for_a_trial(installed: Path) -> None:
    shipped = {
        path.relative_to(installed / "aisearch_deploy/reference_app")
        for path in (installed / "aisearch_deploy/reference_app").rglob("*")
    }
    assert {Path("aisearch.yaml"), Path("requirements.txt"), Path("src/web/app.py")} <= shipped
    assert not [path for path in shipped if "deploy" in path.parts]


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
