"""Attribution: who speaks, for which group, through what channel, when, at whom, on what condition.

What belongs here turns matches of rules into statements. Which words make a pattern is data under rules/ and the
business of `pipeline.matching`.
"""

from pipeline.statements.engine import Engine

__all__ = ["Engine"]
