"""What the edge's nginx.conf says, read back as nginx would read it. Behaviour is in tests/e2e/edge."""

from __future__ import annotations

from typing import Any

from aisearch_deploy.targets.parts.edge import (
    answer_headers,
    script_names,
)
from tests.targets.parts.edges import CONFIGURED, conf, deployment, edge_files, nginx_problems
from tests.targets.parts.nginx_blocks import Block, http, mapping, proxied
from tests.validators import shell

FULL_SET = {
    "Host": "$host",
    "X-Real-IP": "$remote_addr",
    "X-Forwarded-For": "$remote_addr",
    "X-Forwarded-Host": "$host",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Port": "443",
    "X-Request-ID": "$request_tag",
    "Upgrade": "$upgrade",
    "Connection": "$connection_header",
    "Accept-Encoding": "",
    "Forwarded": "",
    "Proxy": "",
}


@CONFIGURED
def test_nginx_crossplane_and_gixy_accept_it(config: dict[str, Any]) -> None:
    assert nginx_problems(conf(**config)) == []


def test_they_refuse_it_one_edit_away() -> None:
    text = conf()
    for old, new in (("keepalive 64;", "keepalive many;"), ("location /query/", "location = /query")):
        assert old in text
        assert nginx_problems(text.replace(old, new)), new


@CONFIGURED
def test_the_scripts_pass_shellcheck_and_shfmt(config: dict[str, Any]) -> None:
    files = edge_files(deployment(**config))
    scripts = {name: text for name, text in files.items() if name.endswith(".sh")}
    assert scripts.keys() == set(script_names(deployment(**config)))
    assert [problem for text in scripts.values() for problem in shell.problems(text)] == []


def test_only_the_scripts_that_have_something_to_do() -> None:
    assert script_names(deployment(tls={"from": "platform"})) == ("10-resolver.sh",)
    assert script_names(deployment()) == ("10-resolver.sh", "20-certificate.sh", "40-reload.sh")
    assert script_names(deployment(tls={"from": "platform"}, api_keys={})) == (
        "10-resolver.sh",
        "30-api-keys.sh",
        "40-reload.sh",
    )


def locations_without_the_full_set(text: str, expected: dict[str, str]) -> list[str]:
    return [block.where for block in proxied(text) if dict(block.effective("proxy_set_header")) != expected]


@CONFIGURED
def test_g6_every_location_that_proxies_sets_the_full_set(config: dict[str, Any]) -> None:
    keys = deployment(**config).config.api_keys
    caller = {keys.header: "", "X-API-Client": "$api_client"} if keys else {"X-API-Client": ""}
    text = conf(**config)
    assert len(proxied(text)) >= 4
    assert locations_without_the_full_set(text, FULL_SET | caller) == []


def test_g6_the_guides_mistake_would_be_seen() -> None:
    guide = conf().replace("location = /query {", "location = /query {\n      proxy_set_header Host $host;")
    assert [
        where.split(" > ")[-1] for where in locations_without_the_full_set(guide, FULL_SET | {"X-API-Client": ""})
    ] == ["location = /query"]


def test_the_port_that_clients_use_is_passed_on_and_redirected_to() -> None:
    text = edge_files(deployment(), https_port=8443)["nginx.conf"]
    assert ["X-Forwarded-Port", "8443"] in http(text).args_of("proxy_set_header")
    assert ":8443" in {
        directive.args[-1] for block in Block.of(text).walk() for directive in block.directives if directive.args
    }
    assert "public_port" not in conf()


def blocks_without_the_headers(text: str, expected: dict[str, str]) -> list[str]:
    missing = []
    for block in Block.of(text).walk():
        if block.name in ("server", "location", "if"):
            found = {args[0]: args[1] for args in block.effective("add_header") if args[-1] == "always"}
            if not expected.items() <= found.items():
                missing.append(block.where)
    return missing


@CONFIGURED
def test_g7_g11_g32_every_block_answers_with_the_full_header_set(config: dict[str, Any]) -> None:
    found = deployment(**config)
    expected = answer_headers(found) | {"Strict-Transport-Security": "$hsts", "X-Request-ID": "$request_tag"}
    assert {
        "Content-Security-Policy",
        "Cross-Origin-Embedder-Policy",
        "Cross-Origin-Opener-Policy",
        "Cross-Origin-Resource-Policy",
        "Permissions-Policy",
        "Referrer-Policy",
        "X-Content-Type-Options",
        "X-Frame-Options",
        "X-Permitted-Cross-Domain-Policies",
        "X-XSS-Protection",
    } <= expected.keys()
    assert expected["X-XSS-Protection"] == "0"
    assert blocks_without_the_headers(conf(**config), expected) == []


def test_g7_the_guides_mistake_would_be_seen() -> None:
    guide = conf().replace("location /static/ {", "location /static/ {\n      add_header Cache-Control public;")
    assert [where.split(" > ")[-1] for where in blocks_without_the_headers(guide, answer_headers(deployment()))] == [
        "location /static/"
    ]


@CONFIGURED
def test_g7_what_the_app_says_in_the_same_headers_is_hidden(config: dict[str, Any]) -> None:
    ours = {*answer_headers(deployment(**config)), "Strict-Transport-Security", "X-Request-ID"}
    for block in proxied(conf(**config)):
        assert ours <= {args[0] for args in block.effective("proxy_hide_header")}, block.where


def test_g32_hsts_covers_subdomains_and_lasts_as_the_config_says_over_https_only() -> None:
    assert mapping(conf(), "$hsts") == {"on": "max-age=63072000; includeSubDomains"}
    assert mapping(conf(edge={"hsts": "1h"}), "$hsts") == {"on": "max-age=3600; includeSubDomains"}


def test_g32_the_content_policy_is_the_configs() -> None:
    policy = "default-src 'none'; script-src 'self' https://cdn.example.com"
    assert ["Content-Security-Policy", policy, "always"] in http(conf(edge={"csp": policy})).args_of("add_header")


def test_headers_of_the_config_replace_ours_whatever_their_case() -> None:
    headers = answer_headers(
        deployment(edge={"extra_headers": {"referrer-policy": "same-origin", "X-Robots-Tag": "none"}})
    )
    assert "Referrer-Policy" not in headers
    assert headers["referrer-policy"] == "same-origin"
    assert headers["X-Robots-Tag"] == "none"


def test_no_version_is_told() -> None:
    assert http(conf()).one("server_tokens") == "off"
