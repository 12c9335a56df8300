"""Where images come from and where Cloud Run takes them from: it cannot log in to other registries."""

from __future__ import annotations

from aisearch_deploy.targets.cloudrun.place import Place
from aisearch_deploy.targets.parts import images
from aisearch_deploy.targets.parts.images import Copy


def copied(place: Place, reference: str) -> Copy:
    """The image in our own repository; one that is in Artifact Registry already stays where it is."""
    return images.copied(reference, place.registry, lambda host: host.endswith("-docker.pkg.dev"))


def copies(place: Place) -> list[Copy]:
    """Every image that has to be copied: the app, the pooler, and what runs beside the app."""
    deployment = place.deployment
    references = [deployment.images["app"]]
    if deployment.sizes.pooler:
        references.append(deployment.images["pooler"])
    references += [sidecar.image for sidecar in deployment.config.app.sidecars]
    return images.moved(copied(place, reference) for reference in references)
