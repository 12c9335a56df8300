"""Who may call, and how often."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest

from aisearch_deploy.targets.parts.app import environment
from aisearch_deploy.targets.parts.edge import (
    CLOUDFLARE,
)
from tests.targets.parts.edges import conf, deployment, edge_files
from tests.targets.parts.nginx_blocks import http, location, mapping, server


def limited_paths(text: str) -> list[list[str]]:
    return [block.args for block in server(text).blocks("location") if block.effective("limit_req")]


def test_g11_g34_one_limit_at_the_edge_with_429_and_probes_exempt() -> None:
    text = conf(rate_limit={"paths": ["/query", "/upload"]})
    assert http(text).args_of("limit_req_zone") == [["$limit_key", "zone=callers:10m", "rate=30r/m"]]
    assert http(text).one("limit_req_status") == "429"
    assert limited_paths(text) == [["=", "/upload"], ["/upload/"], ["=", "/query"], ["/query/"]]
    assert location(text, "=", "/query").args_of("limit_req") == [["zone=callers", "burst=10", "nodelay"]]
    assert mapping(text, "$limit_key") == {"default": "$binary_remote_addr", "OPTIONS": ""}
    assert mapping(text, "$retry_after") == {"REJECTED": "2"}
    assert environment(deployment(), "cache", {})["RATE_LIMIT_ENABLED"] == "false"


@pytest.mark.parametrize(
    "more", [{"network": {"ipv6": True}}, {"trusted_proxies": ["10.0.0.0/8"]}, {"cdn": "cloudflare"}]
)
def test_ipv6_addresses_count_by_their_network_wherever_one_may_be_seen(more: dict[str, Any]) -> None:
    text = conf(**more)
    assert mapping(text, "$limit_key")["default"] == "$address"
    assert mapping(text, "$address")["default"] == "$binary_remote_addr"


def test_limits_count_per_key_where_there_are_keys() -> None:
    assert mapping(conf(api_keys={}), "$limit_key")["default"] == "$api_client"


def test_other_rates_and_no_burst() -> None:
    text = conf(rate_limit={"requests": 5, "per": "second", "burst": 0})
    assert http(text).args_of("limit_req_zone")[0][2] == "rate=5r/s"
    assert location(text, "=", "/query").args_of("limit_req") == [["zone=callers"]], "burst=0 is an error to nginx"


def test_no_limit_leaves_nothing_behind() -> None:
    assert "limit_req_" not in conf(rate_limit=None, logs={"format": "text"})
    assert limited_paths(conf(rate_limit=None)) == []


def test_every_path_but_probes_and_static_files_wants_the_key() -> None:
    text = conf(api_keys={})
    open_paths = [block.args for block in server(text).blocks("location") if not block.blocks("if")]
    assert open_paths == [["@error"], ["=", "/health"], ["=", "/metrics"], ["/metrics/"], ["/static/"]]


def test_the_key_stays_here_and_its_name_goes_on() -> None:
    text = conf(api_keys={"header": "X-Search-Key"})
    assert ["X-Search-Key", ""] in http(text).args_of("proxy_set_header")
    script = edge_files(deployment(api_keys={"header": "X-Search-Key", "secret": "CALLERS"}))["30-api-keys.sh"]
    assert "HEADER=X-Search-Key\nSECRET=CALLERS\n" in script


@pytest.mark.parametrize(
    ("config", "header", "networks"),
    [
        ({}, None, []),
        ({"trusted_proxies": ["10.0.0.0/8"]}, "X-Forwarded-For", ["10.0.0.0/8"]),
        ({"cdn": "cloudflare"}, "CF-Connecting-IP", list(CLOUDFLARE)),
        # Behind a load balancer CF-Connecting-IP could come from anybody who reaches that: the chain is walked.
        ({"cdn": "cloudflare", "trusted_proxies": ["10.0.0.0/8"]}, "X-Forwarded-For", ["10.0.0.0/8", *CLOUDFLARE]),
    ],
)
def test_whose_word_on_the_address_counts(config: dict[str, Any], header: str | None, networks: list[str]) -> None:
    found = http(conf(**config))
    assert [args[0] for args in found.args_of("set_real_ip_from")] == networks
    assert found.args_of("real_ip_header") == ([[header]] if header else [])
    assert found.args_of("real_ip_recursive") == ([["on"]] if header else [])


def test_cloudflares_networks_are_networks_without_overlap() -> None:
    networks = [ip_network(text) for text in CLOUDFLARE]
    assert (sum(one.version == 4 for one in networks), sum(one.version == 6 for one in networks)) == (15, 7)
    assert not [
        (one, other)
        for one in networks
        for other in networks
        if one is not other and one.version == other.version and one.overlaps(other)  # type: ignore[arg-type]
    ]


def test_only_the_allowed_networks_come_in() -> None:
    text = conf(edge={"allow": ["10.0.0.0/8", "2001:db8::/32"]})
    (outsider,) = http(text).blocks("geo")
    assert [(name, *args) for name, args, _ in outsider.directives] == [
        ("default", "1"),
        ("10.0.0.0/8", ""),
        ("2001:db8::/32", ""),
    ]
    (refusal, _) = server(text).blocks("if")
    assert (refusal.args, refusal.one("return")) == (["($outsider)"], "403")
    assert "outsider" not in conf()
