import StrictJSON
import Authentication
import Benchmark
import Charges
import ChargeStore
import Foundation
import HTTPFront

/// The environment of a benchmark: a service, its database, and the operators and charges that the benchmark added.
final class BenchmarkEnvironment {
    let database: BenchmarkDatabase
    let session: AdministrationSession
    /// The tag in the names of this benchmark's operators and reference numbers. It keeps runs apart.
    let tag: String
    /// The operators that make the calls, and as the last one a bystander with few charges.
    let operators: [BenchmarkOperator]
    let identifiers: [OperatorIdentifier]
    let firstReceivedOn: Timestamp
    /// The key sequence of the baselines that keep each decision's kind. Each baseline continues where the last one
    /// stopped, as the service does, instead of visiting rows that were just written.
    let baselineKeys: KeySequence
    private let keys: [APIKey]
    private let loop: LoadLoop
    let folder: TemporaryFolder
    /// The parent of all processes of the database, if it runs on this machine.
    let postmaster: Int32?
    private(set) var node: NodeProcess?
    private(set) var target = HTTPTarget(host: "", port: 0)
    private(set) var tokens: [String] = []
    /// The results of all calls so far.
    private var answered = ResultCounts()
    /// The stalls of the runs whose stalls are named, since they were last taken.
    private var stalls: [Stall] = []
    private var samples: [ActivitySample] = []

    /// Connects to the database and seeds it.
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
        baselineKeys = KeySequence(chargeCount: operators[0].keySequence.chargeCount)
        tag = seeding.tag
        firstReceivedOn = seeding.firstReceivedOn
    }

    /// The indexes of the operators that make calls.
    var callers: Range<Int> { 0..<(operators.count - 1) }
    /// The index of the bystander.
    var bystander: Int { operators.count - 1 }

    /// Uses a running service.
    func attach(_ target: HTTPTarget) throws {
        self.target = target
        try logIn()
    }

    /// Starts a private node in place of an earlier one.
    ///
    /// - Parameter arguments: Further arguments of `serve`.
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
    /// - Parameter callers: The indexes of the operators that call.
    func decisions(
        items: Int, connections: Int, model: LoadModel = .closed, failing: FailureRate = .none,
        callers: Range<Int>? = nil
    ) -> HTTPLoad {
        let callers = callers ?? self.callers
        let series = DecisionSeries(
            operators: Array(operators[callers]), itemsPerCall: items, failing: failing)
        return HTTPLoad(
            target: target, connections: connections, model: model,
            workload: DecisionWorkload(series, target: target, tokens: Array(tokens[callers]), tag: tag),
            on: loop)
    }

    /// The number of list positions. They cover a million charges, so that no part of the list is cached more than the
    /// rest.
    private static let listPlaces = 20_000
    private static let listLength = 50

    /// A load of `list` calls for 50 charges each, at random places of the first operator's list.
    func lists(connections: Int) -> HTTPLoad {
        let filter = ChargeListFilter(isProcessed: false)
        let code = operators[0].code
        let requests = (0..<Self.listPlaces).map { _ in
            let place = Int.random(in: 0..<max(1, operators[0].keySequence.chargeCount - 51))
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
            target: target, connections: connections, model: .closed,
            workload: RequestCycle(
                requests, expected: ExpectedResult(items: 0, listedCharges: Self.listLength)),
            on: loop)
    }

    private func logIn() throws {
        tokens = try keys.map(token)
    }

    /// Logs in with a key.
    func token(of key: APIKey) throws -> String {
        let basic = Data((key.text + ":").utf8).base64EncodedString()
        let request = target.request(
            "POST", "authentication/web_api_key/token", authorization: "Basic \(basic)")
        // The first signing key of a new database signs some seconds after its creation.
        let deadline = ContinuousClock.now + .seconds(15)
        while true {
            let answer = try HTTPCall.make(request, to: target, on: loop)
            if answer.status == 200, let token = Self.token(in: answer.body) { return token }
            guard answer.status == 503, ContinuousClock.now < deadline else {
                throw CommandFailure("the service refused the benchmark's login: \(answer.body)")
            }
            Thread.sleep(forTimeInterval: 0.1)
        }
    }

    /// The code of the operator whose charges have a history, and which makes no calls.
    var historyOperatorCode: String { BenchmarkNames.historyOperatorCode(tag: tag) }

    private static func token(in body: String) -> String? {
        guard let json = try? JSONReader.read(Array(body.utf8)),
            case .string(let token)? = json["data"]?["token"]
        else { return nil }
        return token
    }
}

extension BenchmarkEnvironment {
    /// Makes a checkpoint in the database.
    func checkpoint() throws {
        try session.checkpoint()
    }

    /// Waits until the work that earlier runs left is done, and makes a checkpoint.
    func waitUntilIdle() throws {
        let deadline = ContinuousClock.now + .seconds(120)
        while try session.hasUnpublishedDecisions(), ContinuousClock.now < deadline {
            try Interruption.pause(until: .now + .milliseconds(50))
        }
        try checkpoint()
    }

    /// Notes the slow calls of a run, and what happened meanwhile.
    func note(_ slowCalls: [SlowCall], _ samples: [ActivitySample]) {
        stalls += Stall.stalls(of: slowCalls)
        self.samples += samples
    }

    /// The names of the stalls that were noted since the last time: a line for each.
    func takeStalls() -> [String] {
        defer { (stalls, samples) = ([], []) }
        return Stall.lines(
            stalls, node?.slowLog ?? NodeLog(batches: [], calls: []), samples,
            processors: ProcessInfo.processInfo.activeProcessorCount)
    }

    /// Has the private server make its checkpoints as in production, or only those that runs ask for.
    func setCheckpoints(_ checkpoints: BenchmarkRunner.Checkpoints) throws {
        guard node != nil else { return }
        let isSpread = checkpoints == .spread
        try session.setServerSetting("checkpoint_timeout", to: isSpread ? "30s" : nil)
        try session.setServerSetting("checkpoint_completion_target", to: isSpread ? "0.9" : nil)
    }

    /// Compares the results of loads with the rows that were added to the history, and with the expected results.
    ///
    /// - Throws: `CommandFailure` if they do not agree, or if the service has stopped.
    func account(for results: [LoadResult], historyRowsAdded: Int) throws {
        var counts = ResultCounts()
        for result in results { counts += result.whole }
        if let mismatch = counts.mismatch(historyRowsAdded: historyRowsAdded) {
            throw CommandFailure(mismatch)
        }
        try node?.requireRunning()
        for result in results {
            if let inactivity = result.window.inactivity { throw CommandFailure(inactivity) }
            guard !result.isDisconnected else {
                throw CommandFailure(
                    "the service closed every connection and accepts none: \(result.whole.unknownCalls) calls have no response, and \(result.unsentCalls) due calls were never sent"
                )
            }
        }
        answered += counts
        if let unexpectedResult = answered.unexpectedResult { throw CommandFailure(unexpectedResult) }
    }
}
