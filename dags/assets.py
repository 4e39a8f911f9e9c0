"""The assets that link the DAGs: what one stage leaves in the warehouse for the next."""

from airflow.sdk import Asset

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
MAILS = Asset(
    name="mails",
    uri="bayan://warehouse/mails",
    group="bayan",
    extra={"description": "Alert mails that an SMTP server took."},
)
