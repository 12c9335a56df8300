"""The ASGI app: `uvicorn src.web.app:app`."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException, Request
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles

from src import VERSION, knobs, logs, metrics
from src.opening import open_services
from src.settings import Settings, read
from src.store import Store, Unavailable
from src.web.observed import Observed
from src.web.routes import Opened, router

log = logging.getLogger(__name__)
HERE = Path(__file__).parent
RETRY = 2.0  # seconds between attempts to migrate while the database is away

settings: Settings = read()
logs.configure(settings.log_level, settings.log_format, settings.log_file)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open everything, serve, and close it again: uvicorn leaves this once the last answer is sent."""
    await knobs.turn(settings)
    app.state.services = services = open_services(settings)
    migration = asyncio.create_task(migrated(services.store)) if settings.auto_migrate else None
    if migration:
        # Most often the database is there: then the first request already finds its tables.
        await asyncio.wait([migration], timeout=5)
    log.info("started", extra={"fields": {"version": VERSION, "contract": settings.contract}})
    yield
    if migration:
        migration.cancel()
    await services.close()
    log.info("stopped")


async def migrated(store: Store) -> None:
    """Returns when the tables are there. Until then the app is alive, and not ready."""
    while True:
        try:
            for name in await store.migrate():
                log.info("migrated", extra={"fields": {"migration": name}})
            return
        except Unavailable as error:
            log.warning("no database yet: %s", error)
            await asyncio.sleep(RETRY)


# No pages of documentation: they load scripts from elsewhere, which the edge's policy forbids. /openapi.json stays.
app = FastAPI(title="Reference search service", version=VERSION, lifespan=lifespan, docs_url=None, redoc_url=None)
app.include_router(router)
app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
app.add_middleware(
    CORSMiddleware,
    allow_origins=settings.cors_origins,
    allow_credentials="*" not in settings.cors_origins,
    allow_methods=["GET", "POST"],
    allow_headers=["Content-Type", settings.api_key_header, "X-Request-ID"],
    expose_headers=["X-Request-ID", "X-Cache"],
)
app.add_middleware(Observed)


@app.exception_handler(Unavailable)
async def unavailable(_: Request, error: Unavailable) -> Response:
    """The database is away: not the caller's fault, and not for ever."""
    log.error("the database does not answer: %s", error)
    return JSONResponse({"detail": "the database does not answer"}, 503, {"Retry-After": "1"})


@app.get("/", include_in_schema=False)
async def page() -> Response:
    """A page to search with."""
    return FileResponse(HERE / "index.html")


@app.get("/health")
async def health() -> dict[str, Any]:
    """Alive. Says nothing about the database: restarting the app does not bring one back."""
    if settings.broken == "health":
        raise HTTPException(500, "BROKEN=health")
    return {"status": "healthy", "version": VERSION, "process": os.getpid()}


@app.get("/ready")
async def ready(opened: Opened) -> dict[str, str]:
    """Can answer questions now."""
    await opened.store.ready()
    return {"status": "ready"}


@app.get("/metrics")
async def metrics_page() -> Response:
    """Prometheus metrics of all workers. The edge does not show them to the outside."""
    if not settings.metrics_enabled:
        raise HTTPException(404)
    return Response(await asyncio.to_thread(metrics.exposition), media_type=metrics.CONTENT_TYPE)
