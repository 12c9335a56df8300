"""G7, G11, G32: the whole header set, once each, on answers of the real app and of the edge before it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from aisearch_deploy.targets.parts.edge import answer_headers
from tests.e2e.compose.client import Client
from tests.e2e.compose.config import deployment, repaired
from tests.e2e.edge.running import Answer

# The long silence begins here, with the first tests of this folder, and passes while the others run.
pytestmark = [pytest.mark.e2e, pytest.mark.usefixtures("silence")]

HSTS = ["max-age=63072000; includeSubDomains"]


def complete(answer: Answer) -> None:
    expected = answer_headers(deployment(repaired()))
    assert len(expected) >= 10
    assert {name: answer.header(name) for name in expected} == {name: [value] for name, value in expected.items()}
    assert answer.header("Strict-Transport-Security") == HSTS
    assert len(answer.header("X-Request-ID")) == 1
    assert answer.header("Server") == ["nginx"]


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("/", 200),
        ("/static/search.css", 200),
        ("/static/missing.css", 404),
        ("/nothing-here", 404),
        ("/health", 200),
        ("/metrics", 404),
        ("/query", 405),
    ],
)
def test_g7_g11_g32_every_answer_has_the_whole_set(caller: Client, target: str, status: int) -> None:
    answer = caller.ask("GET", target)
    assert answer.status == status
    complete(answer)


def test_g7_g32_an_answer_to_a_question_and_a_429_have_it_too(newcomers: Iterator[Client]) -> None:
    newcomer = next(newcomers)
    answers = [newcomer.query() for _ in range(14)]
    assert [answers[0].status, answers[-1].status] == [200, 429]
    complete(answers[0])
    complete(answers[-1])
    assert answers[-1].header("Retry-After") == ["2"]
