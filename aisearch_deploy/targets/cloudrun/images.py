"""Where images come from and where Cloud Run takes them from: it cannot log in to other registries."""

from __future__ import annotations

from typing import NamedTuple

from aisearch_deploy.targets.cloudrun.place import Place


class Copy(NamedTuple):
    """An image that images.sh copies: from, to (with a tag, which is what can be pushed), and as it is then named."""

    source: str
    pushed: str
    named: str


def copied(place: Place, reference: str) -> Copy:
    """The image in our own repository; one that is in Artifact Registry already stays where it is."""
    name, _, digest = reference.partition("@")
    host, slash, path = name.partition("/")
    if host.endswith("-docker.pkg.dev"):
        return Copy(reference, reference, f"{_without_tag(name)}@{digest}" if digest else reference)
    has_registry = slash and ("." in host or ":" in host or host == "localhost")
    path = path if has_registry else name
    pushed = f"{place.registry}/{path}"
    if not digest:
        return Copy(reference, pushed, pushed)
    if ":" not in path:
        pushed = f"{pushed}:{digest.replace(':', '-')[:19]}"
    return Copy(reference, pushed, f"{_without_tag(pushed)}@{digest}")


def copies(place: Place) -> list[Copy]:
    """Every image that has to be copied, each once: the app, the pooler, and what runs beside the app."""
    deployment = place.deployment
    references = [deployment.images["app"]]
    if deployment.sizes.pooler:
        references.append(deployment.images["pooler"])
    references += [sidecar.image for sidecar in deployment.config.app.sidecars]
    found = [copied(place, reference) for reference in dict.fromkeys(references)]
    return [copy for copy in found if copy.source != copy.pushed]


def _without_tag(name: str) -> str:
    head, slash, last = name.rpartition("/")
    return f"{head}{slash}{last.partition(':')[0]}"
