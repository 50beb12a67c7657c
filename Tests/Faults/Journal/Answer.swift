/// What came back for a call.
package struct Answer: Equatable, Sendable {
    package var transport: Transport
    /// The envelope's `status.code`; nil if the body is not our envelope.
    package var code: String?
    package var data: AnswerData

    package init(_ transport: Transport, code: String? = nil, data: AnswerData = .nothing) {
        self.transport = transport
        self.code = code
        self.data = data
    }

    /// A whole answer with status 200 and `OK`.
    package static func ok(_ data: AnswerData = .nothing) -> Answer {
        Answer(.http(200), code: "OK", data: data)
    }
}

/// How a call ended, seen from its client.
package enum Transport: Equatable, Sendable {
    /// A whole HTTP answer, with its status.
    case http(Int)
    /// No connection came about, so nothing was sent.
    case refused
    /// The connection ended before a whole answer.
    case broken
    /// The client gave up. (It waits longer than the service's deadline.)
    case timedOut
    /// Of the command line: the exit status.
    case exit(Int)
}

/// The content of an answer that was `OK`.
package enum AnswerData: Equatable, Sendable {
    case nothing
    /// Of a call with items: the failures alone, in the order of the answer.
    case failures([ItemResult])
    /// Of a call with items: the result of each (`results=all`, `ingest`).
    case results([ItemResult])
    /// Of `list`: the rows of the page.
    case charges([ChargeRow])
    /// Of `show`: the charge, all its decisions and acknowledgements in order, and all references that it has taken.
    case charge(ChargeRow, history: [HistoryRow], references: [String])
    /// Of `feed`: the rows of the page.
    case feed([FeedRow])
    /// Of `login`: the label that the suite gave the token, unique in the journal.
    case token(String)
}

/// What an answer says of one item.
package struct ItemResult: Equatable, Sendable {
    /// As in the call's item.
    package var operatorCode: String?
    package var number: String
    package var reference: String?
    /// `OK`, or the code of the failure. For `ingest`: `CREATED`, `KNOWN` (`created: false`), or the failure.
    package var code: String
    /// With `results=all`: the revision of the decision.
    package var revision: Int?
    /// For `ingest`: the number that the charge has.
    package var value: String?

    package init(
        _ number: String, _ code: String, operatorCode: String? = nil, reference: String? = nil,
        revision: Int? = nil, value: String? = nil
    ) {
        self.operatorCode = operatorCode
        self.number = number
        self.reference = reference
        self.code = code
        self.revision = revision
        self.value = value
    }
}

/// A charge as a read shows it. What the read does not show is nil.
package struct ChargeRow: Equatable, Sendable {
    package var operatorCode: String
    package var number: String
    package var customer: String?
    /// `charge_status`.
    package var status: String
    /// `NONE` if the read shows that there is no decision.
    package var decision: String?
    /// The reference of the current decision. It counts as shown if the decision is.
    package var reference: String?
    package var revision: Int?
    package var isAcknowledged: Bool?

    package init(
        _ operatorCode: String, _ number: String, customer: String? = nil, status: String,
        decision: String? = nil, reference: String? = nil, revision: Int? = nil, isAcknowledged: Bool? = nil
    ) {
        self.operatorCode = operatorCode
        self.number = number
        self.customer = customer
        self.status = status
        self.decision = decision
        self.reference = reference
        self.revision = revision
        self.isAcknowledged = isAcknowledged
    }
}

/// A row of a charge's history: a decision, or with revision 0 the acknowledgement.
package struct HistoryRow: Equatable, Sendable {
    package var revision: Int
    /// `ACCEPTED`, `DECLINED` or `ACKNOWLEDGED`.
    package var kind: String
    package var reference: String?
    /// `operator` or `policy`.
    package var madeBy: String
    /// In the final read alone.
    package var idempotencyKey: String?

    package init(
        _ revision: Int, _ kind: String, reference: String? = nil, madeBy: String = "operator",
        idempotencyKey: String? = nil
    ) {
        self.revision = revision
        self.kind = kind
        self.reference = reference
        self.madeBy = madeBy
        self.idempotencyKey = idempotencyKey
    }
}

/// A row of the feed.
package struct FeedRow: Equatable, Sendable {
    package var position: Int
    package var operatorCode: String
    package var number: String
    package var decision: String
    package var revision: Int

    package init(
        _ position: Int, _ operatorCode: String, _ number: String, _ decision: String, _ revision: Int
    ) {
        self.position = position
        self.operatorCode = operatorCode
        self.number = number
        self.decision = decision
        self.revision = revision
    }
}

/// A line of a statement's file.
package struct EventRow: Equatable, Sendable {
    package var operatorCode: String
    /// The number of the statement.
    package var statement: Int
    package var eventNumber: Int
    package var event: String
    /// The charge's number.
    package var number: String
    package var revision: Int

    package init(
        _ operatorCode: String, statement: Int, _ eventNumber: Int, _ event: String, _ number: String,
        _ revision: Int
    ) {
        self.operatorCode = operatorCode
        self.statement = statement
        self.eventNumber = eventNumber
        self.event = event
        self.number = number
        self.revision = revision
    }
}
