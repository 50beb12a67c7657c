package import LibPQ

/// Why a command could not do what it was asked to: one clear line for the person at the terminal. The cause,
/// for the log, may say more.
package struct AdministrationFailure: Error, CustomStringConvertible {
    package let description: String
    package let cause: PostgresError?

    package init(_ description: String, cause: PostgresError? = nil) {
        self.description = description
        self.cause = cause
    }
}
