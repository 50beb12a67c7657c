extension Migration {
    /// Every migration of this build, in order. A test compares the list with the folder `sql/migrations`.
    package static let all = [
        Migration(fileName: "0001_schema", contents: PackageResources._001_schema_sql),
        Migration(fileName: "0002_operators", contents: PackageResources._002_operators_sql),
        Migration(fileName: "0003_charges", contents: PackageResources._003_charges_sql),
        Migration(fileName: "0004_decide", contents: PackageResources._004_decide_sql),
    ]
}
