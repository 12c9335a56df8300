"""aisearch-deploy: one config file in, complete production deployments out."""

__version__ = "0.1.0"
