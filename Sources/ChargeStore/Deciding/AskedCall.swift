import Charges

/// A call on its way to the database. Its items refer to it, so that each is as cheap to hand on as a reference.
final class AskedCall: Sendable {
    let call: DecisionCall
    /// Nothing is applied after it. It leaves time before the call's own to settle a lost commit.
    let deadline: ContinuousClock.Instant
    /// The server's clock as the node knew it when the call began; `nil` if it had none yet. The deadline is told
    /// by this one however long the call waits: on a machine that stood still meanwhile the node's clock stood
    /// still too, and by a clock that was read afterwards the call would have time left.
    let clock: ServerClock?

    init(_ call: DecisionCall, deadline: ContinuousClock.Instant, clock: ServerClock?) {
        self.call = call
        self.deadline = deadline
        self.clock = clock
    }

    /// Some of its items.
    func entries(_ indices: [Int]) -> [DecisionBatch.Entry] {
        indices.map { DecisionBatch.Entry(asked: self, index: $0) }
    }
}
