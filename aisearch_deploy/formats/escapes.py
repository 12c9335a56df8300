"""Escapes that a platform asks for on top of its file's format; plans apply them, since only they know the platform."""

from __future__ import annotations

import re


def compose_dollar(text: str) -> str:
    """Keeps Compose from interpolating: `$` is written `$$` in every value of a Compose file.

    https://docs.docker.com/reference/compose-file/interpolation/
    """
    return text.replace("$", "$$")


def kubernetes_dollar(text: str) -> str:
    """Keeps Kubernetes from expanding `$(NAME)` in a container's command, args and env values.

    `$$` is read as `$` wherever it stands, so a `$` before another `$` is doubled as well.
    https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
    """
    return re.sub(r"\$(?=[$(])", "$$", text)


def systemd_percent(text: str) -> str:
    """Keeps systemd from expanding specifiers: `%` is written `%%`. See systemd.unit(5), SPECIFIERS."""
    return text.replace("%", "%%")
