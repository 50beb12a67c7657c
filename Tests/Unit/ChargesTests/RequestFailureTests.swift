import Charges
import Testing

/// Tests of failures of a whole call, and of some small values.
@Suite struct RequestFailureTests {
    static let common: [RequestFailure] = [
        .serviceUnavailable, .operatorBeyondShare, .tooManyRevokedTokens, .outcomeUnknown, .internalError,
    ]

    @Test("A description is a sentence that names nothing internal", arguments: common)
    func aDescriptionIsASentenceAndSaysNothingOfTheInside(failure: RequestFailure) {
        #expect(failure.description.first?.isUppercase == true)
        #expect(failure.description.hasSuffix("."))
        for word in ["sql", "postgres", "database", "commit", "connection", "thread", "swift"] {
            #expect(!failure.description.lowercased().contains(word))
        }
    }

    /// Waiting helps where nothing was applied. What is unknown is repeated at once, under the same key.
    @Test("Only a failure that applied nothing says when to retry", arguments: common)
    func onlyWhatWasNotAppliedSaysWhenToTryAgain(failure: RequestFailure) {
        let wasNotApplied = [.serviceUnavailable, .rateLimited].contains(failure.code)
        #expect((failure.retryAfterSeconds != nil) == wasNotApplied)
        #expect(failure.retryAfterSeconds.map { $0 >= 1 } ?? true)
    }

    @Test("OUTCOME_UNKNOWN advises a repeat under the same Idempotency-Key")
    func theUnknownIsToBeRepeatedWithItsKey() {
        #expect(RequestFailure.outcomeUnknown.code.rawValue == "OUTCOME_UNKNOWN")
        #expect(RequestFailure.outcomeUnknown.description.contains("Idempotency-Key"))
    }

    @Test("The codes are those of the contract")
    func theCodesAreTheContracts() {
        #expect(
            RequestFailure.Code.allCases.map(\.rawValue) == [
                "INVALID_JSON", "MISSING_PARAMETER", "INVALID_PARAMETER", "TOO_MANY_CHARGES",
                "CURSOR_EXPIRED", "INVALID_TOKEN", "TOKEN_EXPIRED", "INVALID_CREDENTIALS", "INVALID_KEY",
                "OPERATOR_SUSPENDED", "NOT_PERMITTED", "NOT_FOUND",
                "METHOD_NOT_ALLOWED", "IDEMPOTENCY_KEY_REUSED", "REQUEST_TIMEOUT", "REQUEST_TOO_LARGE",
                "RATE_LIMITED",
                "INTERNAL_ERROR", "SERVICE_UNAVAILABLE", "OUTCOME_UNKNOWN",
            ])
    }

    @Test("A call has at most 50 items")
    func aCallHasFiftyItemsAtMost() {
        #expect(DecisionCall.maximumItems == 50)
    }

    @Test("A currency code is three capital letters")
    func aCurrencyIsThreeCapitalLetters() {
        for text in ["EUR", "USD", "AAA", "ZZZ"] { #expect(CurrencyCode.isValid(text)) }
        for text in [
            "", "E", "EU", "EURO", "eur", "EUr", "EU1", "E R", " EU", "EU\u{0}", "é1", "Ⅻ", "ＥＵＲ", "@AB",
            "AB[",
        ] {
            #expect(!CurrencyCode.isValid(text), "\(text)")
        }
    }
}
