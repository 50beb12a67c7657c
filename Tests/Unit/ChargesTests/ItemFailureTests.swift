import Charges
import Testing

/// Tests of an item's failure: a code for a program, a sentence for a person.
@Suite struct ItemFailureTests {
    /// Failures as the service makes them: each code, with all that may stand in the way.
    static let failures: [ItemFailure] = ItemFailureCode.allCases.flatMap { code in
        [
            ItemFailure(code),
            ItemFailure(code, conflict: .init(status: "APPROVED")),
            ItemFailure(code, conflict: .init(referenceNumber: "INV-1")),
            ItemFailure(code, conflict: .init(otherNumber: "I00000002")),
            ItemFailure(
                code,
                conflict: .init(status: "APPROVED", referenceNumber: "INV-1", otherNumber: "I00000002")),
        ]
    }

    @Test("A description is one plain English sentence", arguments: failures)
    func aDescriptionIsASentenceForAPerson(failure: ItemFailure) {
        let description = failure.description
        // A sentence, or the name of the field that it is about.
        let fields = ["number", "reference_number"]
        #expect(description.first?.isUppercase == true || fields.contains { description.hasPrefix($0 + " ") })
        #expect(description.hasSuffix("."))
        #expect(description.split(separator: " ").count >= 5)
        #expect(description.unicodeScalars.allSatisfy { $0.isASCII && $0.value >= 0x20 })
        for awkward in ["  ", "..", " .", " ,", ": .", "nil", "Optional", "\\(", "\""] {
            #expect(!description.contains(awkward), "\(description)")
        }
    }

    /// Nothing of the database or the code, and no code that a person would have to look up.
    @Test("A description names nothing internal", arguments: failures)
    func aDescriptionSaysNothingOfTheInside(failure: ItemFailure) {
        let description = failure.description.lowercased()
        for word in [
            "sql", "postgres", "database", "table", "column", "index", "transaction", "row", "query", "lock",
            "batch", "null", "exception", "swift", "thread", "operator_id", "charge_history",
        ] {
            #expect(!description.contains(word), "\(description)")
        }
        for code in ItemFailureCode.allCases { #expect(!failure.description.contains(code.rawValue)) }
    }

    @Test("Each code has a sentence of its own")
    func everyCodeHasASentenceOfItsOwn() {
        let sentences = ItemFailureCode.allCases.map { ItemFailure($0).description }
        #expect(Set(sentences).count == sentences.count)
    }

    @Test(
        "A description names the conflicting status, reference number or charge",
        arguments: [
            (.chargeAlreadyProcessed, .init(status: "REJECTED"), "REJECTED"),
            (.chargeNotProcessed, .init(status: "PENDING"), "is still pending"),
            (.chargeAlreadyAcknowledged, .init(status: "DECLINED"), "acknowledged already as DECLINED."),
            (
                .chargeAlreadyAccepted, .init(referenceNumber: "INV-1"),
                "accepted already, under reference number INV-1."
            ),
            (.chargeAlreadyAccepted, .init(), "accepted already, without a reference number."),
            (
                .chargeAlreadyDeclined, .init(referenceNumber: "INV-1"),
                "declined already, under reference number INV-1."
            ),
            (.chargeAlreadyDeclined, .init(), "declined already, without a reference number."),
            (
                .chargeAcceptedUnderOtherReference, .init(referenceNumber: "INV-1"),
                "accepted already, under reference number INV-1, which is not the one in this call."
            ),
            (
                .chargeAcceptedUnderOtherReference, .init(),
                "accepted already, without a reference number, and this call gives one."
            ),
            (
                .chargeDeclinedUnderOtherReference, .init(referenceNumber: "INV-1"),
                "declined already, under reference number INV-1, which is not the one in this call."
            ),
            (
                .chargeDeclinedUnderOtherReference, .init(),
                "declined already, without a reference number, and this call gives one."
            ),
            (.referenceNumberInUse, .init(otherNumber: "I00000002"), "another charge, I00000002."),
            (.decisionSuperseded, .init(), "that this call repeats, without a reference number."),
            (
                .decisionSuperseded, .init(referenceNumber: "INV-1"),
                "that this call repeats, under reference number INV-1."
            ),
            (.chargeLocked, .init(), "Nothing was applied; try again"),
            (.invalidReferenceNumber, .init(), "1 to 64 characters"),
            (.duplicateInRequest, .init(), "more than once"),
        ] as [(ItemFailureCode, ItemFailure.Conflict, String)])
    func aDescriptionNamesWhatStandsInTheWay(
        code: ItemFailureCode, conflict: ItemFailure.Conflict, named: String
    ) {
        let description = ItemFailure(code, conflict: conflict).description
        #expect(description.contains(named), "\(description)")
    }

    /// The text must not contain what the operator has no right to know, whatever the failure was made with.
    @Test(
        "Some codes always have the same description",
        arguments: [ItemFailureCode.chargeNotFound, .customerMismatch, .duplicateInRequest])
    func someDescriptionsAreAlwaysTheSame(code: ItemFailureCode) {
        let texts = Self.failures.filter { $0.code == code }.map(\.description)
        #expect(Set(texts).count == 1)
    }

    /// The codes are the contract's, letter by letter, in the order in which they are looked at.
    @Test("The codes are in the order of the contract")
    func theCodesStandInTheContractsOrder() {
        #expect(
            ItemFailureCode.allCases.map(\.rawValue) == [
                "DUPLICATE_IN_REQUEST", "INVALID_REFERENCE_NUMBER", "DECISION_SUPERSEDED", "CHARGE_NOT_FOUND",
                "CUSTOMER_MISMATCH", "CHARGE_ALREADY_PROCESSED", "CHARGE_IN_PROCESS",
                "CHARGE_NOT_PROCESSED", "CHARGE_ALREADY_ACKNOWLEDGED",
                "CHARGE_ALREADY_ACCEPTED",
                "CHARGE_ACCEPTED_UNDER_OTHER_REFERENCE", "CHARGE_ALREADY_DECLINED",
                "CHARGE_DECLINED_UNDER_OTHER_REFERENCE", "REFERENCE_NUMBER_IN_USE", "CHARGE_LOCKED",
            ])
    }
}
