"""From the edge to the app: connections, addresses, time-outs."""

from __future__ import annotations

from typing import Any

import pytest

from aisearch_deploy.targets.parts.app import command
from tests.targets.parts.edges import CONFIGURED, conf, deployment
from tests.targets.parts.nginx_blocks import http, mapping, proxied, seconds


@CONFIGURED
def test_g9_g12_connections_are_kept_and_the_name_is_resolved_again(config: dict[str, Any]) -> None:
    text = conf(**config)
    (upstream, *_) = http(text).blocks("upstream")
    (server_args,) = upstream.args_of("server")
    assert server_args[:2] == ["app:8000", "resolve"]
    assert upstream.args_of("zone")
    assert int(upstream.one("keepalive")) >= 16
    assert http(text).one("proxy_http_version") == "1.1"
    assert ["/tmp/nginx/resolver.conf"] in http(text).args_of("include")
    assert mapping(text, "$connection_header")[""] == "", "neither close nor keep-alive: nginx keeps it"
    assert {block.one("proxy_pass") for block in proxied(text)} <= {"http://app", "http://acme"}


@pytest.mark.parametrize(
    ("balance", "directives"),
    [
        ("round-robin", {}),
        ("least-connections", {"least_conn": []}),
        ("address-hash", {"hash": ["$binary_remote_addr"]}),
    ],
)
def test_requests_are_balanced_as_the_config_says(balance: str, directives: dict[str, list[str]]) -> None:
    (upstream,) = http(conf(edge={"balance": balance})).blocks("upstream")
    found = {name: args for name, args, _ in upstream.directives if name in ("least_conn", "hash", "ip_hash", "random")}
    assert found == directives


@CONFIGURED
def test_g36_the_inner_side_of_a_connection_outlives_the_outer(config: dict[str, Any]) -> None:
    found = deployment(**config)
    (uvicorn,) = [word for word in command(found) if word.startswith("--timeout-keep-alive=")]
    (upstream, *_) = http(conf(**config)).blocks("upstream")
    assert seconds(upstream.one("keepalive_timeout")) < int(uvicorn.partition("=")[2])


def test_g36_behind_a_cdn_the_edge_outlives_it() -> None:
    """Cloudflare keeps a connection to the origin for up to 900 s."""
    assert seconds(http(conf(cdn="cloudflare")).one("keepalive_timeout")) > 900


def test_a_post_that_was_sent_is_never_sent_again() -> None:
    for block in proxied(conf()):
        assert block.effective("proxy_next_upstream") == [["error", "timeout"]], "no non_idempotent"
