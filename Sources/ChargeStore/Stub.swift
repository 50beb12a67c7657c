func x() -> [UInt8] { PackageResources._0001_initial_sql }
