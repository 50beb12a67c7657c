/// A place in the feed, with what was read there: a feed that holds something else at this place refuses it.
package struct FeedCursor: Equatable, Sendable {
    /// Which feed it is: 32 hexadecimal digits.
    package let epoch: String
    /// The last position that was read; 0 before the first.
    package let position: Int64
    /// The last eight bytes of the id of the batch in which that position lies; 0 at position 0.
    package let batch: UInt64

    package init(epoch: String, position: Int64, batch: UInt64) {
        self.epoch = epoch
        self.position = position
        self.batch = batch
    }

    /// The cursor as clients keep it.
    package var text: String {
        let digits = String(batch, radix: 16)
        return "\(epoch).\(position).\(String(repeating: "0", count: 16 - digits.utf8.count))\(digits)"
    }

    /// - Returns: `nil` unless the text is one that `text` gives.
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
        guard parts.count == 3, parts[0].utf8.count == 32, Hexadecimal.bytes(parts[0]) != nil,
            let position = Int64(parts[1]), position >= 0, let batch = UInt64(parts[2], radix: 16)
        else { return nil }
        self.init(epoch: parts[0].lowercased(), position: position, batch: batch)
        guard ExactText(self.text) == ExactText(text) else { return nil }
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
