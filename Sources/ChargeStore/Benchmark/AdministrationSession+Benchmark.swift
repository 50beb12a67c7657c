package import Charges
import LibPQ

extension AdministrationSession {
    /// Adds pending charges of an operator, declined once and named by their counts: `I00000001` of customer
    /// `C00000001`, and so on.
    ///
    /// - Parameter firstReceivedOn: When the charge with the count 0 was received; each later one came a second
    ///   after the one before it.
    package func addBenchmarkCharges(
        _ counts: ClosedRange<Int>, operatorCode: String, currency: String, firstReceivedOn: Timestamp
    ) throws(AdministrationFailure) {
        let input = BenchmarkCharges(
            operatorIdentifier: try operatorIdentifier(code: operatorCode), counts: counts,
            currency: currency, firstReceivedOn: firstReceivedOn)
        _ = try run(.addBenchmarkCharges, input, doing: "adding charges", timeout: .seconds(600))
    }

    /// Adds charges of three months with their history, named by their counts.
    ///
    /// - Parameter total: How many there are to be; the last one has just been received.
    package func addBenchmarkHistory(
        _ counts: ClosedRange<Int>, of total: Int, operatorCode: String, currency: String
    ) throws(AdministrationFailure) {
        let input = BenchmarkHistory(
            operatorIdentifier: try operatorIdentifier(code: operatorCode), counts: counts,
            currency: currency,
            total: total)
        _ = try run(.addBenchmarkHistory, input, doing: "adding history", timeout: .seconds(600))
    }

    /// Accepts charges of these counts, each under a reference number, `B-TAG-` and ten digits that go up from the
    /// first one.
    package func takeBenchmarkReferences(
        _ counts: ClosedRange<Int>, operatorCode: String, tag: String, firstReference: Int
    ) throws(AdministrationFailure) {
        let input = BenchmarkReferences(
            operatorIdentifier: try operatorIdentifier(code: operatorCode), counts: counts, tag: tag,
            firstReference: firstReference)
        _ = try run(
            .takeBenchmarkReferences, input, doing: "taking reference numbers", timeout: .seconds(600))
    }

    /// Leaves the tables as a database that has run for a while has them: vacuumed and analysed.
    package func settleBenchmarkTables() throws(AdministrationFailure) {
        for table in ["charge", "charge_history", "operator", "operator_user", "api_key"] {
            try execute(
                "VACUUM (ANALYZE) countersign.\(table)", doing: "vacuuming", timeout: .seconds(1800))
        }
    }

    /// The number by which the database knows an operator.
    package func benchmarkOperatorIdentifier(code: String) throws(AdministrationFailure)
        -> OperatorIdentifier
    {
        try operatorIdentifier(code: code)
    }

    /// How many rows the history has of these operators' charges.
    package func historyRowCount(of operators: [OperatorIdentifier]) throws(AdministrationFailure) -> Int {
        Int(try run(.historyRowCount, operators, doing: "counting", timeout: .seconds(600)).first ?? 0)
    }

    /// How much the database has done so far.
    package func benchmarkCounters() throws(AdministrationFailure) -> BenchmarkCounters {
        guard let counters = try run(.benchmarkCounters, (), doing: "reading counters").first else {
            throw AdministrationFailure("the database does not tell its counters")
        }
        return counters
    }

    /// Settings of the server as SHOW gives them, in the order of their names.
    package func serverSettings(_ names: [String]) throws(AdministrationFailure) -> [ServerSetting] {
        try run(.serverSettings, names, doing: "reading the server's settings")
    }

    /// Has the server make a checkpoint, and returns when it is made.
    package func checkpoint() throws(AdministrationFailure) {
        try execute("CHECKPOINT", doing: "the checkpoint", timeout: .seconds(600))
    }

    /// Whether decisions wait for their positions in the provider's feed.
    package func hasUnpublishedDecisions() throws(AdministrationFailure) -> Bool {
        try run(.hasUnpublishedDecisions, (), doing: "looking at the feed").first ?? false
    }

    /// The server process of this session.
    package var serverProcessIdentifier: Int32 { connection.backendProcessIdentifier }
}
