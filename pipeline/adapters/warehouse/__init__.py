"""The warehouse: SQLite on one machine, PostgreSQL for a team, the same tables and answers on both.

`schema` and `alert_schema` have the tables; the other modules store for one use each, `reads` answers people;
`migration` brings a database to the current schema. Only this package knows SQLAlchemy.
"""

from pipeline.adapters.warehouse.alerts import AlertTables
from pipeline.adapters.warehouse.browsing import BrowsingReads
from pipeline.adapters.warehouse.care import Care, Policy
from pipeline.adapters.warehouse.database import shown_url
from pipeline.adapters.warehouse.deliveries import DeliveryTables
from pipeline.adapters.warehouse.dossier import DossierReads
from pipeline.adapters.warehouse.evidence import Evidence, EvidenceTables
from pipeline.adapters.warehouse.figures import FigureReads
from pipeline.adapters.warehouse.health import HealthRow, HealthTables
from pipeline.adapters.warehouse.history import HistoryReads
from pipeline.adapters.warehouse.migration import SchemaStatus, migrate, schema_status
from pipeline.adapters.warehouse.quarantine import QuarantineTables
from pipeline.adapters.warehouse.reads import QuarantineRow, Reads, RunRow, StatementRow, WarehouseStatus
from pipeline.adapters.warehouse.routing import RoutingTables
from pipeline.adapters.warehouse.runs import RunTables
from pipeline.adapters.warehouse.sources import SourceTables
from pipeline.adapters.warehouse.statements import StatementTables
from pipeline.adapters.warehouse.subscriptions import SubscriptionTables
from pipeline.adapters.warehouse.visits import VisitTables

__all__ = [
    "Evidence",
    "HealthRow",
    "Policy",
    "QuarantineRow",
    "RunRow",
    "SchemaStatus",
    "StatementRow",
    "Warehouse",
    "WarehouseStatus",
    "migrate",
    "schema_status",
    "shown_url",
]


class Warehouse(
    SourceTables,
    HealthTables,
    VisitTables,
    EvidenceTables,
    StatementTables,
    SubscriptionTables,
    RoutingTables,
    HistoryReads,
    AlertTables,
    DeliveryTables,
    RunTables,
    QuarantineTables,
    Care,
    Reads,
    FigureReads,
    BrowsingReads,
    DossierReads,
):
    """Every store behind one URL: the ports `SourceStore`, `StatementStore`, `HistoryStore`, `AlertStore`
    and `RunStore`.

    It expects the current schema: call `migrate` first. Connections are opened lazily and are safe to share among
    threads; use one warehouse a process.
    """
