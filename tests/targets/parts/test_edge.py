"""What the edge's nginx.conf says, read back as nginx would read it. Behaviour is in tests/e2e/edge."""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import Any

import pytest

from aisearch_deploy.targets.parts.app import command, environment
from aisearch_deploy.targets.parts.edge import (
    CLOUDFLARE,
    Location,
    answer_headers,
    edge_temporary_bytes,
    locations,
    script_names,
    worker_processes,
)
from tests.targets.parts.edges import deployment, edge_files
from tests.targets.parts.nginx_blocks import Block, http, location, mapping, proxied, server
from tests.validators import nginx, shell

CONFIGS: dict[str, dict[str, Any]] = {
    "default": {},
    "keys": {"api_keys": {"header": "Authorization", "secret": "CALLERS"}},
    "letsencrypt": {"tls": {"from": "letsencrypt", "email": "ops@example.com"}},
    "files": {"tls": {"from": "files", "path": "/etc/ai-search/tls"}},
    "platform": {"tls": {"from": "platform"}, "api_keys": {}},
    "everything": {
        "preset": "large",
        "domains": [f"{'x' * 60}.{number}.example.com" for number in range(9)],
        "api_keys": {},
        "rate_limit": {"requests": 5, "per": "second", "burst": 0, "paths": ["/", "/query/", "/chat"]},
        "trusted_proxies": ["10.0.0.0/8", "fd00::/8"],
        "cdn": "cloudflare",
        "network": {"ipv6": True},
        "logs": {"format": "text", "level": "DEBUG"},
        "edge": {
            "balance": "address-hash",
            "allow": ["10.0.0.0/8", "2001:db8::/32"],
            "brotli": True,
            "image": "registry.example.com/nginx-brotli:1.30",
            "extra_headers": {"X-Robots-Tag": "noindex; \"quoted\" {braces} \\ 'single' #"},
        },
    },
    "least": {"rate_limit": None, "contract": "local-state", "edge": {"balance": "round-robin"}},
}
CONFIGURED = pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)

SIX_SUITES = {
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-CHACHA20-POLY1305",
}
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


def conf(**config: Any) -> str:
    return edge_files(deployment(**config))["nginx.conf"]


def seconds(text: str) -> int:
    assert text.endswith("s")
    return int(text[:-1])


def nginx_problems(text: str) -> list[str]:
    files = {
        nginx.MAIN: text,
        "/tmp/nginx/resolver.conf": "resolver 127.0.0.11 valid=5s;\n",
        "/tmp/nginx/api-keys.conf": 'map $http_x_api_key $api_client {\n  "~^\\Q0123456789abcdef\\E\\z" a;\n}\n',
    }
    # Unbuffered is what streaming paths are meant to be (G10).
    return [line for line in nginx.problems(files) if "proxy_buffering_off" not in line]


@CONFIGURED
def test_nginx_crossplane_and_gixy_accept_it(config: dict[str, Any]) -> None:
    assert nginx_problems(conf(**config)) == []


def test_they_refuse_it_one_edit_away() -> None:
    text = conf()
    for old, new in (("keepalive 16;", "keepalive sixteen;"), ("location /query/", "location = /query")):
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


# What the app is told


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


# What answers carry


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


# TLS and names


@pytest.mark.parametrize("name", [name for name in CONFIGS if name != "platform"])
def test_g11_tls_is_mozillas_intermediate(name: str) -> None:
    found = server(conf(**CONFIGS[name]))
    assert found.effective("ssl_protocols") == [["TLSv1.2", "TLSv1.3"]]
    assert set(found.one("ssl_ciphers").split(":")) == SIX_SUITES
    assert found.one("ssl_ecdh_curve").split(":") == ["?X25519MLKEM768", "X25519", "prime256v1", "secp384r1"]
    assert found.one("ssl_prefer_server_ciphers") == "off"
    assert found.one("ssl_session_tickets") == "off"


def test_g11_http_2_is_a_directive_of_its_own() -> None:
    for found in http(conf()).blocks("server"):
        listens = found.args_of("listen")
        assert not [args for args in listens if "http2" in args]
        if any("ssl" in args for args in listens):
            assert found.one("http2") == "on"


@pytest.mark.parametrize("ipv6", [True, False])
def test_it_listens_above_1024_and_on_ipv6_when_asked(ipv6: bool) -> None:
    addresses = {
        args[0] for found in http(conf(network={"ipv6": ipv6})).blocks("server") for args in found.args_of("listen")
    }
    ports = {"8080", "8081", "8443"}
    assert addresses == (ports | {f"[::]:{port}" for port in ports} if ipv6 else ports)


def test_unknown_names_meet_a_default_server_that_gives_nothing() -> None:
    servers = {
        args[0]: found
        for found in http(conf()).blocks("server")
        for args in found.args_of("listen")
        if "default_server" in args
    }
    assert servers["8080"].one("return") == "444"
    assert servers["8443"].one("ssl_reject_handshake") == "on"
    assert not servers["8443"].args_of("ssl_certificate")


def test_challenges_are_files_or_asked_of_a_service() -> None:
    tls = {"from": "letsencrypt", "email": "ops@example.com"}
    redirecting = http(conf(tls=tls)).blocks("server")[-2]
    (challenge, _) = redirecting.blocks("location")
    assert challenge.args == ["/.well-known/acme-challenge/"]
    assert challenge.one("root") == "/acme"
    text = edge_files(deployment(tls=tls), acme_service="acme:8080")["nginx.conf"]
    assert ["acme:8080", "resolve"] in http(text).blocks("upstream")[1].args_of("server")
    assert http(text).blocks("server")[-2].blocks("location")[0].one("proxy_pass") == "http://acme"
    assert "acme" not in conf(tls={"from": "self-signed"})


def test_a_certificate_of_files_is_never_replaced_by_a_self_signed_one() -> None:
    assert "WITHOUT_FILES=refuse" in edge_files(deployment(**CONFIGS["files"]))["20-certificate.sh"]
    assert "WITHOUT_FILES=self-signed" in edge_files(deployment(**CONFIGS["letsencrypt"]))["20-certificate.sh"]


# The app's replicas


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


# Paths


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
    text = conf(contract={"extends": "shared-state", "ready_path": path, "static_path": path, "metrics_path": path})
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


# Callers


def limited_paths(text: str) -> list[list[str]]:
    return [block.args for block in server(text).blocks("location") if block.effective("limit_req")]


def test_g11_g34_one_limit_at_the_edge_with_429_and_probes_exempt() -> None:
    text = conf(rate_limit={"paths": ["/query", "/upload"]})
    assert http(text).args_of("limit_req_zone") == [["$limit_key", "zone=callers:10m", "rate=30r/m"]]
    assert http(text).one("limit_req_status") == "429"
    assert limited_paths(text) == [["=", "/upload"], ["/upload/"], ["=", "/query"], ["/query/"]]
    assert location(text, "=", "/query").args_of("limit_req") == [["zone=callers", "burst=10", "nodelay"]]
    assert mapping(text, "$limit_key") == {"default": "$address", "OPTIONS": ""}
    assert mapping(text, "$retry_after") == {"REJECTED": "2"}
    assert environment(deployment(), "cache", {})["RATE_LIMIT_ENABLED"] == "false"


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
    assert ["($outsider)"] in [block.args for block in server(text).blocks("if")] or ["(", "$outsider", ")"] in [
        block.args for block in server(text).blocks("if")
    ]
    assert "outsider" not in conf()


# Sizes and logs


@pytest.mark.parametrize(("limit", "body"), [("100Mi", "102464k"), ("1Mi", "1088k")])
def test_the_largest_upload_fits_with_its_form_around_it(limit: str, body: str) -> None:
    found = deployment(app={"upload_limit": limit})
    assert http(conf(app={"upload_limit": limit})).one("client_max_body_size") == body
    assert edge_temporary_bytes(found) > 4 * found.config.app.upload_limit


@pytest.mark.parametrize(
    ("preset", "peak", "workers"), [("small", "5/s", 2), ("large", "250/s", 2), ("large", "1000/s", 5)]
)
def test_workers_follow_the_load_not_the_machine(preset: str, peak: str, workers: int) -> None:
    config = {"preset": preset, "load": {"peak_requests": peak, "streams": 20}}
    assert worker_processes(deployment(**config)) == workers
    assert Block.of(conf(**config)).one("worker_processes") == str(workers)


def test_connections_are_those_of_the_formula() -> None:
    found = deployment(preset="large", load={"peak_requests": "100/s", "streams": 2000})
    text = conf(preset="large", load={"peak_requests": "100/s", "streams": 2000})
    connections = int(Block.of(text).blocks("events")[0].one("worker_connections"))
    assert connections == found.sizes.edge_connections == 8400
    assert int(Block.of(text).one("worker_rlimit_nofile")) >= 2 * connections


@CONFIGURED
def test_all_that_it_writes_is_below_tmp(config: dict[str, Any]) -> None:
    text = conf(**config)
    for name in ("body", "proxy", "fastcgi", "uwsgi", "scgi"):
        directive = "client_body_temp_path" if name == "body" else f"{name}_temp_path"
        assert http(text).one(directive) == f"/tmp/nginx/{name}"
    assert http(text).one("proxy_cache_path").startswith("/tmp/")
    assert Block.of(text).one("pid").startswith("/tmp/")
    assert Block.of(text).args_of("error_log")[0][0] == "stderr"
    assert http(text).effective("access_log") == [["/dev/stdout", "edge"]]


@pytest.mark.parametrize("form", ["json", "text"])
def test_what_is_logged_has_no_query(form: str) -> None:
    words = "".join(http(conf(logs={"format": form}, api_keys={})).args_of("log_format")[0])
    variables = set(re.findall(r"\$(\w+)", words))
    assert {"remote_addr", "request_method", "request_path", "status", "request_tag", "api_client"} <= variables
    assert not variables & {"request", "request_uri", "uri", "args", "query_string", "http_referer", "is_args"}
    assert words.startswith("edgeescape=json{") is (form == "json")


@pytest.mark.parametrize(
    ("level", "said"), [("DEBUG", "info"), ("INFO", "error"), ("WARNING", "error"), ("ERROR", "crit")]
)
def test_how_much_goes_to_the_error_log(level: str, said: str) -> None:
    assert Block.of(conf(logs={"level": level})).args_of("error_log") == [["stderr", said]]


def test_compression_is_for_text_and_brotli_is_loaded_when_asked() -> None:
    text = conf(edge={"brotli": True, "image": "registry.example.com/nginx-brotli:1.30"})
    assert Block.of(text).one("load_module") == "modules/ngx_http_brotli_filter_module.so"
    assert http(text).one("brotli") == "on"
    assert http(text).args_of("brotli_types") == http(text).args_of("gzip_types")
    assert "text/event-stream" not in http(text).args_of("gzip_types")[0]
    assert "brotli" not in conf()
