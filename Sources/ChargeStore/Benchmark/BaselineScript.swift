import Charges
import LibPQ

/// A pgbench script that the service is compared with. It visits the same charges as the service's calls do, in the
/// order of their numbers; each client takes its own ranges in turn.
///
/// The variables of a script are the operator's identifier (`operator`), the number of its charges (`charges`), the
/// number of visits already made (`visits`), the number of charges of one statement (`rows`), the number of clients
/// (`clients`), and a tag that tells this run's reference numbers from those of others (`tag`).
package struct BaselineScript: Sendable {
    /// The script's name in the results.
    package let name: String
    package let text: String
    /// Whether the script decides its charges.
    package var decides = true

    /// (a) The service's own transaction, as a node sends it.
    package static let own = BaselineScript(
        name: "own statement",
        text: """
            \(nextVisit)
            \\startpipeline
            BEGIN;
            \(Statement<Int, Void>.limitFastPath.sql.replacing("$1", with: "'10000'"));
            \(ownStatement);
            COMMIT;
            \\endpipeline

            """)

    /// (b) A keyed update of the columns that a decision sets, and nothing else.
    package static let bareUpdate = BaselineScript(
        name: "bare update", text: "\(nextVisit)\n\(update);\n")

    /// (c) The least SQL that leaves a decision's rows behind: the charge, and the history row that takes the reference
    /// number. It leaves out the batch's own row, and with it the feed; it checks no conditions.
    package static let leastRows = BaselineScript(
        name: "least rows",
        text: """
            \(nextVisit)
            WITH changed AS (
                \(update)
                RETURNING charge.operator_id, charge.number, charge.revision, charge.decision, charge.decided_on,
                    charge.decision_reference_number
            )
            INSERT INTO countersign.charge_history (
                operator_id, number, revision, kind, made_by, username, made_on, reference_number,
                takes_reference, batch_id)
            SELECT
                operator_id, number, revision, decision, 'operator', 'benchmark', decided_on,
                decision_reference_number, true, (SELECT \(batch))
            FROM changed;

            """)

    /// The work that the other scripts spend on making up keys, which a node gets from its callers.
    package static let keysAlone = BaselineScript(
        name: "keys alone",
        text: "\(nextVisit)\nSELECT count(number), count(reference_number) FROM \(keys);\n",
        decides: false)

    /// A page of 50 charges of a list, at a random place: the service's own statement. It takes the variable
    /// `first_received_on` instead, in seconds since 1970.
    package static let list = BaselineScript(
        name: "list",
        text: """
            \\set place random(0, :charges - 51)
            \(listStatement);

            """, decides: false)

    /// The settings of pgbench's sessions, as PGOPTIONS: they plan as a node's sessions do, `Statement.prepareSession`.
    package static let sessionOptions = [
        "plan_cache_mode=force_generic_plan", "enable_hashjoin=off", "enable_mergejoin=off",
        "enable_seqscan=off",
        "enable_bitmapscan=off", "enable_material=off", "enable_memoize=off", "jit=off",
    ].map { "-c \($0)" }.joined(separator: " ")

    // MARK: Parts

    private static let nextVisit = """
        \\set visit :visits + (:step * :clients + :client_id) * :rows
        \\set step :step + 1
        """

    /// The charges of a statement, and their unused reference numbers. The server makes them up, which costs less than
    /// arrays.
    private static let keys = """
        (
            SELECT 'I' || lpad((visit % :charges::bigint + 1)::text, 8, '0') AS number,
                'Y-' || :tag::text || '-' || lpad((visit + 1)::text, 10, '0') AS reference_number,
                CASE WHEN visit / :charges::bigint % 2 = 0 THEN 'ACCEPTED' ELSE 'DECLINED' END AS kind
            FROM generate_series(:visit::bigint, :visit::bigint + :rows::bigint - 1) AS visit
        ) AS item
        """

    /// An update in which a decision keeps its kind, so that afterwards the service finds every charge as it left it.
    private static let update = """
        UPDATE countersign.charge
        SET revision = charge.revision + 1, decision = coalesce(charge.decision, 'DECLINED'),
            decided_on = clock_timestamp(), decision_made_by = 'operator',
            decision_reference_number = item.reference_number
        FROM \(keys)
        WHERE charge.operator_id = :operator::bigint AND charge.number = item.number
        """

    /// A batch id that grows with time, as a node's ids do.
    private static let batch = """
        (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000000)::bigint), 16, '0') \
        || lpad(to_hex(:client_id::bigint), 16, '0'))::uuid
        """

    /// The service's statement with arrays that the server makes up, in the order of the keys.
    private static let ownStatement =
        """
        WITH keys AS MATERIALIZED (
            SELECT
                array_agg(kind ORDER BY number) AS kinds, array_agg(number ORDER BY number) AS numbers,
                array_agg('C' || substr(number, 2) ORDER BY number) AS customers,
                array_agg(reference_number ORDER BY number) AS reference_numbers, \(batch) AS batch
            FROM \(keys)
        ), \(Statement<DecisionBatch, BatchedDecision>.decideBatch.sql.dropFirst("WITH ".count))
        """
        .replacing("$1", with: "array_fill(:operator::bigint, ARRAY[:rows::integer])")
        .replacing("$2", with: "array_fill(clock_timestamp() + interval '10 s', ARRAY[:rows::integer])")
        .replacing("$3", with: "array_fill('benchmark'::text, ARRAY[:rows::integer])")
        .replacing("$4", with: "array_fill(NULL::text, ARRAY[:rows::integer])")
        .replacing("$5", with: "(SELECT kinds FROM keys)")
        .replacing("$6", with: "(SELECT numbers FROM keys)")
        .replacing("$7", with: "(SELECT customers FROM keys)")
        .replacing("$8", with: "(SELECT reference_numbers FROM keys)")
        .replacing("$9", with: "(SELECT batch FROM keys)")

    private static let listStatement = Statement<ChargeListQuery, ChargeListRow>.pendingByPlace.sql
        .replacing("$1", with: "NULL::text").replacing("$2", with: ":operator::bigint")
        .replacing("$3", with: "(to_timestamp(:first_received_on) + make_interval(secs => :place))")
        .replacing("$4", with: "('I' || lpad(:place::text, 8, '0'))")
        .replacing("$5", with: "51")
}
