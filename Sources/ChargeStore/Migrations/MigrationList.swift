// Made by scripts/migration-list.

extension Migration {
    /// Every migration of this build, in order.
    package static let all = [
        Migration(fileName: "0001_schema", contents: PackageResources._001_schema_sql),
        Migration(fileName: "0002_operators", contents: PackageResources._002_operators_sql),
        Migration(fileName: "0003_charges", contents: PackageResources._003_charges_sql),
        Migration(fileName: "0004_decide", contents: PackageResources._004_decide_sql),
        Migration(fileName: "0005_operator_settings", contents: PackageResources._005_operator_settings_sql),
        Migration(fileName: "0006_access", contents: PackageResources._006_access_sql),
        Migration(fileName: "0007_list", contents: PackageResources._007_list_sql),
        Migration(fileName: "0008_provider", contents: PackageResources._008_provider_sql),
        Migration(fileName: "0009_reporting", contents: PackageResources._009_reporting_sql),
        Migration(fileName: "0010_charge_changes", contents: PackageResources._010_charge_changes_sql),
        Migration(fileName: "0011_statements", contents: PackageResources._011_statements_sql),
        Migration(fileName: "0012_reconciliation", contents: PackageResources._012_reconciliation_sql),
        Migration(fileName: "0013_roles", contents: PackageResources._013_roles_sql),
        Migration(fileName: "0014_row_security", contents: PackageResources._014_row_security_sql),
        Migration(fileName: "0015_activity", contents: PackageResources._015_activity_sql),
        Migration(fileName: "0016_decision_file", contents: PackageResources._016_decision_file_sql),
        Migration(fileName: "0017_administrators", contents: PackageResources._017_administrators_sql),
    ]
}

extension Build {
    /// The build's number, from sql/build-number.
    package static let number = 1
}
