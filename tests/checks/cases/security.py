"""Rules on who can reach and read what."""

from __future__ import annotations

from tests.checks.cases.sound import OUTSIDE, Case
from tests.rendering.configs import overlaid

CACHE = {"mode": "external", "host": "cache.example.com"}
PROTECTED = {"cache": CACHE | {"password_secret": "CACHE_PASSWORD"}}
BUCKET = {"backup": {"to": "s3://example-backups/search"}}

CASES: tuple[Case, ...] = (
    Case("AID501", "image.tag", "main", "1.4.2", severity="warning", says=("main",)),
    Case(
        "AID501",
        "image.digest",
        None,
        "sha256:" + "ab" * 32,
        {"environments": {"production": {}}},
        severity="warning",
        environment="production",
    ),
    Case(
        "AID502",
        "app.volumes",
        [{"name": "engine", "host_path": "/var/run/docker.sock", "mount": "/var/run/docker.sock"}],
        [{"name": "corpus", "host_path": "/srv/corpus", "mount": "/srv/corpus"}],
        target="compose",
        says=("/var/run/docker.sock",),
    ),
    Case(
        "AID502",
        "app.volumes",
        [{"name": "engine", "host_path": "/run", "mount": "/engine"}],
        [],
        target="compose",
        says=("/run",),
    ),
    Case("AID503", "app.cors_origins", ["*"], ["https://search.example.com"], severity="warning"),
    Case("AID504", "database.tls", "disable", "require", OUTSIDE),
    Case(
        "AID504",
        "database.tls",
        "require",
        "verify-full",
        overlaid(OUTSIDE, {"database": {"ca": "./ca.pem"}}),
        severity="warning",
    ),
    Case(
        "AID505",
        "trusted_proxies",
        ["10.0.0.0/8", "0.0.0.0/1", "2001:db8::/32"],
        ["10.0.0.0/8", "2001:db8::/32"],
        says=("0.0.0.0/1", "2^31", "2^24"),
    ),
    Case("AID505", "trusted_proxies", ["::/0"], ["2400:cb00::/32"], target="compose", says=("2^128",)),
    Case("AID506", "edge.allow", None, ["10.0.0.0/8"], {"rate_limit": None}, severity="warning"),
    Case("AID506", "api_keys", None, {}, {"rate_limit": None}, target="ecs", severity="warning"),
    Case(
        "AID507",
        "edge.csp",
        "default-src 'self'; Script-Src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'",
        "default-src 'self' 'unsafe-inline'; script-src 'self'; style-src 'unsafe-inline'",
        severity="warning",
        says=("script-src lets 'unsafe-inline' 'unsafe-eval' run",),
    ),
    Case("AID507", "edge.csp", "default-src *", "default-src 'none'", severity="warning", says=("default-src lets *",)),
    Case("AID507", "edge.csp", "img-src 'self'", "script-src 'nonce-abc' 'unsafe-inline'", severity="warning"),
    Case(
        "AID508",
        "tls.from",
        "self-signed",
        "files",
        {"environments": {"production": {}}},
        severity="warning",
        says=("production",),
        environment="production",
    ),
    Case(
        "AID508",
        "tls.server",
        "https://acme-staging-v02.api.letsencrypt.org/directory",
        "https://acme-v02.api.letsencrypt.org/directory",
        {"tls": {"from": "letsencrypt", "email": "ops@example.com"}},
        severity="info",
    ),
    Case("AID509", "cache.tls", None, True, PROTECTED, severity="info"),
    Case("AID509", "cache", CACHE, CACHE | {"tls": True, "password_secret": "CACHE_PASSWORD"}, severity="warning"),
    Case("AID510", "api_keys.header", "Cookie", "X-API-Key", says=("Cookie",)),
    Case("AID510", "api_keys.header", "authorization", "X-API-Key", severity="warning", says=("authorization",)),
    Case("AID511", "secrets.names", ["OTHER", "API_KEYS"], ["OTHER"], {"api_keys": {}}, says=("API_KEYS",)),
    Case("AID511", "secrets.names", ["BACKUP_CREDENTIALS"], [], BUCKET, says=("BACKUP_CREDENTIALS",)),
    Case("AID511", "api_keys.secret", "DATABASE_PASSWORD", "API_KEYS", says=("DATABASE_PASSWORD", "database")),
    Case(
        "AID512",
        "app.env",
        {"PYTHONHTTPSVERIFY": "0"},
        {"PYTHONHTTPSVERIFY": "1"},
        severity="warning",
        says=("PYTHONHTTPSVERIFY",),
    ),
    Case("AID512", "targets.compose.env", {"SSL_VERIFY": "False"}, {}, target="compose", severity="warning"),
    Case("AID512", "app.env", {"DEBUG": "True"}, {"DEBUG": "false"}, severity="info", says=("DEBUG",)),
    Case(
        "AID512",
        "targets.k8s.env",
        {"NODE_TLS_REJECT_UNAUTHORIZED": "0"},
        {},
        {"targets": {"helm": {}}},
        target="helm",
        severity="warning",
    ),
    Case("AID513", "app.env", {"SMTP_PASSWORD": "abc4" * 4}, {"EOS_TOKEN": "<|endoftext|>"}, severity="warning"),
    Case(
        "AID514",
        "app.cors_origins",
        ["https://search.example.com", "http://search.example.com"],
        ["https://search.example.com"],
        severity="warning",
        says=("http://search.example.com",),
    ),
    Case("AID514", "app.cors_origins", ["http://localhost:3000"], [], severity="info"),
    Case("AID515", "database.user", "postgres", "aisearch", OUTSIDE, severity="warning", says=("postgres",)),
)
