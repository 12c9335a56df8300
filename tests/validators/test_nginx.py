"""The nginx wrapper: nginx, crossplane and Gixy each refuse what is theirs."""

from __future__ import annotations

import pytest

from tests.validators import nginx

GOOD = """\
user nginx;
worker_processes auto;
worker_rlimit_nofile 4096;
pid /tmp/nginx.pid;
error_log /dev/stderr warn;

events {
  worker_connections 1024;
}

http {
  include /etc/nginx/mime.types;
  server_tokens off;
  access_log /dev/stdout;
  resolver 127.0.0.11 valid=10s;
  proxy_cache_path /var/cache/nginx/static keys_zone=static:1m;
  brotli on;

  upstream app {
    zone app 64k;
    least_conn;
    server app:8000 resolve;
    keepalive 16;
  }

  server {
    listen 443 ssl;
    http2 on;
    server_name search.example.com;
    ssl_certificate /certificates/tls.crt;
    ssl_certificate_key /run/secrets/tls_key;
    ssl_ecdh_curve ?X25519MLKEM768:X25519:prime256v1;
    include conf.d/*.conf;
  }
}
"""
LOCATION = """\
location /var/ {
  proxy_set_header Host $host;
  proxy_pass http://app;
}
"""


def problems(text: str = GOOD, location: str = LOCATION) -> list[str]:
    return nginx.problems({nginx.MAIN: text, "/etc/nginx/conf.d/app.conf": location})


def test_accepts_a_good_configuration() -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("edit", "complaint"),
    [
        (("least_conn", "leest_conn"), 'unknown directive "leest_conn"'),
        (("keepalive 16;", "keepalive 16"), "crossplane"),
        ((" resolve;", ";"), "host not found in upstream"),
        (("server_tokens off", "server_tokens on"), "gixy"),
        (("  brotli on;\n", "  brotli on\n"), 'unknown directive "brotli"'),
        (("?X25519MLKEM768", "X25519MLKEM769"), "X25519MLKEM769"),
        (("server_name search", "listen 443 ssl;\n    server_name search"), "duplicate listen"),
        (("/etc/nginx/mime.types", "/etc/nginx/mime.type"), "No such file"),
        (("    ssl_certificate /certificates/tls.crt;\n", ""), 'no "ssl_certificate" is defined'),
    ],
)
def test_refuses_one_edit_away(edit, complaint) -> None:
    assert edit[0] in GOOD
    found = problems(GOOD.replace(*edit))
    assert any(complaint in line for line in found), found


def test_an_included_file_is_checked_too() -> None:
    found = problems(location=LOCATION.replace("http://app", "http://ap"))
    assert any('host not found in upstream "ap"' in line for line in found), found


def test_paths_are_told_as_in_the_container() -> None:
    found = problems(GOOD.replace("least_conn", "leest_conn"))
    assert any("/etc/nginx/nginx.conf:21" in line for line in found), found
    assert not any("/tmp/nginx" in line for line in found), found


def test_a_warning_is_a_problem() -> None:
    found = problems(GOOD.replace("listen 443 ssl;\n    http2 on;", "listen 443 ssl http2;"))
    assert any("[warn]" in line and "deprecated" in line for line in found), found


def test_the_main_file_must_be_there() -> None:
    assert nginx.problems({"/etc/nginx/other.conf": ""}) == ["/etc/nginx/nginx.conf is not among the files"]


def test_a_folder_becomes_the_files_of_a_container(tmp_path) -> None:
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "nginx.conf").write_text(GOOD)
    (tmp_path / "conf.d" / "app.conf").write_text(LOCATION)
    assert nginx.folder_files(tmp_path) == {nginx.MAIN: GOOD, "/etc/nginx/conf.d/app.conf": LOCATION}
