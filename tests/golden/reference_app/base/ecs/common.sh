#!/usr/bin/env bash
# What the scripts beside it share. Sourced, never run.
# Rendered by aisearch-deploy from aisearch.yaml: change that and render again.

export AWS_REGION=eu-central-1
export STACK=reference-search
export REGISTRY_STACK=reference-search-registry
export REPOSITORY=reference-search
# A secret's name in Secrets Manager is this, a slash, and its own.
export SECRETS_PREFIX=reference-search
# NAME=Parameter of the stack, for each secret.
export SECRETS=''
export AWS_PAGER=

say() {
  printf '%s\n' "$*" >&2
}

stop() {
  say "$*"
  exit 1
}

need() {
  local program
  for program in "$@"; do
    command -v "${program}" >/dev/null || stop "${program} is not installed."
  done
}

# Asks a person, unless YES says that nobody has to be asked.
confirm() {
  local answer
  if [[ ${YES:-no} == yes ]]; then
    return 0
  fi
  read -r -p "$1 [y/N] " answer </dev/tty || stop "Nobody is there to answer. With --yes nobody is asked."
  [[ ${answer} == [yY]* ]] || stop "Nothing was done."
}

# The state of the stack $1; nothing where there is none, or only a change set that was never executed.
stack_status() {
  local status
  status=$(aws cloudformation describe-stacks --stack-name "$1" --query 'Stacks[0].StackStatus' --output text 2>/dev/null) || return 0
  if [[ ${status} != REVIEW_IN_PROGRESS ]]; then
    echo "${status}"
  fi
}

# The output $2 of the stack $1.
output() {
  aws cloudformation describe-stacks --stack-name "$1" --query "Stacks[0].Outputs[?OutputKey=='$2'].OutputValue" --output text
}

# The parameter $1 of the stack as it is now; nothing where there is no stack yet.
current() {
  local status
  status=$(stack_status "${STACK}")
  if [[ -n ${status} ]]; then
    aws cloudformation describe-stacks --stack-name "${STACK}" \
      --query "Stacks[0].Parameters[?ParameterKey=='$1'].ParameterValue" --output text
  fi
}

# Makes a change set of the stack $1 from the template $2 (body or URL) and the parameters in the file $3, shows it, and
# executes it.
apply() {
  local stack=$1 template=$2 parameters=$3 kind=UPDATE changes reason status from=--template-body
  [[ ${template} != https:* ]] || from=--template-url
  status=$(stack_status "${stack}")
  if [[ ${status} == ROLLBACK_COMPLETE ]]; then
    # Its creation failed, and CloudFormation lets nobody do anything else with it.
    confirm "${stack} was never complete. Delete what is left of it and begin again?"
    aws cloudformation delete-stack --stack-name "${stack}"
    aws cloudformation wait stack-delete-complete --stack-name "${stack}"
    status=
  fi
  [[ -n ${status} ]] || kind=CREATE
  changes=deploy-$(date -u +%Y%m%d-%H%M%S)
  aws cloudformation create-change-set --stack-name "${stack}" --change-set-name "${changes}" \
    --change-set-type "${kind}" "${from}" "${template}" --parameters "file://${parameters}" \
    --tags file://tags.json --capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND >/dev/null
  if ! aws cloudformation wait change-set-create-complete --stack-name "${stack}" --change-set-name "${changes}" 2>/dev/null; then
    reason=$(aws cloudformation describe-change-set --stack-name "${stack}" --change-set-name "${changes}" \
      --query StatusReason --output text)
    aws cloudformation delete-change-set --stack-name "${stack}" --change-set-name "${changes}"
    case ${reason} in
      *"didn't contain changes"* | *"No updates are to be performed"*)
        say "${stack}: nothing to change."
        return 0
        ;;
      *) stop "${stack}: ${reason}" ;;
    esac
  fi
  aws cloudformation describe-change-set --stack-name "${stack}" --change-set-name "${changes}" --output table \
    --query 'Changes[].ResourceChange.{Action: Action, Resource: LogicalResourceId, Type: ResourceType, Replaced: Replacement}' >&2
  confirm "${stack}: execute these changes?"
  aws cloudformation execute-change-set --stack-name "${stack}" --change-set-name "${changes}"
  say "${stack}: waiting for CloudFormation"
  if [[ ${kind} == CREATE ]]; then
    aws cloudformation wait stack-create-complete --stack-name "${stack}" || failed "${stack}"
  else
    aws cloudformation wait stack-update-complete --stack-name "${stack}" || failed "${stack}"
  fi
}

# Says why the stack $1 was rolled back: the first failures are the cause, the later ones follow from it.
failed() {
  say "$1 was rolled back. What failed first:"
  aws cloudformation describe-stack-events --stack-name "$1" --output text \
    --query "reverse(StackEvents[?contains(ResourceStatus, 'FAILED')])[:5].[LogicalResourceId, ResourceStatusReason]" >&2
  exit 1
}

# Runs the task definition in the stack's output $1 once, and fails when it fails.
run_once() {
  local cluster definition subnets group task code
  cluster=$(output "${STACK}" Cluster)
  definition=$(output "${STACK}" "$1")
  subnets=$(output "${STACK}" TaskSubnets)
  group=$(output "${STACK}" TaskGroup)
  task=$(aws ecs run-task --cluster "${cluster}" --task-definition "${definition}" --launch-type FARGATE \
    --network-configuration "awsvpcConfiguration={subnets=[${subnets}],securityGroups=[${group}],assignPublicIp=DISABLED}" \
    --query 'tasks[0].taskArn' --output text)
  [[ ${task} == arn:* ]] || stop "$1 did not start."
  say "$1: ${task##*/}"
  # The waiter gives up after ten minutes; a migration may take longer.
  until aws ecs wait tasks-stopped --cluster "${cluster}" --tasks "${task}" 2>/dev/null; do
    say "$1 still runs"
  done
  code=$(aws ecs describe-tasks --cluster "${cluster}" --tasks "${task}" \
    --query 'max(tasks[0].containers[].exitCode)' --output text)
  [[ ${code} == 0 ]] || stop "$1 failed (${code}). Its words: aws logs tail $(output "${STACK}" LogGroup) --since 1h"
}
