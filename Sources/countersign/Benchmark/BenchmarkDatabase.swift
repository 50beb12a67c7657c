/// A database, as libpq takes it.
struct BenchmarkDatabase {
    /// For whoever seeds and counts.
    let owner: String
    /// For the node.
    let node: String
    /// For reports.
    let reports: String
}
