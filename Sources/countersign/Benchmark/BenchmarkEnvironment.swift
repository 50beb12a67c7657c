import StrictJSON
import Authentication
import Benchmark
import Charges
import ChargeStore
import Foundation
import HTTPFront

/// What is measured: a service, its database, and operators and charges of the benchmark's own there.
final class BenchmarkEnvironment {
    let database: BenchmarkDatabase
    let session: AdministrationSession
    /// What tells this benchmark's operators and reference numbers from those of others.
    let tag: String
    /// Those that the calls are spread over, and at last one more, with few charges, who stands by.
    let operators: [BenchmarkOperator]
    let identifiers: [OperatorIdentifier]
    let firstReceivedOn: Timestamp
    /// Where yardsticks walk that leave each decision's kind as it was: on from where the last one stopped, as the
    /// service does, and not again over rows that were just written.
    let yardstickWalk: KeySequence
    private let keys: [APIKey]
    private let loop: LoadLoop
    let folder: TemporaryFolder
    /// The process under which all of the database's stand, if it runs on this machine.
    let postmaster: Int32?
    private(set) var node: NodeProcess?
    private(set) var target = HTTPTarget(host: "", port: 0)
    private(set) var tokens: [String] = []
    /// What became of all calls so far.
    private var answered = ResultCounts()

    /// Seeds the database.
    init(
        database: BenchmarkDatabase, operatorCount: Int, chargeCount: Int, historyCount: Int = 0,
        folder: TemporaryFolder, on loop: LoadLoop
    ) throws {
        self.database = database
        self.folder = folder
        self.loop = loop
        session = try AdministrationSession(database: database.owner, applicationName: "countersign bench")
        postmaster = ProcessTree.parent(of: session.serverProcessIdentifier, named: "postgres")
        let seeding = BenchmarkSeeding(
            session: session, operatorCount: operatorCount, chargeCount: chargeCount,
            historyCount: historyCount)
        (operators, identifiers, keys) = try seeding.run()
        yardstickWalk = KeySequence(chargeCount: operators[0].walk.chargeCount)
        tag = seeding.tag
        firstReceivedOn = seeding.firstReceivedOn
    }

    /// The operators that calls are spread over.
    var callers: Range<Int> { 0..<(operators.count - 1) }
    /// The one that stands by.
    var bystander: Int { operators.count - 1 }

    /// Measures a service that runs already.
    func attach(_ target: HTTPTarget) throws {
        self.target = target
        try logIn()
    }

    /// Starts a node of the benchmark's own, in place of an earlier one.
    ///
    /// - Parameter arguments: Further ones of `serve`.
    func startNode(_ arguments: [String]) throws {
        stopNode()
        let node = try NodeProcess(
            database: database.node, folder: folder, arguments: arguments, on: loop)
        self.node = node
        target = node.target
        try logIn()
    }

    func stopNode() {
        node?.end()
        node = nil
    }

    func end() {
        stopNode()
        session.close()
    }

    /// A load of accept and decline calls.
    ///
    /// - Parameter callers: Whose calls they are, by index.
    func decisions(
        items: Int, connections: Int, pace: LoadModel = .closed, failing: FailureRate = .none,
        callers: Range<Int>? = nil
    ) -> HTTPLoad {
        let callers = callers ?? self.callers
        let series = DecisionSeries(
            operators: Array(operators[callers]), itemsPerCall: items, failing: failing)
        return HTTPLoad(
            target: target, connections: connections, pace: pace,
            workload: DecisionWorkload(series, target: target, tokens: Array(tokens[callers]), tag: tag),
            on: loop)
    }

    /// As many as cover a million charges, so that nothing of the list is nearer than the rest.
    private static let listPlaces = 20_000
    private static let listLength = 50

    /// A load of `list` calls for 50 charges each, at random places of the first operator's list.
    func lists(connections: Int) -> HTTPLoad {
        let filter = ChargeListFilter(isProcessed: false)
        let code = operators[0].code
        let requests = (0..<Self.listPlaces).map { _ in
            let place = Int.random(in: 0..<max(1, operators[0].walk.chargeCount - 51))
            let receivedOn = Timestamp(
                microsecondsSince2000: firstReceivedOn.microsecondsSince2000 + Int64(place) * 1_000_000)
            let cursor = ChargeCursor(
                ChargePlace(receivedOn: receivedOn, number: ExactText(BenchmarkNames.number(place))),
                operatorCode: code, filter: filter)
            let query =
                "number_of_results=\(Self.listLength)&charge_status=NOT_PROCESSED&after=\(cursor.text)"
            return target.request(
                "GET", "netflix/charges/list?\(query)", authorization: "Bearer \(tokens[0])")
        }
        return HTTPLoad(
            target: target, connections: connections, pace: .closed,
            workload: RequestCycle(
                requests, shape: ExpectedResult(items: 0, listedCharges: Self.listLength)),
            on: loop)
    }

    private func logIn() throws {
        tokens = try keys.map { key in
            let basic = Data((key.text + ":").utf8).base64EncodedString()
            let request = target.request(
                "POST", "authentication/web_api_key/token", authorization: "Basic \(basic)")
            // A new database's first signing key signs some seconds after it was made.
            let deadline = ContinuousClock.now + .seconds(15)
            while true {
                let answer = try HTTPCall.make(request, to: target, on: loop)
                if answer.status == 200, let token = Self.token(in: answer.body) { return token }
                guard answer.status == 503, ContinuousClock.now < deadline else {
                    throw CommandFailure("the service does not log the benchmark in: \(answer.body)")
                }
                Thread.sleep(forTimeInterval: 0.1)
            }
        }
    }

    private static func token(in body: String) -> String? {
        guard let json = try? JSONReader.read(Array(body.utf8)),
            case .string(let token)? = json["data"]?["token"]
        else { return nil }
        return token
    }
}

extension BenchmarkEnvironment {
    /// Has the database make a checkpoint.
    func checkpoint() throws {
        try session.checkpoint()
    }

    /// Waits until what earlier runs left to be done is done, and has a checkpoint made.
    func settle() throws {
        let deadline = ContinuousClock.now + .seconds(120)
        while try session.hasUnpublishedDecisions(), ContinuousClock.now < deadline {
            try Interruption.pause(until: .now + .milliseconds(50))
        }
        try checkpoint()
    }

    /// Holds what loads were answered against the rows that the history has more since, and against what was asked.
    ///
    /// - Throws: `CommandFailure` if they do not agree, or the service was gone in the end.
    func account(for results: [LoadResult], historyRowsAdded: Int) throws {
        var tally = ResultCounts()
        for result in results { tally += result.whole }
        if let disagreement = tally.disagreement(historyRowsAdded: historyRowsAdded) {
            throw CommandFailure(disagreement)
        }
        try node?.requireRunning()
        for result in results {
            if let silence = result.window.silence { throw CommandFailure(silence) }
            guard !result.isDisconnected else {
                throw CommandFailure(
                    "the service has let go of every connection and takes none: \(result.whole.unknownCalls) calls have no answer, and \(result.unsentCalls) that were due were never made"
                )
            }
        }
        answered += tally
        if let surprise = answered.surprise { throw CommandFailure(surprise) }
    }
}
