import FaultJournal
import Foundation
import Synchronization

/// The clients of a run, each on a thread of its own with one call under way at a time.
final class Workload: Sendable {
    let state: RunState
    let caller: Caller
    let seed: UInt64
    private let threads = DispatchGroup()
    private let problem = Mutex<String?>(nil)
    private let extras = Mutex(0)
    /// Tokens that further clients may use.
    private let lent = Mutex<[String: (token: String, label: String)]>([:])

    /// - Parameters:
    ///   - state: What the clients know together.
    ///   - caller: What makes their calls.
    init(state: RunState, caller: Caller, seed: UInt64) {
        self.state = state
        self.caller = caller
        self.seed = seed
    }

    /// Brings the first charges in, and starts every client.
    func start() throws {
        var first = bridge("first")
        for _ in 0..<10 { try first.ingest(30) }
        for account in state.operators {
            let session = OperatorSession(
                client: "lender-\(account.code)", operatorCode: account.code, caller: caller)
            if try session.logIn(at: .balancer), let token = session.token, let label = session.label {
                lent.withLock { $0[account.code] = (token, label) }
            }
        }
        for number in 0..<12 {
            let account = state.operators[number % state.operators.count]
            run({ self.operatorClient("o\(number)", account) }, callsPerSecond: 12) { try $0.step() }
        }
        run({ self.bridge("bridge") }, callsPerSecond: 10) { try $0.ingest() }
        run({ self.bridge("reader") }, callsPerSecond: 8) { try $0.readFeed() }
        run({ self.bridge("processor") }, callsPerSecond: 12) { try $0.process() }
        run({ [self] in AccountClient(state: state, caller: caller, seed: seed) }, callsPerSecond: 2) {
            try $0.step()
        }
    }

    /// Adds a client that decides by files.
    func add(_ client: DecisionFileClient) {
        run({ client }, callsPerSecond: 6) { try $0.step() }
    }

    /// Further clients without a pause between their calls, until `ends`.
    ///
    /// - Parameter operatorCode: The operator that all are of; `nil` for each in turn.
    func addImpatient(_ number: Int, operatorCode: String? = nil, until ends: @escaping @Sendable () -> Bool)
    {
        let accounts = state.operators.filter { !$0.isSuspendedAtTimes && $0.code == operatorCode ?? $0.code }
        let first = extras.withLock { extras in
            defer { extras += number }
            return extras
        }
        for offset in 0..<number {
            let account = accounts[offset % accounts.count]
            run(
                { [self] in
                    let client = operatorClient("x\(first + offset)", account)
                    if let (token, label) = lent.withLock({ $0[account.code] }) {
                        client.session.adopt(token, label)
                    }
                    return client
                }, callsPerSecond: nil, until: ends
            ) { try $0.step() }
        }
    }

    /// Lets every client end its call.
    func stop() throws {
        state.isEnding = true
        threads.wait()
        if let problem = problem.withLock({ $0 }) { throw Shell.Failure(description: problem) }
    }

    private func operatorClient(_ name: String, _ account: RunState.OperatorAccount) -> OperatorClient {
        OperatorClient(name: name, account: account, state: state, caller: caller, seed: seed)
    }

    private func bridge(_ name: String) -> ProviderBridge {
        ProviderBridge(name: name, state: state, caller: caller, seed: seed)
    }

    /// Starts a client on a thread of its own, which makes it.
    private func run<Client>(
        _ make: @escaping @Sendable () -> Client, callsPerSecond: Double?,
        until ends: @escaping @Sendable () -> Bool = { false },
        _ step: @escaping @Sendable (inout Client) throws -> Void
    ) {
        threads.enter()
        let thread = Thread { [self] in
            defer { threads.leave() }
            var client = make()
            var next = caller.meter.now
            while !state.isEnding, !ends() {
                do {
                    try step(&client)
                } catch {
                    problem.withLock { $0 = "a client failed: \(error)" }
                    return
                }
                guard let callsPerSecond else { continue }
                // What was missed is not made up for.
                next = max(next + 1 / callsPerSecond, caller.meter.now - 1 / callsPerSecond)
                pause(seconds: next - caller.meter.now)
            }
        }
        thread.stackSize = 1 << 20
        thread.start()
    }
}
