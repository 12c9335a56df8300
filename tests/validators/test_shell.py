"""The shell wrapper."""

from __future__ import annotations

import pytest

from tests.validators import shell
from tests.validators.tools import CHECKOUT

GOOD = """\
#!/usr/bin/env bash
set -euo pipefail

for file in "$@"; do
  gzip --keep -- "${file}"
done
"""


def test_accepts_a_good_script() -> None:
    assert shell.problems(GOOD) == []


@pytest.mark.parametrize(
    ("edit", "complaint"),
    [
        (("done", "dome"), "syntax error"),
        (('"$@"', "$@"), "SC2068"),
        (('"${file}"', "${file}"), "SC2086"),
        (('"${file}"', '"${fil}"'), "SC2154"),
        (("  gzip", "    gzip"), "-    gzip"),
        (("#!/usr/bin/env bash\n", ""), "neither bash nor sh"),
        (("#!/usr/bin/env bash", "#!/bin/sh"), "SC3040"),
        (("done\n", "done\ncat <<EOF\n"), "here-document"),
    ],
)
def test_refuses_one_edit_away(edit, complaint) -> None:
    found = shell.problems(GOOD.replace(*edit))
    assert any(complaint in line for line in found), found


@pytest.mark.parametrize("name", ["run", "install-tools"])
def test_the_scripts_of_ci_are_held_to_the_same(name) -> None:
    assert shell.problems(CHECKOUT / ".ci" / name) == []
