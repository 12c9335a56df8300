"""The defects of the hand-written guide, by number, and the tests that keep each of them out of what we render.

defects.txt is the table; `python -m tests.test_defects` writes it anew from the tests' names (`test_g7_...`).
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

TESTS = Path(__file__).parent
TABLE = TESTS / "defects.txt"

# What rendering can carry.
DEFECTS = {
    "G1": "the app's URL and the database it logs in to are made from different passwords",
    "G2": "container_name and a published app port: no scaling, and a way past the edge",
    "G3": "the app starts before its database",
    "G4": "the obsolete version key",
    "G5": "the cache may use all memory, and evicts the limiter's keys",
    "G6": "proxy headers are lost in a location that sets none",
    "G7": "security headers are lost in a location that adds one",
    "G8": "static files of another container",
    "G9": "no connections kept to the app",
    "G10": "streams are buffered and cut",
    "G11": "503 for a limit, deprecated directives and headers, weak suites",
    "G12": "a name that is resolved once",
    "G13": "a large image that runs as root",
    "G14": "replicas that each have a state of their own",
    "G15": "variables that never reach the container",
    "G16": "an annotation that limits nothing, for a retired controller",
    "G17": "a replica count that fights the autoscaler",
    "G18": "no security context, policy, budget, spread or startup probe; exposed twice",
    "G19": "a value that the chart does not know is ignored",
    "G20": "a service that waits for a notice that uvicorn never gives",
    "G21": "a service that may do everything, with its secrets in an environment file",
    "G22": "a task without an execution role, a health check and a private network",
    "G23": "a port that the image does not listen on, and a registry that was shut down",
    "G24": "plain HTTP to the world, and a key on the command line",
    "G25": "more connections than the database accepts",
    "G26": "more workers than memory holds",
    "G27": "a limit that every worker counts for itself",
    "G28": "docker.sock as a sandbox",
    "G31": "software that is no longer supported",
    "G32": "incomplete headers",
    "G33": "one backup a day for 24 hours of loss",
    "G34": "two limiters, unaware of each other",
    "G35": "an autoscaler that sits at its maximum for ever",
    "G36": "connections that the inner side closes first",
}

_NUMBERS = re.compile(r"(?<=_)g\d+(?=_)")


def test_every_defect_is_kept_out_by_a_test() -> None:
    assert set(DEFECTS) <= set(keepers())


def test_the_table_is_current() -> None:
    assert TABLE.read_text() == table()


def keepers() -> dict[str, list[str]]:
    """The tests by the number of the defect in their name."""
    found: dict[str, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_g"):
                for number in _NUMBERS.findall(node.name):
                    name = f"{path.relative_to(TESTS.parent).as_posix()}::{node.name}"
                    found.setdefault(number.upper(), []).append(name)
    return found


def table() -> str:
    """A section a defect: what it is, and its tests."""
    found = keepers()
    sections = []
    for number, words in DEFECTS.items():
        tests = "".join(f"    {test}\n" for test in sorted(found.get(number, [])))
        sections.append(f"{number}  {words}\n{tests}")
    return "\n".join(sections)


if __name__ == "__main__":
    TABLE.write_text(table())
