/// What a run of `migrate` did.
package struct MigrationSummary: Equatable, Sendable {
    /// The migrations that this run applied, in order; empty if there was nothing to do.
    package let applied: [String]
    /// The number of the last migration that the database has now.
    package let version: Int
}
