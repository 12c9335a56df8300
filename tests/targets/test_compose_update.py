"""update.sh and rollback.sh, run for real against an engine that is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.targets.composed import GUIDE, LOCAL
from tests.targets.servers import NEW, OLD, Server


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path, GUIDE, {"scaling": {"min": 2}})


def test_g30_one_by_one_new_before_old(server: Server) -> None:
    old = server.runs(OLD, 2)
    done = server.run("update.sh")
    assert done.returncode == 0, done.stderr
    assert server.images == [NEW] * 2
    events = server.events
    assert events[:3] == ["prepare", "edge asks", f"migrate {NEW}"]
    for container in old:
        stopped = events.index(f"stop {container}")
        # Nothing is sent to it any more when it is told to stop, and as many as ever are asked in its place.
        asked = events[stopped - 1]
        assert asked.startswith("edge asks ")
        assert f"172.20.0.{int(container)}" not in asked.split()
        assert len(asked.split()) == 2 + 2
        assert events[stopped - 2] == f"start {NEW}"
    # Everybody again, by name.
    assert events[-1] == "edge asks"


def test_nobody_asks_the_new_one_before_it_is_healthy(server: Server) -> None:
    server.runs(OLD, 2)
    server.run("update.sh")
    events = server.events
    first = events.index(f"start {NEW}")
    assert events[first - 1] == "edge asks 172.20.0.1 172.20.0.2"


def test_g30_a_version_that_is_not_healthy_changes_nothing(server: Server) -> None:
    old = server.runs(OLD, 2)
    server.holds(broken=[NEW])
    done = server.run("update.sh")
    assert done.returncode == 1
    assert server.containers == old
    assert not [event for event in server.events if event.startswith("stop")]
    assert not (server.place / ".previous-image").exists()
    assert "its log" in done.stdout + done.stderr
    assert server.events[-1] == "edge asks"


def test_a_version_that_ends_and_is_started_over_and_over_is_not_waited_for(server: Server) -> None:
    """`restart: unless-stopped` brings it back, so it always runs when somebody looks."""
    old = server.runs(OLD, 2)
    server.holds(ending=[NEW])
    server.program("sleep", 'echo waited >>"$FAKE_DOCKER/events"')
    assert server.run("update.sh").returncode == 1
    assert server.containers == old
    assert "waited" not in server.events


def test_what_fails_half_way_goes_back_to_the_old_version(server: Server) -> None:
    server.runs(OLD, 2)
    # The first pause comes once the first new replica is healthy; the next one will not be.
    server.program("sleep", f'echo {NEW} >"{server.engine}/broken"')
    done = server.run("update.sh")
    assert done.returncode == 1, done.stderr
    assert server.images == [OLD] * 2
    assert [event for event in server.events if event.startswith("start")] == [
        f"start {NEW}",
        f"start {NEW}",
        f"start {OLD}",
    ]


def test_a_migration_that_fails_changes_nothing(server: Server) -> None:
    old = server.runs(OLD, 2)
    server.holds(failing=["migrate"])
    done = server.run("update.sh")
    assert done.returncode == 1
    assert server.containers == old
    assert not [event for event in server.events if event.startswith(("start", "stop"))]


def test_rollback_returns_to_the_image_before_and_stays_there(server: Server) -> None:
    server.runs(OLD, 2)
    assert server.run("update.sh").returncode == 0
    assert (server.place / ".previous-image").read_text() == f"{OLD}\n"
    done = server.run("rollback.sh")
    assert done.returncode == 0, done.stderr
    assert server.images == [OLD] * 2
    # G30: not by building an old checkout, and the database is not migrated by an old version.
    assert [event for event in server.events if event.startswith("migrate")] == [f"migrate {NEW}"]
    assert f"APP_IMAGE={OLD}\n" in (server.place / ".env").read_text()
    # Once more is not back to the version that had to go.
    assert server.run("rollback.sh").returncode == 0
    assert server.images == [OLD] * 2


def test_a_rollback_holds_until_the_folder_is_copied_again(server: Server) -> None:
    rendered = (server.place / ".env").read_text()
    server.runs(OLD, 2)
    server.run("update.sh")
    server.run("rollback.sh")
    # As after a new secret: the version that had to go does not come back by the way.
    assert server.run("update.sh", "--no-migrate").returncode == 0
    assert server.images == [OLD] * 2
    (server.place / ".env").write_text(rendered)
    assert server.run("update.sh").returncode == 0
    assert server.images == [NEW] * 2
    assert "\nAPP_IMAGE=" not in (server.place / ".env").read_text()


def test_nothing_to_roll_back_to(server: Server) -> None:
    done = server.run("rollback.sh")
    assert done.returncode == 1
    assert "nothing to go back to" in done.stderr


def test_a_tag_that_moved_can_be_rolled_back(server: Server) -> None:
    server.holds(images=[f"{NEW} sha256:first"], registry=[f"{NEW} sha256:second"])
    server.runs(NEW, 2)
    assert server.run("update.sh").returncode == 0
    assert (server.place / ".previous-image").read_text() == "ai-search-app:previous\n"
    assert "ai-search-app:previous sha256:first" in server.lines("images")


def test_the_same_version_again_renews_every_replica_and_forgets_nothing(server: Server) -> None:
    server.holds(images=[f"{NEW} sha256:new", f"{OLD} sha256:old"])
    (server.place / ".previous-image").write_text(f"{OLD}\n")
    old = server.runs(NEW, 2)
    assert server.run("update.sh", "--no-migrate").returncode == 0
    assert not set(old) & set(server.containers)
    assert (server.place / ".previous-image").read_text() == f"{OLD}\n"
    assert not [event for event in server.events if event.startswith("migrate")]


def test_replicas_above_the_configs_number_are_taken_out_of_service_first(server: Server) -> None:
    old = server.runs(OLD, 3)
    assert server.run("update.sh").returncode == 0
    assert server.images == [NEW] * 2
    stopped = server.events.index(f"stop {old[0]}")
    assert server.events[stopped - 1] == "edge asks 172.20.0.2 172.20.0.3"


def test_replicas_below_it_are_added(server: Server) -> None:
    server.runs(OLD, 1)
    assert server.run("update.sh").returncode == 0
    assert server.images == [NEW] * 2
    assert any("--wait" in call and "--scale app=2" in call for call in server.lines("calls"))


def test_a_first_update_starts_everything(server: Server) -> None:
    done = server.run("update.sh")
    assert done.returncode == 0
    assert "compose up --detach --wait" in server.lines("calls")


def test_an_image_that_is_nowhere(server: Server) -> None:
    server.runs(OLD, 2)
    done = server.run("update.sh", "ghcr.io/example/ai-search:9.9")
    assert done.returncode == 1
    assert "neither here nor in its registry" in done.stderr
    assert server.images == [OLD] * 2


def test_an_edge_that_cannot_load_its_files_while_it_runs_is_made_anew_first(server: Server) -> None:
    server.runs(OLD, 2)
    server.holds(failing=["edge"])
    done = server.run("update.sh")
    assert done.returncode == 0, done.stderr
    assert "The edge is made anew" in done.stderr
    assert server.events[:3] == ["prepare", "edge is made anew", f"migrate {NEW}"]
    assert server.images == [NEW] * 2


def test_an_edge_that_would_not_start_is_left_alone(server: Server) -> None:
    old = server.runs(OLD, 2)
    server.holds(failing=["edge", "new-edge"])
    done = server.run("update.sh")
    assert done.returncode == 1
    assert "nothing was changed" in done.stderr
    assert server.events == ["prepare"]
    assert server.containers == old


def test_an_image_that_was_built_here(server: Server) -> None:
    server.runs(OLD, 2)
    server.holds(images=[f"{OLD} sha256:old", f"{NEW} sha256:built"], registry=[])
    done = server.run("update.sh")
    assert done.returncode == 0, done.stderr
    assert "was not pulled, so the one that is here is used" in done.stderr
    assert server.images == [NEW] * 2


def test_two_updates_at_once(server: Server) -> None:
    server.runs(OLD, 2)
    server.program("sleep", f'"{server.place}/update.sh" >>"{server.place}/second" 2>&1; exit 0')
    assert server.run("update.sh").returncode == 0
    assert "Another update" in (server.place / "second").read_text()


def test_an_option_that_is_not_there(server: Server) -> None:
    done = server.run("update.sh", "--force")
    assert done.returncode == 1
    assert "usage" in done.stderr


@pytest.fixture
def alone(tmp_path: Path) -> Server:
    return Server(tmp_path, LOCAL, {"app": {"migrate": ["python", "migrate.py"]}})


def test_g14_two_writers_never_run_at_once(alone: Server) -> None:
    alone.runs(OLD, 1)
    done = alone.run("update.sh")
    assert done.returncode == 0, done.stderr
    assert alone.events == ["prepare", "edge asks", "stop app", f"migrate {NEW}", f"start {NEW}"]
    assert alone.images == [NEW]


def test_a_single_writer_gets_its_old_version_back(alone: Server) -> None:
    alone.runs(OLD, 1)
    alone.holds(broken=[NEW])
    done = alone.run("update.sh")
    assert done.returncode == 1
    assert alone.images == [OLD]


def test_a_single_writer_whose_migration_fails_is_started_again(alone: Server) -> None:
    alone.runs(OLD, 1)
    alone.holds(failing=["migrate"])
    assert alone.run("update.sh").returncode == 1
    assert alone.events[-1] == "start app"
    assert alone.images == [OLD]
