"""What callers ask for. With keys, each of these needs one."""

from __future__ import annotations

import asyncio
import itertools
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Query, Request, UploadFile
from pydantic import BaseModel, Field
from starlette.responses import FileResponse, JSONResponse, Response

from src.opening import Services
from src.store import Document, Upload
from src.streams import stream
from src.upstream import Unreachable


def services(request: Request) -> Services:
    """What was opened when the app started."""
    found: Services = request.app.state.services
    return found


Opened = Annotated[Services, Depends(services)]


def caller(request: Request, opened: Opened) -> None:
    """Refuses whoever has no key; the caller's name goes into the log."""
    if not opened.callers.open:
        name = opened.callers.name_of(request.headers.get(opened.settings.api_key_header, ""))
        if name is None:
            raise HTTPException(401, f"{opened.settings.api_key_header}: a valid key is needed")
        request.state.caller = name


router = APIRouter(dependencies=[Depends(caller)])
Kind = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,31}$")]
Gap = Annotated[float | None, Query(ge=0, le=3600)]
Number = Annotated[int | None, Query(ge=0, le=1_000_000)]


class Question(BaseModel):
    """`mode` searches one kind of document; without it, all."""

    query: str = Field(min_length=1, max_length=1000)
    mode: Kind | None = None
    limit: int = Field(10, ge=1, le=100)


class NewDocument(BaseModel):
    """A document to search in."""

    title: str = Field(max_length=1000)
    body: str = Field(max_length=1_000_000)
    kind: Kind = "web"


class NewDocuments(BaseModel):
    """All are kept, or none."""

    documents: list[NewDocument] = Field(min_length=1, max_length=10_000)


@router.post("/query")
async def query(question: Question, opened: Opened) -> Response:
    """The best documents for a question."""
    answer = await opened.search.answer(question.query, question.mode, question.limit)
    content = {
        "query": question.query,
        "cached": answer.cached,
        "results": [found._asdict() for found in answer.results],
    }
    cache = "off" if opened.cache is None else "hit" if answer.cached else "miss"
    return JSONResponse(content, headers={"X-Cache": cache})


@router.post("/documents", status_code=201)
async def add_documents(new: NewDocuments, opened: Opened) -> dict[str, list[int]]:
    """Keep documents; their ids."""
    return {"ids": await opened.store.add([Document(one.title, one.body, one.kind) for one in new.documents])}


@router.get("/documents")
async def documents(
    opened: Opened, after: int = 0, limit: Annotated[int, Query(ge=1, le=10_000)] = 100
) -> list[dict[str, Any]]:
    """Documents in the order of their ids, from the one after `after`."""
    return [stored._asdict() for stored in await opened.store.documents(after, limit)]


@router.get("/history")
async def history(
    opened: Opened, mode: str | None = None, limit: Annotated[int, Query(ge=1, le=1000)] = 100
) -> list[dict[str, Any]]:
    """What was searched, the latest first."""
    return [asked._asdict() for asked in await opened.store.history(mode, limit)]


@router.post("/upload", status_code=201)
async def upload(file: UploadFile, opened: Opened) -> dict[str, Any]:
    """Keep a file (multipart/form-data, field `file`); its SHA-256 is its name from then on."""
    saved = await asyncio.to_thread(opened.uploads.save, file.file)
    kept = Upload(file.filename or "", saved.file_hash, saved.size)
    await opened.store.add_upload(kept)
    return kept._asdict()


@router.get("/uploads")
async def uploads(opened: Opened, limit: Annotated[int, Query(ge=1, le=10_000)] = 100) -> list[dict[str, Any]]:
    """The files, the latest first."""
    return [kept._asdict() for kept in await opened.store.uploads(limit)]


@router.get("/uploads/{file_hash}")
async def uploaded(file_hash: str, opened: Opened) -> Response:
    """A file's content."""
    path = opened.uploads.path(file_hash)
    if path is None:
        raise HTTPException(404, "there is no such file")
    return FileResponse(path, media_type="application/octet-stream")


@router.get("/stream")
@router.get("/chat/stream")
async def numbers(opened: Opened, gap: Gap = None, number: Number = None) -> Response:
    """`number` tokens, `gap` seconds apart."""
    settings = opened.settings
    tokens = range(1, (settings.stream_number if number is None else number) + 1)
    return stream(map(str, tokens), settings.stream_gap if gap is None else gap)


@router.post("/chat/stream")
async def chat(question: Question, opened: Opened, gap: Gap = None, number: Number = None) -> Response:
    """The words of the best documents, one at a time."""
    settings = opened.settings
    answer = await opened.search.answer(question.query, question.mode, question.limit)
    words = (word for found in answer.results for word in f"{found.title}: {found.snippet}".split())
    most = settings.stream_number if number is None else number
    return stream(itertools.islice(words, most), settings.stream_gap if gap is None else gap)


@router.get("/upstream")
async def upstream(opened: Opened) -> dict[str, Any]:
    """Ask the API at UPSTREAM_URL and show what it says."""
    if opened.upstream is None:
        raise HTTPException(404, "UPSTREAM_URL is not set")
    try:
        return (await opened.upstream.ask())._asdict()
    except Unreachable as error:
        raise HTTPException(502, str(error)) from error


@router.get("/whoami")
async def whoami(request: Request) -> dict[str, Any]:
    """Whom the app takes the caller for: uvicorn has read the forwarded headers where it trusts them."""
    return {
        "client": request.client.host if request.client else "",
        "scheme": request.url.scheme,
        "host": request.headers.get("host", ""),
        "forwarded_for": request.headers.get("x-forwarded-for", ""),
    }
