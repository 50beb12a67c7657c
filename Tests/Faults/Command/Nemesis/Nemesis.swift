import FaultJournal
import Foundation
import Synchronization

/// What causes the faults of a run: two at a time, on a schedule that the seed makes.
final class Nemesis: Sendable {
    private struct State {
        /// The faults under way that leave clients without a service.
        var stopping = 0
        /// How many such faults have begun.
        var stopped = 0
        var problem: String?
        var log: [String] = []
    }

    /// The faults that leave clients without a service, as a fault that is under way sees the others.
    private struct Stoppages {
        let underWay: Int
        let begun: Int

        init(of state: State, without injection: Injection) {
            underWay = state.stopping - (injection.stopsService ? 1 : 0)
            begun = state.stopped
        }

        /// Whether one was under way at some time between this moment and a later one.
        func overlap(_ later: Stoppages) -> Bool { underWay > 0 || later.begun > begun }
    }

    private let scenario: Scenario
    private let cluster: Cluster
    private let workload: Workload
    private let run: Int
    private let seed: UInt64
    private let state = Mutex(State())

    init(scenario: Scenario, cluster: Cluster, workload: Workload, seed: UInt64, run: Int) {
        self.scenario = scenario
        self.cluster = cluster
        self.workload = workload
        self.seed = seed
        self.run = run
    }

    /// Causes faults for some seconds, and returns when every one has ended.
    ///
    /// - Returns: What was done, a line each.
    func run(seconds: Double, isCancelled: @escaping @Sendable () -> Bool) throws -> [String] {
        let ends = workload.caller.meter.now + seconds
        let tracks = DispatchGroup()
        for track in scenario.tracks {
            tracks.enter()
            Thread.detachNewThread { [self] in
                defer { tracks.leave() }
                do {
                    try cause(track, until: ends, isCancelled)
                } catch {
                    state.withLock { $0.problem = "a fault failed: \(error)" }
                }
            }
        }
        tracks.wait()
        let (problem, log) = state.withLock { ($0.problem, $0.log) }
        if let problem { throw Shell.Failure(description: problem) }
        return log
    }

    private func cause(_ track: Scenario.Track, until ends: Double, _ isCancelled: () -> Bool) throws {
        let meter = workload.caller.meter
        var context = Injection.Context(
            cluster: cluster, workload: workload, journal: workload.caller.journal,
            generator: SeededGenerator(seed: seed, purpose: track.name), run: run)
        var isFirst = true
        while meter.now < ends, !isCancelled() {
            // The first comes soon; all come once at least.
            pause(seconds: Double.random(in: isFirst ? 0...1 : 1...3, using: &context.generator))
            guard isFirst || meter.now < ends else { return }
            isFirst = false
            let injection = context.generator.pick(track.injections)
            let lasts = Double.random(in: injection.lasts, using: &context.generator)
            try note(injection, "", .begins)
            let began = meter.now
            let others = state.withLock { Stoppages(of: $0, without: injection) }
            let active: Injection.Active
            do {
                active = try injection.begin(&context)
            } catch
                where !injection.isFailover
                && state.withLock({ others.overlap(Stoppages(of: $0, without: injection)) })
            {
                // The other fault had taken away what this one needs: no import reaches a database that is down.
                try note(injection, "", .ends)
                let reason = "\(error)".prefix { !$0.isNewline }.suffix(200)
                log(from: began, "\(injection.name): not possible, \(reason)")
                continue
            }
            let left = max(0.5, ends - meter.now)
            pause(seconds: min(lasts, left))
            try active.end()
            try note(injection, active.target, .ends)
            log(from: began, injection.name + (active.target.isEmpty ? "" : ": " + active.target))
        }
    }

    private func log(from began: Double, _ words: String) {
        let line = String(format: "%5.1f to %5.1f s  %@", began, workload.caller.meter.now, words)
        state.withLock { $0.log.append(line) }
    }

    /// Records the beginning or the end of a fault, under a lock, so that the records' words agree with their order.
    private func note(_ injection: Injection, _ target: String, _ phase: Fault.Phase) throws {
        try state.withLock { state in
            if injection.stopsService {
                state.stopping += phase == .begins ? 1 : -1
                if phase == .begins { state.stopped += 1 }
            }
            try workload.caller.journal.fault(
                Fault(
                    injection.name, target: target, phase, isServiceable: state.stopping == 0,
                    isFailover: injection.isFailover && phase == .begins,
                    delaysEffects: injection.delaysEffects))
        }
    }
}
