import Charges
import LibPQ

/// What the service is held against, as scripts of pgbench. They walk over the same charges as the service's calls
/// do, in the order of their numbers; a client takes the stretch that is its turn.
///
/// A decision keeps its kind, so that afterwards the service finds every charge as it left it.
package struct YardstickScript: Sendable {
    /// What it is called.
    package let name: String
    package let text: String

    /// The variables that a script which walks must be given: the operator's number, how many charges he has, how
    /// many of them come before the first one, how many a statement takes, how many clients there are, and what
    /// tells this run's reference numbers from those of others.
    package static let walkVariables = ["operator", "charges", "start", "rows", "clients", "tag"]

    /// What pgbench's sessions are told: so does the service read and write, row by row by key.
    package static let sessionOptions =
        "-c enable_hashjoin=off -c enable_mergejoin=off -c enable_seqscan=off -c enable_bitmapscan=off"

    /// A keyed update of the columns that a decision sets, and nothing else.
    package static let bareUpdate = YardstickScript(name: "bare update", text: walk + update + ";\n")

    /// The least that leaves the same rows behind: the update, and the history row that takes the reference number.
    package static let leastRows = YardstickScript(
        name: "least rows",
        text: walk + """
            WITH changed AS (
                \(update)
                RETURNING charge.operator_id, charge.number, charge.revision, charge.decision, charge.decided_on,
                    charge.decision_reference_number
            )
            INSERT INTO countersign.charge_history (
                operator_id, number, revision, kind, made_by, username, made_on, reference_number,
                takes_reference, batch_id)
            SELECT
                operator_id, number, revision, decision, 'operator', 'yardstick', decided_on,
                decision_reference_number, true, (SELECT gen_random_uuid())
            FROM changed;

            """)

    /// What the others spend on making up keys, which a client would send instead.
    package static let keysAlone = YardstickScript(
        name: "keys alone", text: walk + "SELECT count(number), count(reference_number) FROM \(keys);\n")

    /// A page of 50 charges of a list, at a random place: the service's own statement.
    package static let list = YardstickScript(
        name: "list",
        text: "\\set place random(0, :charges - 51)\n"
            + Statement.pendingByPlace.sql
            .replacing("$1", with: ":operator::bigint").replacing("$2", with: "NULL::text")
            .replacing("$3", with: "51")
            .replacing("$4", with: "(to_timestamp(:first_received_on) + make_interval(secs => :place))")
            .replacing("$5", with: "('I' || lpad(:place::text, 8, '0'))") + ";\n")

    private static let walk = """
        \\set block :step * :clients + :client_id
        \\set step :step + 1
        \\set first (:start + :block * :rows) % (:charges - :rows + 1) + 1
        \\set reference :block * :rows

        """

    private static let keys = """
        (
            SELECT 'I' || lpad(i::text, 8, '0') AS number,
                'Y-' || :tag::text || '-' || lpad((:reference::bigint + i - :first::bigint)::text, 10, '0')
                    AS reference_number
            FROM generate_series(:first::bigint, :first::bigint + :rows::bigint - 1) AS i
        ) AS asked
        """

    private static let update = """
        UPDATE countersign.charge
        SET revision = charge.revision + 1, decision = coalesce(charge.decision, 'DECLINED'),
            decided_on = clock_timestamp(), decision_made_by = 'operator',
            decision_reference_number = asked.reference_number
        FROM \(keys)
        WHERE charge.operator_id = :operator::bigint AND charge.number = asked.number
        """
}
