/// One line of an import, with every value checked as far as possible without the database.
package struct ImportedCharge: Equatable, Sendable {
    package var line: Int
    package var operatorCode: String
    package var number: String?
    package var providerChargeIdentifier: String?
    package var terms: ChargeTerms
    package var receivedOn: Timestamp?
    /// The status that the line gives; `nil` if it gives none.
    package var givenStatus: ChargeStatus?
    package var processedOn: Timestamp?
    package var decision: Decision?
    package var decidedOn: Timestamp?
    package var referenceNumber: String?
    /// Whether the charge was acknowledged; `nil` if the line does not say.
    package var givenAcknowledgement: Bool?
    package var acknowledgedOn: Timestamp?

    /// The status; pending if the line gives none.
    package var status: ChargeStatus { givenStatus ?? .pending }
    package var isAcknowledged: Bool { givenAcknowledgement ?? false }
    /// Whether it comes in for the operator, or its policy, to decide.
    package var isUndecided: Bool { status == .pending && decision == nil }

    /// - Parameters:
    ///   - line: The line of the file, counted from 1.
    ///   - values: The text of a column. An empty text is the same as none.
    /// - Throws: `ImportFailure` with the line and the first fault.
    package init(line: Int, _ values: @escaping (ImportColumn) -> String?) throws(ImportFailure) {
        switch Self.read(line: line, values) {
        case .success(let charge): self = charge
        case .failure(let failure): throw failure.faults[0].failure
        }
    }

    /// Reads a line as `init(line:_:)` does, and finds all its faults.
    package static func read(line: Int, _ values: @escaping (ImportColumn) -> String?)
        -> Result<ImportedCharge, ImportFaults>
    {
        var fields = ImportFields(line: line, values)
        let charge = ImportedCharge(&fields)
        // Where a value is missing or wrong, its place in the order of events is unknown.
        if fields.faults.isEmpty { charge.checkPast(&fields) }
        return fields.faults.isEmpty ? .success(charge) : .failure(ImportFaults(faults: fields.faults))
    }

    /// Reads what can be read. The values of a line with faults stand for nothing.
    private init(_ fields: inout ImportFields) {
        line = fields.line
        _ = fields.required(.operatorCode)
        operatorCode = fields.visibleASCII(.operatorCode, maximumCount: 64) ?? ""
        number = fields.visibleASCII(.number, maximumCount: 32)
        fields.refuseRounded(.number)
        providerChargeIdentifier = fields.name(.providerChargeIdentifier, maximumScalars: 128)
        fields.refuseRounded(.providerChargeIdentifier)
        if fields[.number] == nil, fields[.providerChargeIdentifier] == nil {
            fields.refuse(.number, "number or provider_charge_id must be given")
        }
        terms = Self.readTerms(&fields)
        receivedOn = fields.moment(.receivedOn)
        readStatus(&fields)
        readAcknowledgement(&fields)
        readDecision(&fields)
    }

    private static func readTerms(_ fields: inout ImportFields) -> ChargeTerms {
        _ = fields.required(.customer)
        let customer = fields.name(.customer, maximumScalars: DecisionItem.maximumScalars) ?? ""
        fields.refuseRounded(.customer)
        let nothing = Money("0")!
        let amount = fields.money(.amount) ?? nothing
        let currency = fields.currency(.currency) ?? ""
        let localCurrencyAmount = fields.money(.localCurrencyAmount) ?? nothing
        let localCurrency = fields.currency(.localCurrency) ?? ""
        _ = fields.required(.paidThroughDate)
        return ChargeTerms(
            billingSystemCustomerIdentifier: ExactText(customer), amount: amount, currency: currency,
            localCurrencyAmount: localCurrencyAmount, localCurrency: localCurrency,
            paidThroughDate: fields.date(.paidThroughDate) ?? Timestamp(microsecondsSince2000: 0))
    }

    /// Reads the status with its date. There is no date of another status.
    private mutating func readStatus(_ fields: inout ImportFields) {
        givenStatus = fields.choice(.status, ChargeStatus.self)
        let isKnown = fields[.status] == nil || givenStatus != nil
        for other in ChargeStatus.allCases {
            guard let column = ImportColumn.date(of: other) else { continue }
            let date = fields.moment(column)
            if other == status { processedOn = date }
            if !isKnown { continue }
            if other == status, fields[column] == nil {
                fields.refuse(column, "\(column.rawValue) must be given for the status \(status.rawValue)")
            }
            if other != status, date != nil {
                fields.refuse(column, "\(column.rawValue) must be empty for the status \(status.rawValue)")
            }
        }
    }

    /// Reads the acknowledgement, which needs a final status, with its date.
    private mutating func readAcknowledgement(_ fields: inout ImportFields) {
        givenAcknowledgement = fields.boolean(.acknowledged)
        acknowledgedOn = fields.moment(.acknowledgedOn)
        if isAcknowledged, status == .pending {
            fields.refuse(.acknowledged, "acknowledged must not be true for a pending charge")
        }
        if fields[.acknowledgedOn] != nil, !isAcknowledged {
            fields.refuse(.acknowledgedOn, "acknowledged_on must be empty unless acknowledged is true")
        }
    }

    /// Reads the decision with its date, and the reference number, which needs a decision.
    private mutating func readDecision(_ fields: inout ImportFields) {
        decision = fields.choice(.decision, Decision.self)
        decidedOn = fields.moment(.decidedOn)
        if (fields[.decision] == nil) != (fields[.decidedOn] == nil) {
            let missing: ImportColumn = fields[.decision] == nil ? .decision : .decidedOn
            fields.refuse(missing, "decision and decided_on must be given together")
        }
        referenceNumber = fields[.referenceNumber]
        fields.refuseRounded(.referenceNumber)
        guard let referenceNumber else { return }
        if fields[.decision] == nil {
            fields.refuse(.referenceNumber, "reference_number needs a decision")
        } else if !ReferenceNumber.isValid(ExactText(referenceNumber)) {
            fields.refuse(
                .referenceNumber,
                "reference_number must have 1 to 64 characters, not all of them white space, and no control "
                    + "characters")
        }
    }
}

extension ImportedCharge {
    /// Refuses a past that cannot have been: a charge is received, then decided, then processed as it was decided, and
    /// then acknowledged.
    fileprivate func checkPast(_ fields: inout ImportFields) {
        let needed: Decision? =
            switch status {
            case .approved: .accepted
            case .declined: .declined
            case .pending, .badRequest, .rejected: nil
            }
        if let needed, decision != needed {
            fields.refuse(
                .decision, "decision must be \(needed.rawValue) for the status \(status.rawValue)")
        }
        var events: [(column: ImportColumn, time: Timestamp)] = []
        if let receivedOn { events.append((.receivedOn, receivedOn)) }
        if let decidedOn { events.append((.decidedOn, decidedOn)) }
        if let processedOn, let column = ImportColumn.date(of: status) {
            events.append((column, processedOn))
        }
        if let acknowledgedOn { events.append((.acknowledgedOn, acknowledgedOn)) }
        for (earlier, later) in zip(events, events.dropFirst()) where later.time < earlier.time {
            fields.refuse(
                later.column, "\(later.column.rawValue) must not be before \(earlier.column.rawValue)")
        }
    }
}
