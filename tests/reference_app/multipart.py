"""A form with one file, as browsers send it (RFC 7578)."""

from __future__ import annotations

BOUNDARY = "0123456789abcdef0123456789abcdef"


def multipart(field: str, name: str, content: bytes) -> tuple[dict[str, str], bytes]:
    """Headers and body."""
    start = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    body = start.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
    return {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}, body
