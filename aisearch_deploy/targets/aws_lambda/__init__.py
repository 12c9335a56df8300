"""AWS Lambda: a SAM template, the image with the Web Adapter, and scripts. (`lambda` itself is a Python keyword.)"""

from __future__ import annotations

from pathlib import Path

from aisearch_deploy.model.deployment import Deployment
from aisearch_deploy.model.traits import Traits
from aisearch_deploy.targets.aws_lambda.gaps import GAPS
from aisearch_deploy.targets.aws_lambda.refusals import refusal
from aisearch_deploy.targets.aws_lambda.runbook import next_steps, runbook
from aisearch_deploy.targets.aws_lambda.scripts import registry, scripts, tags
from aisearch_deploy.targets.aws_lambda.template import template
from aisearch_deploy.targets.base import Comparison, File, Plan, Tier
from aisearch_deploy.targets.parts.app import command

__all__ = ["ABOUT", "COMPARISON", "GAPS", "TIER", "TRAITS", "plan", "refuses"]

TRAITS = Traits("lambda", autoscales=True)
ABOUT = "AWS Lambda with the Web Adapter, behind CloudFront"
TIER = Tier.VALIDATED
COMPARISON = Comparison(
    ease=3, scalability=5, cost="Low", autoscaling=True, load_balancing="Built-in", best_for="Small-Medium"
)


def refuses(deployment: Deployment) -> str | None:
    """Why Lambda cannot carry this deployment, or None."""
    return refusal(deployment)


def plan(deployment: Deployment) -> Plan:
    """The template, the image, the scripts and the runbook."""
    return Plan(
        (
            template(deployment),
            registry(deployment),
            tags(deployment),
            *_image(deployment),
            *scripts(deployment),
            runbook(deployment),
        ),
        next_steps(deployment),
    )


def _image(deployment: Deployment) -> list[File]:
    config = deployment.config
    named = {"ca-bundle.pem": config.network.ca_bundle, "database-ca.pem": config.database.ca}
    authorities = {name: deployment.inputs[source] for name, source in named.items() if source is not None}
    words = ["--workers=1" if word.startswith("--workers=") else word for word in command(deployment)]
    values = {
        "config_file": deployment.document.file.rpartition("/")[2],
        "adapter": "public.ecr.aws/awsguru/aws-lambda-adapter:1.0.0",
        "image": deployment.images["app"],
        "authorities": bool(authorities),
        "command": words,
    }
    return [
        File("image/Dockerfile", "the app with the Web Adapter", "dockerfile", values),
        File(
            "image/launch.py",
            "fetches secrets, then becomes the app",
            content=Path(__file__).with_name("launch.py").read_bytes(),
        ),
        *(
            File(f"image/authorities/{name}", "certificate authorities that the app trusts", content=content)
            for name, content in authorities.items()
        ),
    ]
