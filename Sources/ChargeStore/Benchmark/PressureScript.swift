package import Charges

/// The scripts of psql sessions that get in the way of a database. Each ends in a command that repeats.
package enum PressureScript {
    private static let snapshot =
        "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM countersign.operator;"

    /// A session that holds a snapshot and does nothing, so that no old version of a row can be removed.
    package static let holder = snapshot + " SELECT 1 \\watch 1"

    /// A session that holds a snapshot, and reads an operator's charges every second.
    package static func reader(of identifier: OperatorIdentifier) -> String {
        """
        \(snapshot) SELECT count(*), max(decided_on) FROM countersign.charge
        WHERE operator_id = \(identifier.value) \\watch 1
        """
    }
}
