"""What holds on which path."""

from __future__ import annotations

from typing import Any

import pytest

from aisearch_deploy.targets.parts.edge import Location, locations
from tests.targets.parts.edges import CONFIGURED, conf, deployment, nginx_problems
from tests.targets.parts.nginx_blocks import Block, location, mapping, seconds, server


@CONFIGURED
def test_g10_streams_are_neither_buffered_nor_compressed_nor_cut(config: dict[str, Any]) -> None:
    app = deployment(**config).config.app
    for match in (("=", "/chat/stream"), ("/chat/stream/",)):
        stream = location(conf(**config), *match)
        assert stream.one("proxy_buffering") == "off"
        assert stream.one("gzip") == "off"
        if deployment(**config).config.edge.brotli:
            assert stream.one("brotli") == "off"
        for timeout in ("proxy_read_timeout", "send_timeout"):
            assert seconds(stream.one(timeout)) > max(app.token_gap, app.longest_request)


def test_g10_long_answers_are_not_cut_elsewhere_either() -> None:
    text = conf(app={"longest_request": "300s", "token_gap": "400s"})
    assert seconds(location(text, "/").one("proxy_read_timeout")) > 300
    assert seconds(location(text, "=", "/chat/stream").one("proxy_read_timeout")) > 400
    assert seconds(Block.of(text).one("worker_shutdown_timeout")) > 400


def test_g8_static_files_are_the_apps_proxied_and_cached() -> None:
    text = conf(contract={"extends": "shared-state", "static_path": "/assets"})
    static = location(text, "/assets/")
    assert static.one("proxy_pass") == "http://app"
    assert static.one("proxy_cache") == "static"
    assert not [block.where for block in Block.of(text).walk() if block.args_of("alias") or block.args_of("root")]
    assert mapping(text, "$static_caching") == {"default": "public, max-age=31536000, immutable", "": ""}


@pytest.mark.parametrize(
    ("limited", "streaming", "expected"),
    [
        (["/query"], [], [Location("/query", "/query/", True), Location(None, "/")]),
        (["/query/"], [], [Location("/query", "/query/", True), Location(None, "/")]),
        (
            ["/chat"],
            ["/chat/stream"],
            [
                Location("/chat/stream", "/chat/stream/", True, True),
                Location("/chat", "/chat/", True),
                Location(None, "/"),
            ],
        ),
        (
            ["/chats"],
            ["/chat"],
            [Location("/chats", "/chats/", True), Location("/chat", "/chat/", False, True), Location(None, "/")],
        ),
        (["/"], ["/s"], [Location("/s", "/s/", True, True), Location(None, "/", True)]),
        (["/static", "/metrics", "/q"], [], [Location("/q", "/q/", True), Location(None, "/")]),
        (["/q", "/q/"], ["/q"], [Location("/q", "/q/", True, True), Location(None, "/")]),
        (["/health"], [], [Location(None, "/health/", True), Location(None, "/")]),
    ],
)
def test_what_holds_for_a_path_holds_below_it(
    limited: list[str], streaming: list[str], expected: list[Location]
) -> None:
    assert locations(deployment(rate_limit={"paths": limited}, app={"streaming_paths": streaming})) == expected


@pytest.mark.parametrize("path", ["/", "/health", "/health/", "/query", "/static", "/static/x", "/metrics"])
def test_a_path_of_two_meanings_is_still_a_configuration(path: str) -> None:
    text = conf(
        rate_limit={"paths": [path]},
        app={"streaming_paths": [path]},
        contract={"extends": "shared-state", "ready_path": "/"},
    )
    assert nginx_problems(text) == []
    metrics = path if path != "/" else None
    text = conf(contract={"extends": "shared-state", "ready_path": path, "static_path": path, "metrics_path": metrics})
    assert nginx_problems(text) == []


def test_metrics_are_not_shown_and_probes_are() -> None:
    text = conf()
    for match in (("=", "/metrics"), ("/metrics/",)):
        assert location(text, *match).one("return") == "404"
        assert not location(text, *match).args_of("proxy_pass")
    contract = {"extends": "shared-state", "health_path": "/alive", "ready_path": "/ready", "metrics_path": None}
    text = conf(contract=contract, api_keys={})
    assert "metrics" not in [part for block in server(text).blocks("location") for part in block.args]
    for path in ("/alive", "/ready"):
        probe = location(text, "=", path)
        assert probe.one("proxy_pass") == "http://app"
        assert not probe.blocks("if"), "no key is asked for"
