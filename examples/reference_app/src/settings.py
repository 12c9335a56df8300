"""Everything the app is told, read once from the environment and from files with secrets."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


class Missing(Exception):
    """Something the app cannot start without."""


@dataclass(frozen=True)
class Settings:
    """Times are in seconds, sizes in MiB."""

    contract: str
    database_url: str
    pool_size: int
    max_overflow: int
    auto_migrate: bool
    redis_url: str
    cache_ttl: int
    api_keys: str
    api_key_header: str
    upstream_url: str
    upstream_key: str
    cors_origins: list[str]
    log_level: str
    log_format: str
    log_file: str
    metrics_enabled: bool
    stream_gap: float
    stream_number: int
    data: Path
    uploads: Path
    start_delay: float
    hold_memory: int
    broken: str


def read() -> Settings:
    """The settings as they are now. Missing: what has no default is not there."""
    contract = os.environ.get("CONTRACT", "shared-state")
    if contract not in ("shared-state", "local-state"):
        raise Missing(f"CONTRACT is {contract!r}: shared-state or local-state")
    database_url = secret("DATABASE_URL")
    if contract == "shared-state" and not database_url:
        raise Missing("DATABASE_URL is not set. Without a database: CONTRACT=local-state")
    return Settings(
        contract=contract,
        database_url=database_url,
        pool_size=_number("DATABASE_POOL_SIZE", 20),
        max_overflow=_number("DATABASE_MAX_OVERFLOW", 10),
        auto_migrate=_switch("AUTO_MIGRATE", True),
        redis_url=secret("REDIS_URL"),
        cache_ttl=_number("CACHE_TTL", 3600),
        api_keys=secret("APP_API_KEYS"),
        api_key_header=os.environ.get("API_KEY_HEADER", "X-API-Key"),
        upstream_url=os.environ.get("UPSTREAM_URL", ""),
        upstream_key=secret("DASHSCOPE_API_KEY"),
        cors_origins=[origin for origin in os.environ.get("CORS_ORIGINS", "").split(",") if origin],
        log_level=os.environ.get("LOG_LEVEL", "INFO").upper(),
        log_format=os.environ.get("LOG_FORMAT", "json"),
        log_file=os.environ.get("LOG_FILE", ""),
        metrics_enabled=_switch("METRICS_ENABLED", True),
        stream_gap=float(os.environ.get("STREAM_GAP", "0.1")),
        stream_number=_number("STREAM_NUMBER", 10),
        data=Path(os.environ.get("DATA_PATH", "data")),
        uploads=Path(os.environ.get("UPLOADS_PATH", "src/web/uploads")),
        start_delay=float(os.environ.get("START_DELAY", "0")),
        hold_memory=_number("HOLD_MEMORY", 0),
        broken=os.environ.get("BROKEN", ""),
    )


def secret(name: str) -> str:
    """From wherever the deployment put it: NAME, the file that NAME_FILE names, or the file /run/secrets/NAME."""
    if name in os.environ:
        return os.environ[name]
    folder = Path(os.environ.get("SECRETS_PATH", "/run/secrets"))
    file = Path(os.environ.get(f"{name}_FILE") or folder / name)
    return file.read_text().rstrip("\r\n") if file.is_file() else ""


def _number(name: str, default: int) -> int:
    return int(os.environ.get(name) or default)


def _switch(name: str, default: bool) -> bool:
    return {"true": True, "false": False}.get(os.environ.get(name, "").lower(), default)
