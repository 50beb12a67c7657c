// Made by scripts/report-list.

extension Report {
    /// Every report, in the order in which a person looks for one.
    package static let all = [
        Report(name: "charges-by-day", contents: PackageResources.charges_by_day_sql),
        Report(name: "undecided-charges", contents: PackageResources.undecided_charges_sql),
        Report(name: "accepted-not-processed", contents: PackageResources.accepted_not_processed_sql),
        Report(name: "taken-without-outcome", contents: PackageResources.taken_without_outcome_sql),
        Report(name: "processed-not-acknowledged", contents: PackageResources.processed_not_acknowledged_sql),
        Report(name: "changed-decisions", contents: PackageResources.changed_decisions_sql),
        Report(name: "references-per-charge", contents: PackageResources.references_per_charge_sql),
        Report(name: "decided-without-reference", contents: PackageResources.decided_without_reference_sql),
        Report(name: "reference-gaps", contents: PackageResources.reference_gaps_sql),
        Report(name: "failed-items", contents: PackageResources.failed_items_sql),
        Report(name: "money", contents: PackageResources.money_sql),
        Report(name: "statement-totals", contents: PackageResources.statement_totals_sql),
        Report(name: "reconciliation-differences", contents: PackageResources.reconciliation_differences_sql),
        Report(name: "customers", contents: PackageResources.customers_sql),
        Report(name: "throughput", contents: PackageResources.throughput_sql),
        Report(name: "database-statements", contents: PackageResources.database_statements_sql),
        Report(name: "database-lock-waits", contents: PackageResources.database_lock_waits_sql),
        Report(name: "database-idle-transactions", contents: PackageResources.database_idle_transactions_sql),
        Report(name: "database-indexes", contents: PackageResources.database_indexes_sql),
        Report(name: "database-tables", contents: PackageResources.database_tables_sql),
    ]
}
