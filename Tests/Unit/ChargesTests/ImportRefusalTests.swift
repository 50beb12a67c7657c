import Charges
import Testing

/// Tests of invalid import lines and their messages.
@Suite struct ImportRefusalTests {
    @Test("A missing mandatory column is reported", arguments: ImportColumn.mandatory)
    func aMandatoryColumnMustBeFilled(column: ImportColumn) {
        for value in [nil, ""] as [String?] {
            #expect(
                ImportLineFixture.failure([column: value])
                    == ImportFailure(line: 7, "\(column.rawValue) is missing")
            )
        }
    }

    /// Values that no column of the kind takes, and what is said of each.
    static let refused: [(columns: [ImportColumn], values: [String], rule: String)] = [
        (
            [.amount, .localCurrencyAmount],
            ["-1", "+1", "01", "1,00", "1e3", "9.", ".9", "1.00000", "1000000000000000", " 1", "١", "EUR 1"],
            "must be an amount such as 9.90, with at most 4 decimals"
        ),
        (
            [.currency, .localCurrency], ["usd", "US", "USDD", "U D", "US1", "ＵＳＤ", "Éu", "€", " USD"],
            "must be three capital letters, such as EUR"
        ),
        (
            [
                .paidThroughDate, .receivedOn, .decidedOn, .setAsApprovedOn, .setAsDeclinedOn,
                .setAsBadRequestOn,
                .setAsRejectedRequestOn, .acknowledgedOn,
            ],
            [
                "2026-02-29", "2026-12-01Z", "2026-12-01T00:00:00Z", "2026-12-01T00:00:00+02:00",
                "2026-12-01 00:00:00",
                "1.12.2026", "soon", "2026-13-01", "2026-12-01T24:00:00",
            ],
            "must be YYYY-MM-DD or YYYY-MM-DDThh:mm:ss, without a zone"
        ),
        (
            [.status], ["pending", "ACCEPTED", "PROCESSED", "APPROVED ", "BAD REQUEST"],
            "must be one of PENDING, APPROVED, DECLINED, BAD_REQUEST, REJECTED"
        ),
        ([.decision], ["accepted", "APPROVED", "NONE", " ACCEPTED"], "must be one of ACCEPTED, DECLINED"),
        (
            [.number],
            [
                " ", "I 1", "I1\n", "\u{7F}", "I\u{0}1", "Ｉ1", "é", "cafe\u{301}",
                String(repeating: "1", count: 33),
            ],
            "must be 1 to 32 visible ASCII characters"
        ),
        (
            [.providerChargeIdentifier],
            [
                "a\u{0}b", "a\tb", "\n", "\u{85}", String(repeating: "x", count: 129),
                String(repeating: "e\u{301}", count: 65),
            ],
            "must be 1 to 128 characters without control characters"
        ),
        (
            [.customer],
            [
                "a\u{0}b", "a\tb", "\u{9F}", String(repeating: "x", count: 65),
                String(repeating: "e\u{301}", count: 33),
            ],
            "must be 1 to 64 characters without control characters"
        ),
        ([.acknowledged], ["yes", "1", "t", "true ", "0"], "must be true or false"),
    ]

    @Test("A malformed value is reported with its column's rule")
    func eachColumnSaysWhatItTakes() {
        for (columns, values, rule) in Self.refused {
            for column in columns {
                for value in values {
                    #expect(
                        ImportLineFixture.failure([column: value])?.description
                            == "line 7: \(column.rawValue) \(rule)", "\(value)")
                }
            }
        }
    }

    /// The values include the longest ones.
    @Test(
        "Unusual but valid values are accepted",
        arguments: [
            (.number, String(repeating: "1", count: 32)), (.number, "!"), (.number, "~\"'\\;"),
            (.providerChargeIdentifier, String(repeating: "é", count: 128)), (.providerChargeIdentifier, " "),
            (.customer, String(repeating: "e\u{301}", count: 32)),
            (.customer, String(repeating: "請", count: 64)),
            (.customer, "\u{1F469}\u{200D}\u{1F467}"), (.amount, "999999999999999.9999"), (.amount, "0"),
            (.currency, "AAA"), (.currency, "ZZZ"), (.paidThroughDate, "9999-12-31T23:59:59"),
            (.paidThroughDate, "0001-01-01"), (.receivedOn, "2024-02-29"), (.operatorCode, "!"),
        ] as [(ImportColumn, String)])
    func whatOnlyLooksOddIsTaken(column: ImportColumn, value: String) {
        #expect(ImportLineFixture.failure([column: value]) == nil)
    }

    @Test("A date of another status is refused", arguments: ChargeStatus.allCases)
    func aDateOfAnotherStatusIsRefused(status: ChargeStatus) {
        let own = ImportLineFixture.dates[status]
        for (other, column) in ImportLineFixture.dates where other != status {
            var changes: [ImportColumn: String?] = [.status: status.rawValue, column: "2026-10-03"]
            if let own { changes[own] = "2026-10-03" }
            #expect(
                ImportLineFixture.failure(changes)?.reason
                    == "\(column.rawValue) must be empty for the status \(status.rawValue)")
        }
    }

    @Test("A date of processing without a status is refused")
    func aDateWithoutAStatusIsRefused() {
        for column in ImportLineFixture.dates.values {
            #expect(
                ImportLineFixture.failure([column: "2026-10-03"])?.reason
                    == "\(column.rawValue) must be empty for the status PENDING")
        }
    }

    @Test("A pending charge must not be acknowledged")
    func aPendingChargeCannotBeAcknowledged() {
        #expect(
            ImportLineFixture.failure([.acknowledged: "true"])?.reason
                == "acknowledged must not be true for a pending charge")
        #expect(ImportLineFixture.failure([.acknowledged: "false"]) == nil)
    }

    @Test("A decision and its date must be given together")
    func aDecisionRequiresItsDate() {
        let reason = "decision and decided_on must be given together"
        #expect(ImportLineFixture.failure([.decision: "ACCEPTED"])?.reason == reason)
        #expect(ImportLineFixture.failure([.decidedOn: "2026-10-02"])?.reason == reason)
        #expect(ImportLineFixture.failure([.decision: "DECLINED", .decidedOn: "2026-10-02"]) == nil)
    }

    @Test("A reference number requires a decision")
    func aReferenceNumberNeedsADecision() {
        #expect(
            ImportLineFixture.failure([.referenceNumber: "INV-1"])?.reason
                == "reference_number needs a decision")
    }

    @Test(
        "A malformed reference number is refused by the API's rule",
        arguments: [" ", "\u{3000}", "a\nb", "\u{0}", String(repeating: "x", count: 65)])
    func aReferenceNumberFollowsTheRuleOfTheApi(reference: String) {
        let failure = ImportLineFixture.failure([
            .decision: "ACCEPTED", .decidedOn: "2026-10-02", .referenceNumber: reference,
        ])
        #expect(failure?.reason.hasPrefix("reference_number must have 1 to 64 characters") == true)
    }

    /// A past that was: received, accepted, approved and acknowledged.
    private static let past: [ImportColumn: String?] = [
        .receivedOn: "2026-10-01", .decision: "ACCEPTED", .decidedOn: "2026-10-02", .status: "APPROVED",
        .setAsApprovedOn: "2026-10-03", .acknowledged: "true", .acknowledgedOn: "2026-10-04",
    ]

    @Test(
        "An impossible past is refused",
        arguments: [
            ([.decision: nil, .decidedOn: nil], "decision must be ACCEPTED for the status APPROVED"),
            ([.decision: "DECLINED"], "decision must be ACCEPTED for the status APPROVED"),
            (
                [.status: "DECLINED", .setAsApprovedOn: nil, .setAsDeclinedOn: "2026-10-03"],
                "decision must be DECLINED for the status DECLINED"
            ),
            ([.decidedOn: "2026-09-30"], "decided_on must not be before received_on"),
            ([.setAsApprovedOn: "2026-10-01"], "set_as_approved_on must not be before decided_on"),
            (
                [
                    .decision: nil, .decidedOn: nil, .status: "REJECTED", .setAsApprovedOn: nil,
                    .setAsRejectedRequestOn: "2026-09-30",
                ], "set_as_rejected_request_on must not be before received_on"
            ),
            ([.acknowledgedOn: "2026-10-02"], "acknowledged_on must not be before set_as_approved_on"),
            ([.acknowledged: "false"], "acknowledged_on must be empty unless acknowledged is true"),
            ([.setAsDeclinedOn: "2026-10-03"], "set_as_declined_on must be empty for the status APPROVED"),
            ([.receivedOn: "9999-01-01"], "received_on must be in a year from 1 to 9998"),
            ([.acknowledgedOn: "9999-12-31"], "acknowledged_on must be in a year from 1 to 9998"),
        ] as [([ImportColumn: String?], String)])
    func anImpossiblePastIsRefused(changes: [ImportColumn: String?], reason: String) {
        #expect(ImportLineFixture.failure(Self.past) == nil)
        #expect(ImportLineFixture.failure(Self.past.merging(changes) { $1 })?.reason == reason)
    }

    @Test(
        "An identifier that a spreadsheet has rounded is refused",
        arguments: [.number, .providerChargeIdentifier, .customer, .referenceNumber] as [ImportColumn])
    func aRoundedIdentifierIsRefused(column: ImportColumn) {
        let decided: [ImportColumn: String?] = [.decision: "ACCEPTED", .decidedOn: "2026-10-02"]
        for value in ["1.23457E+10", "1,23457E+10", "2E+05", "1.2e+100"] {
            #expect(
                ImportLineFixture.failure(decided.merging([column: value]) { $1 })?.reason
                    == "\(column.rawValue) was rounded by a spreadsheet; format the column as text and export the "
                    + "file again", "\(value)")
        }
        for value in ["E+10", "1.23457E10", "12E+10", "1+1"] {
            #expect(ImportLineFixture.failure(decided.merging([column: value]) { $1 }) == nil, "\(value)")
        }
    }

    @Test("Every fault of a line is found, with its column and value")
    func everyFaultIsFound() {
        var columns = ImportLineFixture.columns
        columns[.number] = nil
        columns[.amount] = "9,90"
        columns[.currency] = "usd"
        let result = ImportedCharge.read(line: 7) { [columns] in columns[$0] }
        guard case .failure(let failure) = result else {
            Issue.record("no fault was found")
            return
        }
        #expect(failure.faults.map(\.column) == ["number", "amount", "currency"])
        #expect(failure.faults.map(\.value) == [nil, "9,90", "usd"])
    }

    @Test("A failure of the whole file has no line")
    func aFailureOfTheWholeFileHasNoLine() {
        #expect(ImportFailure(line: nil, "the file is empty").description == "the file is empty")
        #expect(ImportFailure(line: 3, "number is missing").description == "line 3: number is missing")
    }
}
