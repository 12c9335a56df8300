"""Findings of `check` that somebody answers for."""

from pydantic import Field

from aisearch_deploy.config.base import Section
from aisearch_deploy.config.shapes import Day, Reason, RuleId


class Waiver(Section):
    """A rule whose findings are accepted until a day."""

    rule: RuleId = Field(description="The rule's id, as `check` shows it.", examples=["AID501"])
    reason: Reason = Field(description="Why it is accepted, for whoever reads it later.", examples=["moves in May"])
    until: Day = Field(description="The last day that it holds, in quotes.", examples=["2027-03-01"])
