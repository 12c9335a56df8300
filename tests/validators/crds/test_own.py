"""Our own schemas of custom resources."""

from __future__ import annotations

import pytest
import yaml

from tests.validators import crds
from tests.validators.crds import own

GOOD = {
    "Cluster": """\
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: {name: db, labels: {app: search}}
spec:
  instances: 3
  imageName: ghcr.io/cloudnative-pg/postgresql:18
  storage: {size: 50Gi}
  bootstrap: {initdb: {database: aisearch, owner: aisearch, secret: {name: db}}}
  postgresql: {parameters: {max_connections: "100"}}
  resources: {limits: {memory: 2Gi}}
""",
    "ScheduledBackup": """\
apiVersion: postgresql.cnpg.io/v1
kind: ScheduledBackup
metadata: {name: db}
spec:
  schedule: 0 0 2 * * *
  cluster: {name: db}
  method: plugin
  pluginConfiguration: {name: barman-cloud.cloudnative-pg.io}
""",
    "Pooler": """\
apiVersion: postgresql.cnpg.io/v1
kind: Pooler
metadata: {name: db-rw}
spec:
  cluster: {name: db}
  type: rw
  instances: 2
  pgbouncer: {poolMode: transaction, parameters: {max_client_conn: "1000"}}
""",
    "ObjectStore": """\
apiVersion: barmancloud.cnpg.io/v1
kind: ObjectStore
metadata: {name: backups}
spec:
  retentionPolicy: 30d
  configuration:
    destinationPath: s3://example-backups/db
    s3Credentials: {accessKeyId: {name: s3, key: id}, secretAccessKey: {name: s3, key: secret}}
""",
    "BackendTrafficPolicy": """\
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: BackendTrafficPolicy
metadata: {name: limit}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: app}]
  rateLimit:
    local:
      rules:
        - clientSelectors: [{headers: [{name: X-API-Key, type: Distinct}]}]
          limit: {requests: 30, unit: Minute}
""",
    "RateLimitPolicy": """\
apiVersion: gateway.nginx.org/v1alpha1
kind: RateLimitPolicy
metadata: {name: limit}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: app}]
  rateLimit: {local: {rules: [{key: $http_x_api_key, rate: 30r/m, burst: 10, noDelay: true, rejectCode: 429}]}}
""",
}


@pytest.mark.parametrize("kind", sorted(kind for _, kind in own.SPECS))
def test_accepts_a_good_object_of_every_kind(kind) -> None:
    assert crds.problems([yaml.safe_load(GOOD[kind])]) == []


@pytest.mark.parametrize(
    ("kind", "edit", "complaint"),
    [
        ("Cluster", ('"100"', "100"), "/spec/postgresql/parameters/max_connections 100 is not of type 'string'"),
        ("Cluster", ("instances: 3", "replicas: 3"), "'replicas' was unexpected"),
        ("Cluster", ("50Gi", "50GiB"), "/spec/storage/size"),
        ("Cluster", ("  storage: {size: 50Gi}\n", ""), "'storage' is a required property"),
        ("Cluster", ("{app: search}", "{app: 1}"), "/metadata/labels/app"),
        ("Cluster", ("v1", "v2"), "no schema for Cluster of postgresql.cnpg.io/v2"),
        ("ScheduledBackup", ("0 0 2", "0 2"), "/spec/schedule"),
        ("ScheduledBackup", ("plugin\n", "barman\n"), "/spec/method"),
        ("Pooler", ("transaction", "statement"), "/spec/pgbouncer/poolMode"),
        ("ObjectStore", ("retentionPolicy: 30d", "retentionPolicy: 30 days"), "/spec/retentionPolicy"),
        ("BackendTrafficPolicy", ("requests: 30", "requests: 30/m"), "requests"),
        ("BackendTrafficPolicy", ("unit: Minute", "unit: minute"), "unit"),
        ("BackendTrafficPolicy", ("[{headers: [{name: X-API-Key, type: Distinct}]}]", "[{}]"), "/clientSelectors/0"),
        ("RateLimitPolicy", ("30r/m", "30/m"), "/rate "),
        ("RateLimitPolicy", ("429", "200"), "/rejectCode"),
        ("RateLimitPolicy", ("kind: HTTPRoute", "kind: Service"), "/spec/targetRefs/0/kind"),
    ],
)
def test_refuses_one_edit_away(kind, edit, complaint) -> None:
    found = crds.problems([yaml.safe_load(GOOD[kind].replace(*edit))])
    assert any(complaint in line for line in found), found


def test_an_unknown_group_is_a_problem() -> None:
    found = crds.problems([{"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {"name": "x"}}])
    assert found == ["Thing/x: no schema for Thing of example.com/v1"]
