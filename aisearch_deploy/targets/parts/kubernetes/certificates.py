"""Where the certificate comes from: cert-manager, Let's Encrypt asked by a CronJob of our own, or files of yours."""

from __future__ import annotations

from aisearch_deploy.targets.base import File
from aisearch_deploy.targets.parts.kubernetes.cluster import ACME_PORT, Cluster
from aisearch_deploy.targets.parts.kubernetes.edge import asks_for_certificates
from aisearch_deploy.targets.parts.kubernetes.part import ConfigMap, Part
from aisearch_deploy.targets.parts.kubernetes.pods import (
    authorities_volume,
    empty,
    pod_values,
    proxy_variables,
    scripts_volume,
)


def certificates(cluster: Cluster) -> Part:
    """What makes the Secret with the certificate, unless it is there already or the edge makes its own."""
    source = cluster.deployment.config.tls.source
    if cluster.options.tls_secret is not None or source == "platform":
        return Part()
    if asks_for_certificates(cluster):
        return _acme(cluster)
    if source == "letsencrypt":
        return _cert_manager(cluster)
    if source == "files" or cluster.behind_gateway:
        return _script(cluster)
    return Part()


def _cert_manager(cluster: Cluster) -> Part:
    """A Gateway that we make and an Ingress ask for theirs by an annotation."""
    if cluster.behind_gateway and cluster.options.gateway is None:
        return Part()
    values = cluster.values(
        tls_secret=cluster.tls_secret,
        domains=cluster.deployment.config.domains,
        issuer=cluster.options.issuer,
        behind_gateway=cluster.behind_gateway,
    )
    return Part((File("certificates/certificate.yaml", "cert-manager's order for the certificate", values=values),))


def _acme(cluster: Cluster) -> Part:
    tls = cluster.deployment.config.tls
    acme = cluster.named("acme")
    mounts = [
        (empty("tmp", 2**28), {"name": "tmp", "mountPath": "/tmp"}),  # noqa: S108
        (scripts_volume("scripts", acme), {"name": "scripts", "mountPath": "/scripts", "readOnly": True}),
        *authorities_volume(cluster),
    ]
    values = cluster.values(
        **pod_values(cluster, "certificate"),
        acme=acme,
        acme_port=ACME_PORT,
        image=cluster.images["certbot"],
        tls_secret=cluster.tls_secret,
        # Twice a day, at a minute of its own: Let's Encrypt asks everybody not to come at full hours.
        schedule=f"{_minute(cluster.deployment.name)} 5,17 * * *",
        variables=proxy_variables(cluster),
        mounts=[mount for _, mount in mounts],
        volumes=[volume for volume, _ in mounts],
        server=tls.server,
        email=tls.email,
        certificate_domains=" ".join(cluster.deployment.config.domains),
    )
    resources = (
        File("certificates/access.yaml", "who may write the certificate's Secret", values=values),
        File("certificates/service.yaml", "where Let's Encrypt's questions are answered", values=values),
        File("certificates/cronjob.yaml", "looks twice a day whether the certificate is due", values=values),
    )
    script = File("certificates/issue.sh", "asks Let's Encrypt and writes the Secret", "shell", values, executable=True)
    return Part(resources, (script,), (ConfigMap(acme, "certificate", files=(script.path,)),))


def _minute(name: str) -> int:
    """The same for the same name, and different for most others."""
    return sum(name.encode()) % 50 + 5


def _script(cluster: Cluster) -> Part:
    tls = cluster.deployment.config.tls
    values = cluster.values(
        tls_secret=cluster.tls_secret,
        folder=tls.path or f"/etc/{cluster.deployment.name}/tls",
        self_signed="yes" if tls.source == "self-signed" else "no",
        subject_names=",".join(f"DNS:{domain}" for domain in cluster.deployment.config.domains),
    )
    about = (
        "makes a self-signed certificate and puts it into the cluster"
        if tls.source == "self-signed"
        else ("puts your certificate into the cluster; again after each renewal")
    )
    return Part(others=(File("certificate.sh", about, "shell", values, executable=True),))
