/// A place in the feed, with a mark of what was read there. A feed that has something else at this place refuses it.
package struct FeedCursor: Equatable, Sendable {
    /// The feed's identity: 32 hexadecimal digits.
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

    /// The cursor as clients hold it.
    package var text: String {
        let digits = String(batch, radix: 16)
        return "\(epoch).\(position).\(String(repeating: "0", count: 16 - digits.utf8.count))\(digits)"
    }

    /// Reads a cursor.
    ///
    /// - Returns: `nil` unless `text` can return this text.
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

/// The start of a page of the feed.
package enum FeedStart: Equatable, Sendable {
    case beginning
    case after(FeedCursor)
    /// The first decision that was published at this time or later. A decision is published after it is made.
    case since(Timestamp)
}

/// A page of the feed.
package struct FeedPage: Sendable {
    package let decisions: [PublishedDecision]
    /// The cursor of the next page.
    package let next: FeedCursor

    package init(decisions: [PublishedDecision], next: FeedCursor) {
        self.decisions = decisions
        self.next = next
    }
}

/// A decision in the feed, named by operator, number and revision.
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
