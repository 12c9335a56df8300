"""Where images come from: all of them from our own registry, so that a restart depends on no other."""

from __future__ import annotations

from aisearch_deploy.targets.aci.place import Place
from aisearch_deploy.targets.parts import images
from aisearch_deploy.targets.parts.images import Copy


def copied(place: Place, reference: str) -> Copy:
    """The image in our own registry."""
    return images.copied(reference, place.registry, lambda host: host == place.registry)


def copies(place: Place) -> list[Copy]:
    """Every image that has to be copied: the app, the cache, the pooler, and what runs beside the app."""
    deployment = place.deployment
    references = [deployment.images["app"]]
    if deployment.bundles_cache:
        references.append(deployment.images["cache"])
    if deployment.sizes.pooler:
        references.append(deployment.images["pooler"])
    references += [sidecar.image for sidecar in deployment.config.app.sidecars]
    return images.moved(copied(place, reference) for reference in references)
