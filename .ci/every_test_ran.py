"""A pytest plugin for CI: a test that did not run fails the run.

A skip, an expected failure and a module left out while collecting look like success in a summary of thousands. So does
a file whose e2e tests a condition hides: each file that uses the mark must have run at least one.
"""

import re
from pathlib import Path

import pytest

MARK = re.compile(r"^\s*(@|pytestmark = .*)pytest\.mark\.e2e\b", re.MULTILINE)


class EveryTestRan:
    def __init__(self, config: pytest.Config) -> None:
        self.root = config.rootpath
        self.ran: set[str] = set()
        self.not_run: list[str] = []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.not_run.append(f"{report.nodeid}: skipped while collecting")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped:
            self.not_run.append(f"{report.nodeid}: skipped or expected to fail")
        elif report.when == "call":
            self.ran.add(report.nodeid.partition("::")[0])

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        tests = Path(__file__).resolve().parent.parent / "tests"
        marked = {
            file.relative_to(self.root).as_posix()
            for file in tests.rglob("test_*.py")
            if "node_modules" not in file.parts and MARK.search(file.read_text(encoding="utf-8"))
        }
        self.not_run += [f"{file}: has e2e tests, ran none" for file in sorted(marked - self.ran)]
        if not self.ran:
            self.not_run.append("no test ran at all")
        if self.not_run and session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.not_run:
            terminalreporter.section("did not run: this fails the run", red=True)
            for line in self.not_run:
                terminalreporter.line(line)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(EveryTestRan(config))
