"""systemd: services of one server, without containers."""

from __future__ import annotations

from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.traits import Traits
from aisearch_deploy.targets.base import Comparison, Plan
from aisearch_deploy.targets.systemd.app import app_files, migration_files
from aisearch_deploy.targets.systemd.data import backup_files, data_files
from aisearch_deploy.targets.systemd.edge import edge_files
from aisearch_deploy.targets.systemd.gaps import GAPS, TIER
from aisearch_deploy.targets.systemd.refusals import refusal
from aisearch_deploy.targets.systemd.runbook import next_steps, runbook
from aisearch_deploy.targets.systemd.scripts import authority_files, script_files, system_files
from aisearch_deploy.targets.systemd.server import Server

TRAITS = Traits("systemd", autoscales=False)
ABOUT = "systemd services on one server"
COMPARISON = Comparison(ease=3, scalability=1, cost="Low", autoscaling=False, load_balancing="Manual", best_for="Small")
__all__ = ["ABOUT", "COMPARISON", "GAPS", "TIER", "TRAITS", "plan", "refuses"]


def refuses(deployment: Deployment) -> str | None:
    """Why a server cannot carry this deployment, or None."""
    return refusal(deployment)


def plan(deployment: Deployment) -> Plan:
    """Scripts, units, nginx's site and the runbook."""
    server = Server(deployment)
    files = (
        *script_files(server),
        *app_files(server),
        *migration_files(server),
        *data_files(server),
        *edge_files(server),
        *backup_files(server),
        *system_files(server),
        *authority_files(server),
        runbook(server),
    )
    return Plan(files, next_steps(server))
