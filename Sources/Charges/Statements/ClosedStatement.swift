/// A closed statement: a numbered run of an operator's events, which never changes.
package struct ClosedStatement: Sendable {
    package var operatorIdentifier: OperatorIdentifier
    /// The statement's number, from 1. Where it does not follow the one before, a restore lost what was between.
    package var number: Int
    package var firstEventNumber: Int64
    /// One less than the first if the statement is empty.
    package var lastEventNumber: Int64
    /// The events were published at this time or later,
    package var beginsOn: Timestamp
    /// and before this one.
    package var endsOn: Timestamp
    package var closedOn: Timestamp
    /// The digest of the last statement that was known elsewhere, after a restore that lost data.
    package var otherPredecessor: [UInt8]?
    /// The SHA-256 that proves the statement and all before it; `nil` until it is computed, soon after closing.
    package var digest: [UInt8]?

    package var eventCount: Int64 { lastEventNumber - firstEventNumber + 1 }

    /// The digests that this statement's own one covers besides its lines.
    ///
    /// - Parameter digest: That of the statement before this one; `nil` for the first.
    package func predecessors(after digest: [UInt8]?) -> [[UInt8]] {
        [digest, otherPredecessor].compactMap(\.self)
    }

    package init(
        operatorIdentifier: OperatorIdentifier, number: Int, firstEventNumber: Int64, lastEventNumber: Int64,
        beginsOn: Timestamp, endsOn: Timestamp, closedOn: Timestamp, otherPredecessor: [UInt8]?,
        digest: [UInt8]?
    ) {
        self.operatorIdentifier = operatorIdentifier
        self.number = number
        self.firstEventNumber = firstEventNumber
        self.lastEventNumber = lastEventNumber
        self.beginsOn = beginsOn
        self.endsOn = endsOn
        self.closedOn = closedOn
        self.otherPredecessor = otherPredecessor
        self.digest = digest
    }
}
