"""What Cloud Run cannot do as the config means it."""

from __future__ import annotations

from aisearch_deploy.targets.base import Gap, GapKind

_APPROXIMATED = GapKind.APPROXIMATED
_NOT = GapKind.NOT_EXPRESSED

GAPS = {
    "image.pull_secret": Gap(_NOT, "images.sh copies images with the login of the Docker that runs it."),
    "image.build": Gap(_NOT, "Build and push the image first: Cloud Run and images.sh take it from a registry."),
    "app.cpu.request": Gap(_NOT, "An instance always has its limit to itself."),
    "app.cpu.limit": Gap(_APPROXIMATED, "Rounded up to 1, 2, 4, 6 or 8 cores, as many as the memory asks for."),
    "app.memory.request": Gap(_NOT, "An instance always has its limit to itself."),
    "app.drain": Gap(
        _APPROXIMATED,
        "Ten seconds after SIGTERM an instance is killed; only idle ones are stopped; 8 s are used.",
    ),
    "app.upload_limit": Gap(
        _APPROXIMATED, "Over HTTP/1 a request ends at 32 MiB; targets.cloudrun.http2 takes that limit away."
    ),
    "app.models_cache": Gap(_APPROXIMATED, "A bucket, which has no size; models that are in the image load faster."),
    "app.streaming_paths": Gap(_APPROXIMATED, "A stream ends after an hour, Cloud Run's longest request."),
    "app.gpu": Gap(_NOT, "Not offered here yet; use k8s or compose."),
    "app.volumes": Gap(_NOT, "There are no claims and no host folders; only buckets can be mounted."),
    "scaling.cpu": Gap(_NOT, "Cloud Run scales by its own target for CPU, and by concurrency."),
    "scaling.memory": Gap(_NOT, "Cloud Run does not scale by memory."),
    "rate_limit": Gap(
        _APPROXIMATED,
        "nginx counts for each instance, evenly in time; the load balancer counts for all, and adds the burst to each "
        "period; behind a CDN it does not count.",
    ),
    "tls.from": Gap(_APPROXIMATED, "TLS ends at Google, with its certificate; with files, the one domain.sh uploads."),
    "tls.email": Gap(_NOT, "Google issues the certificate, and asks for no address."),
    "tls.server": Gap(_NOT, "Google issues the certificate."),
    "trusted_proxies": Gap(
        _APPROXIMATED,
        "The load balancer tells nginx who connected to it, and takes only Cloudflare's word (cdn); with "
        "expose: domain-mapping these proxies' word counts.",
    ),
    "edge.balance": Gap(
        _APPROXIMATED, "Cloud Run chooses the instance; address-hash keeps a client on it by a cookie."
    ),
    "cdn": Gap(
        _APPROXIMATED, "Behind Cloudflare the load balancer does not count requests; each instance's nginx does."
    ),
    "secrets.store": Gap(_NOT, "Secret Manager is the store, filled from files."),
    "secrets.external_store": Gap(_NOT, "Secret Manager is the store, filled from files."),
    "secrets.existing": Gap(_NOT, "There are no Kubernetes Secrets."),
    "database.image": Gap(_APPROXIMATED, "Cloud SQL runs its own build; the image is used for dumps and restores."),
    "database.storage_class": Gap(_NOT, "Cloud SQL's disks are SSDs."),
    "database.cpu": Gap(_APPROXIMATED, "Rounded up to a machine that Cloud SQL sells."),
    "database.memory": Gap(_APPROXIMATED, "Rounded up to a machine that Cloud SQL sells: at least 3.75 GiB."),
    "cache.engine": Gap(_NOT, "Memorystore for Redis 7.2, which speaks the same protocol."),
    "cache.image": Gap(_NOT, "Memorystore runs its own build."),
    "cache.memory": Gap(_APPROXIMATED, "Rounded up to whole gigabytes."),
    "uploads": Gap(_NOT, "Uploads are in a bucket, which has neither a size nor a class to choose."),
    "sandbox.mode": Gap(
        _APPROXIMATED, "Every instance is a virtual machine of its own; the app's code shares it with what it runs."
    ),
    "logs.max_size": Gap(_NOT, "Cloud Logging takes what is written to standard output, and keeps it for 30 days."),
    "logs.max_files": Gap(_NOT, "Cloud Logging takes what is written to standard output, and keeps it for 30 days."),
    "monitoring.metrics": Gap(
        _APPROXIMATED,
        "Cloud Run's own metrics are there; the app's are not scraped without Google's Prometheus sidecar.",
    ),
    "backup.to": Gap(_APPROXIMATED, "Dumps go to a Cloud Storage bucket: the one named, or one made for them."),
    "backup.encrypt_to": Gap(_NOT, "Cloud Storage encrypts what it keeps, with Google's keys."),
    "backup.storage": Gap(_NOT, "A bucket has no size."),
    "labels": Gap(_APPROXIMATED, "Google's labels have small letters, digits, dashes and underscores only."),
    "scheduling": Gap(_NOT, "There are no nodes; instances spread over the region's zones by themselves."),
    "air_gapped": Gap(_APPROXIMATED, "Images are copied from that registry into Artifact Registry."),
}
