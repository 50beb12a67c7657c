/// A place in the feed, which one feed alone understands: after a restore another epoch begins.
package struct FeedCursor: Equatable, Sendable {
    package let epoch: String
    /// The last position that was read.
    package let position: Int64

    package init(epoch: String, position: Int64) {
        self.epoch = epoch
        self.position = position
    }

    /// The cursor as clients keep it.
    package var text: String { "\(epoch).\(position)" }

    /// - Returns: `nil` if the text is no cursor.
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let hexadecimal = { (byte: UInt8) in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
        }
        guard parts.count == 2, parts[0].count == 32, parts[0].allSatisfy(hexadecimal),
            let position = Int64(String(decoding: parts[1], as: UTF8.self)), position >= 0
        else { return nil }
        self.init(epoch: String(decoding: parts[0], as: UTF8.self), position: position)
    }
}

/// Where a reading of the feed begins.
package enum FeedStart: Equatable, Sendable {
    case beginning
    case after(FeedCursor)
    /// With the first decision that was published then or later. None is published before it is made.
    case since(Timestamp)
}

/// A part of the feed.
package struct FeedPage: Sendable {
    package let decisions: [PublishedDecision]
    /// Where the next reading begins.
    package let next: FeedCursor

    package init(decisions: [PublishedDecision], next: FeedCursor) {
        self.decisions = decisions
        self.next = next
    }
}

/// One decision in the feed. Operator, number and revision name it.
package struct PublishedDecision: Equatable, Sendable {
    package let position: Int64
    package let operatorCode: String
    package let number: ExactText
    package let providerChargeIdentifier: ExactText?
    package let decision: Decision
    package let revision: Int
    package let isByPolicy: Bool
    package let decidedOn: Timestamp

    package init(
        position: Int64, operatorCode: String, number: ExactText, providerChargeIdentifier: ExactText?,
        decision: Decision, revision: Int, isByPolicy: Bool, decidedOn: Timestamp
    ) {
        self.position = position
        self.operatorCode = operatorCode
        self.number = number
        self.providerChargeIdentifier = providerChargeIdentifier
        self.decision = decision
        self.revision = revision
        self.isByPolicy = isByPolicy
        self.decidedOn = decidedOn
    }
}
