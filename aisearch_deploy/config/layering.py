"""What only the top level of a config may hold."""

NOT_IN_AN_ENVIRONMENT = ("version", "edition", "environments")
# A preset is laid below everything that is written; in an override it would come too late to change anything.
NOT_IN_AN_OVERRIDE = (*NOT_IN_AN_ENVIRONMENT, "preset", "targets")
# What targets.helm has and targets.k8s has not.
OF_THE_CHART = ("chart_version", "registry")
