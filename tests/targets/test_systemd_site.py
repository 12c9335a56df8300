"""nginx's site of the goldens, inside the distribution's nginx.conf."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.rendering.alternatives import API_KEYS, STANDARD
from tests.rendering.configs import overlaid, rendered_from
from tests.targets.systemd_folders import FOLDERS, NAME, folder_id, name_of
from tests.validators import nginx

if TYPE_CHECKING:
    from pathlib import Path

# Debian 13's /etc/nginx/nginx.conf, without its comments.
DEBIAN = """\
user www-data;
worker_processes auto;
worker_cpu_affinity auto;
pid /run/nginx.pid;
error_log /var/log/nginx/error.log;
include /etc/nginx/modules-enabled/*.conf;
events {
  worker_connections 768;
}
http {
  sendfile on;
  tcp_nopush on;
  types_hash_max_size 2048;
  server_tokens off;
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  ssl_protocols TLSv1.2 TLSv1.3;
  ssl_prefer_server_ciphers off;
  access_log /var/log/nginx/access.log;
  gzip on;
  include /etc/nginx/conf.d/*.conf;
  include /etc/nginx/sites-enabled/*;
}
"""
PLACES = {
    "site.conf": "/etc/nginx/sites-enabled/{name}.conf",
    "common.conf": "/etc/nginx/snippets/{name}.conf",
    "main.conf": "/etc/nginx/modules-enabled/90-{name}.conf",
}
# What edge.sh writes on the server.
KEYS = 'map $http_x_api_key $api_client {\n  default "";\n}\n'
# Answers stream token by token; a buffer would hold them back.
STREAMS = "proxy_buffering_off"


def problems(site: dict[str, str], name: str = NAME) -> list[str]:
    files = {nginx.MAIN: DEBIAN, f"/etc/{name}/edge/api-keys.conf": KEYS}
    files |= {place.format(name=name): site[file] for file, place in PLACES.items()}
    return [line for line in nginx.problems(files) if STREAMS not in line]


def golden(folder: Path) -> dict[str, str]:
    return {name: (folder / "nginx" / name).read_text() for name in PLACES}


def site(changes: dict[str, Any]) -> dict[str, str]:
    files = rendered_from(overlaid(STANDARD, changes), "systemd")
    return {name: files[f"nginx/{name}"].decode() for name in PLACES}


@pytest.mark.parametrize("folder", FOLDERS, ids=folder_id)
def test_nginx_takes_the_site(folder: Path) -> None:
    assert problems(golden(folder), name_of(folder)) == []


@pytest.mark.parametrize(
    "changes",
    [
        API_KEYS,
        {"tls": {"from": "platform"}},
        {"tls": {"from": "self-signed"}},
        {"network": {"ipv6": True}},
        {"edge": {"allow": ["10.0.0.0/8", "2001:db8::/32"]}},
        {"rate_limit": None},
        {"cdn": "cloudflare"},
        {"logs": {"format": "text"}},
        {"targets": {"systemd": {"http_port": 8080, "https_port": 8443}}},
    ],
    ids=str,
)
def test_nginx_takes_what_the_goldens_do_not_show(changes: dict[str, Any]) -> None:
    assert problems(site(changes)) == []


@pytest.mark.parametrize(
    ("name", "edit", "complaint"),
    [
        ("site.conf", ("http2 on;", "http2 yes;"), 'invalid value "yes"'),
        ("site.conf", ("upstream app {", "upstream ap {"), "host not found"),
        ("site.conf", ("  ssl_certificate ", "  ssl_certificates "), "unknown directive"),
        ("common.conf", ("limit_req_status 429", "limit_req_status 1429"), "value must be"),
        ("common.conf", ("server_tokens off", "server_tokens on"), "gixy"),
        ("main.conf", ("worker_shutdown_timeout", "worker_shutdown_timeouts"), "unknown directive"),
    ],
)
def test_refuses_one_edit_away(name: str, edit: tuple[str, str], complaint: str) -> None:
    good = golden(next(folder for folder in FOLDERS if folder_id(folder) == "repaired-base"))
    assert edit[0] in good[name]
    found = problems({**good, name: good[name].replace(*edit)})
    assert any(complaint in line for line in found), found


def test_a_request_waits_for_as_long_as_a_restart_takes() -> None:
    """Stop 30 s + 5 s, start 60 s, and then the longest request of 120 s with its margin of 10 s."""
    assert "proxy_read_timeout 225s;\n" in site({})["common.conf"]


def test_no_connection_to_the_app_is_kept_for_a_restart_to_close() -> None:
    text = site({})["site.conf"]
    assert 'default upgrade;\n  "" close;' in text
    assert "keepalive" not in text.replace("keepalive_timeout", "").partition("upstream app")[2].partition("}")[0]


def test_metrics_are_for_this_machine_alone() -> None:
    text = site({})["site.conf"]
    local = text[text.index("listen 127.0.0.1:8000;") :].partition("\nserver {")[0]
    assert "location = /metrics {\n    proxy_pass" in local
    assert "location = /metrics {\n    return 404;" in text
    assert "/metrics" not in site({"monitoring": {"metrics": False}})["site.conf"].partition("default_server")[0]
