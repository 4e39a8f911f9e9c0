"""The assets that link the DAGs: what one stage leaves in the warehouse for the next."""

from airflow.sdk import Asset, AssetAlias

ARTICLES = Asset(
    name="articles",
    uri="bayan://warehouse/articles",
    group="bayan",
    extra={"description": "Article versions that no rule set of today has read yet."},
)
STATEMENTS = Asset(
    name="statements",
    uri="bayan://warehouse/statements",
    group="bayan",
    extra={"description": "Statements, judged and loaded, that some subscriber has not been told of yet."},
)
NEW_ARTICLES = AssetAlias(name="articles, if any wait", group="bayan")
NEW_STATEMENTS = AssetAlias(name="statements, if any are untold", group="bayan")
"""Through these a task updates an asset only when there is something for the next stage: see `running.announce`."""

MAILS = Asset(
    name="mails",
    uri="bayan://warehouse/mails",
    group="bayan",
    extra={"description": "Alert mails that an SMTP server took."},
)
TEST_MAILS = Asset(
    name="test mails",
    uri="bayan://operators/test-mails",
    group="bayan",
    extra={"description": "Mails about an invented statement that an operator sent to try the way."},
)
CHECKS = Asset(
    name="source checks",
    uri="bayan://operators/source-checks",
    group="bayan",
    extra={"description": "What an operator found by trying sources: how many give what."},
)
WATCH = Asset(
    name="watch",
    uri="bayan://operators/watch",
    group="bayan",
    extra={"description": "What was found that needs a person, and what the operators were told of."},
)
