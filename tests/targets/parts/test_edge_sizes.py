"""Sizes, and what is logged."""

from __future__ import annotations

import re
from typing import Any

import pytest

from aisearch_deploy.targets.parts.edge import (
    edge_temporary_bytes,
    worker_processes,
)
from tests.targets.parts.edges import CONFIGURED, conf, deployment
from tests.targets.parts.nginx_blocks import Block, http


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
    assert http(text).effective("access_log") == [["/dev/stdout", "edge", "buffer=4k", "flush=1s"]]


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
    assert Block.of(text).one("load_module") == "/usr/lib/nginx/modules/ngx_http_brotli_filter_module.so"
    assert http(text).one("brotli") == "on"
    assert http(text).args_of("brotli_types") == http(text).args_of("gzip_types")
    assert "text/event-stream" not in http(text).args_of("gzip_types")[0]
    assert "brotli" not in conf()
