"""The models of custom resources from npm."""

from __future__ import annotations

import json

import pytest
import yaml

from tests.validators import crds

GOOD = {
    "HTTPRoute": """\
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: app, labels: {any: key}}
spec:
  parentRefs: [{name: public}]
  hostnames: [search.example.com]
  rules:
    - matches: [{path: {type: PathPrefix, value: /}}]
      backendRefs: [{name: app, port: 80}]
      timeouts: {request: 120s}
""",
    "Gateway": """\
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, annotations: {cert-manager.io/cluster-issuer: letsencrypt}}
spec:
  gatewayClassName: envoy
  listeners:
    - {name: https, port: 443, protocol: HTTPS, tls: {mode: Terminate, certificateRefs: [{name: tls}]}}
""",
    "ClusterIssuer": """\
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: {name: letsencrypt}
spec:
  acme:
    server: https://acme-v02.api.letsencrypt.org/directory
    privateKeySecretRef: {name: letsencrypt}
    solvers: [{http01: {gatewayHTTPRoute: {parentRefs: [{name: public, kind: Gateway}]}}}]
""",
    "ExternalSecret": """\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: app}
spec:
  refreshInterval: 1h
  secretStoreRef: {kind: ClusterSecretStore, name: store}
  target: {name: app, template: {data: {FREE: form}}}
  data: [{secretKey: A, remoteRef: {key: a}}]
""",
    "ServiceMonitor": """\
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: app}
spec:
  selector: {matchLabels: {app: search}}
  endpoints: [{port: http, path: /metrics, interval: 30s}]
""",
    "SealedSecret": """\
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {name: app}
spec: {encryptedData: {A: AgB}, template: {type: Opaque, metadata: {name: app}}}
""",
    "Middleware": """\
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: limit}
spec: {rateLimit: {average: 30, period: 1m, burst: 10}}
""",
}


def objects(kind: str, *edit: str) -> list[dict[str, object]]:
    text = GOOD[kind]
    assert not edit or edit[0] in text
    return [yaml.safe_load(text.replace(*edit) if edit else text)]


@pytest.mark.e2e
@pytest.mark.parametrize("kind", sorted(GOOD))
def test_accepts_a_good_object_of_every_package(kind) -> None:
    assert crds.problems(objects(kind)) == []


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("kind", "edit", "complaint"),
    [
        ("HTTPRoute", ("port: 80", 'port: "80"'), "/spec/rules/0/backendRefs/0/port must be integer"),
        ("HTTPRoute", ("search.example", "sear_ch.example"), "/spec/hostnames/0 must match pattern"),
        ("HTTPRoute", ("hostnames", "hostname"), "/spec/hostname is not a field"),
        ("HTTPRoute", ("{name: public}", "{name: public, nam: x}"), "/spec/parentRefs/0/nam is not a field"),
        ("HTTPRoute", ("labels", "label"), "/metadata/label is not a field"),
        ("HTTPRoute", ("spec:", "specs: {}\nspec:"), "/specs is not a field"),
        ("HTTPRoute", ("kind: HTTPRoute", "kind: HTTPRout"), "has no HTTPRout in gateway.networking.k8s.io/v1"),
        ("HTTPRoute", ("k8s.io/v1", "k8s.io/v9"), "has no gateway.networking.k8s.io/v9"),
        ("Gateway", ("  gatewayClassName: envoy\n", ""), "gatewayClassName"),
        ("Gateway", ("mode: Terminate", "mode: terminate"), "/spec/listeners/0/tls/mode"),
        ("ClusterIssuer", ("gatewayHTTPRoute", "gatewayHttpRoute"), "gatewayHttpRoute is not a field"),
        ("ExternalSecret", ("data: [", "dataFrm: ["), "/spec/dataFrm is not a field"),
        ("ServiceMonitor", ("30s", "30x"), "/spec/endpoints/0/interval must match pattern"),
        ("SealedSecret", ("encryptedData", "encrypted"), "/spec/encrypted is not a field"),
        ("Middleware", ("average: 30", "averge: 30"), "/spec/rateLimit/averge is not a field"),
    ],
)
def test_refuses_one_edit_away(kind, edit, complaint) -> None:
    found = crds.problems(objects(kind, *edit))
    assert any(complaint in line for line in found), found


@pytest.mark.e2e
def test_objects_are_named_in_what_is_said() -> None:
    found = crds.problems([*objects("Gateway"), *objects("HTTPRoute", "hostnames", "hostname")])
    assert found == ["HTTPRoute/app: /spec/hostname is not a field"]


def test_the_lock_names_no_registry() -> None:
    lock = json.loads((crds.HERE / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    assert [name for name, package in packages.items() if "resolved" in package or "integrity" not in package] == []


def test_every_package_is_pinned_and_every_group_has_its_package() -> None:
    pins = json.loads((crds.HERE / "package.json").read_text())["dependencies"]
    assert set(crds.PACKAGES.values()) == set(pins)
    assert all(version[0].isdigit() for version in pins.values())
