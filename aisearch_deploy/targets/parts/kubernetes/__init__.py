"""The objects of a deployment on Kubernetes: the same whether kustomize or Helm puts them together."""
