/// Which build this is, as far as the database is concerned.
package enum Build {
    /// Raised whenever a build needs more of the schema, or leaves some of it behind. A migration names the
    /// oldest build that may still run once it is applied, so that nodes can be upgraded one by one.
    package static let number = 1
}
