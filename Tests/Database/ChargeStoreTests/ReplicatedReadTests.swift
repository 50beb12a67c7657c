@testable import Authentication
import ChargeStore
import Charges
import TestSupport
import Testing

/// Tests of replicated reads. Where commits are synchronous, no answer rests on rows that only this server may have:
/// the answer waits for the standby, although the call changes nothing.
@Suite struct ReplicatedReadTests {
    private static let hash = [UInt8](repeating: 7, count: 32)

    /// The reads, by name, with the answer once the standby has the rows.
    private static let reads:
        [(name: String, answer: String, read: @Sendable (Store) async throws -> String)] = [
            (
                "a repeat under an Idempotency-Key", "OK",
                {
                    try await $0.decide(
                        .accepting([.charge("N1", reference: "R1")], idempotencyKey: ExactText("k1")))
                }
            ),
            (
                "a superseded decision", "DECISION_SUPERSEDED",
                {
                    try await $0.decide(.accepting([.charge("N2")], idempotencyKey: ExactText("k2")))
                }
            ),
            (
                "a repeat that succeeds by the operator's setting", "OK",
                {
                    try await $0.decide(
                        .call(.accept, [.charge("N1", reference: "R1")], repeatsSucceed: true))
                }
            ),
            (
                "already accepted", "CHARGE_ALREADY_ACCEPTED",
                {
                    try await $0.decide(.accepting([.charge("N1", reference: "R1")]))
                }
            ),
            (
                "a reference that names another charge", "REFERENCE_NUMBER_IN_USE",
                {
                    try await $0.decide(.accepting([.charge("N9", reference: "R1")]))
                }
            ),
            (
                "another customer's charge", "CUSTOMER_MISMATCH",
                {
                    try await $0.decide(
                        .accepting([
                            DecisionItem(
                                number: ExactText("N9"), billingSystemCustomerIdentifier: ExactText("c"),
                                referenceNumber: nil)
                        ]))
                }
            ),
            (
                "a charge in process", "CHARGE_IN_PROCESS",
                { try await $0.decide(.accepting([.charge("N3")])) }
            ),
            (
                "a processed charge", "CHARGE_ALREADY_PROCESSED",
                { try await $0.decide(.accepting([.charge("N4")])) }
            ),
            (
                "a charge that is not processed", "CHARGE_NOT_PROCESSED",
                {
                    try await $0.decide(.call(.acknowledge, [.charge("N9")]))
                }
            ),
            (
                "an acknowledged charge", "CHARGE_ALREADY_ACKNOWLEDGED",
                {
                    try await $0.decide(.call(.acknowledge, [.charge("N5")]))
                }
            ),
            (
                "a dry run", "OK CHARGE_ALREADY_ACCEPTED",
                {
                    try await $0.decisions.dryRun(
                        .accepting([.charge("N9"), .charge("N1", reference: "R1")])
                    ).map(\.text).joined(separator: " ")
                }
            ),
            ("charges sent again", "I00000001 known", { try await $0.ingest([.charge("p1")]).joined() }),
            (
                "charges sent again with other content", "CHARGE_CONFLICT",
                {
                    try await $0.ingest([.charge("p1", amount: "1.00")]).joined()
                }
            ),
            ("a taking, again", "OK", { try await $0.process(.take, [.charge("N3", 1)]).joined() }),
            (
                "a taking that fails", "DECISION_REQUIRED",
                { try await $0.process(.take, [.charge("N9", 1)]).joined() }
            ),
            ("a release, again", "OK", { try await $0.process(.release, [.charge("N2", 2)]).joined() }),
            (
                "an outcome, again", "OK",
                {
                    try await $0.process(.outcome, [.charge("N4", outcome: "APPROVED")]).joined()
                }
            ),
            (
                "another outcome", "CHARGE_ALREADY_PROCESSED",
                {
                    try await $0.process(.outcome, [.charge("N4", outcome: "REJECTED")]).joined()
                }
            ),
            ("a page of the feed", "6", { "\(try await $0.read(.beginning).decisions.count)" }),
            (
                "the end of the feed", "0",
                { "\(try await $0.read(.since(Timestamp("2099-01-01")!)).decisions.count)" }
            ),
            ("a page of the list by cursor", "8", { "\(try await $0.page(.after(nil)).charges.count)" }),
            ("a page of the list by offset", "8", { "\(try await $0.page(.offset(0)).charges.count)" }),
            ("a charge by its number", "N1", { try await $0.charge(.number(ExactText("N1"))) }),
            ("a charge by its reference", "N1", { try await $0.charge(.referenceNumber(ExactText("R1"))) }),
            (
                "a user who logs in", "anna",
                {
                    try await $0.users.user(
                        named: ExactText("anna"), operatorCode: ExactText("ACME"),
                        deadline: .now + .patience)?.username ?? ""
                }
            ),
            (
                "a key that logs in", "billing",
                {
                    try await $0.apiKeys.key(hash: hash, deadline: .now + .patience)?.name ?? ""
                }
            ),
            (
                "a suspended operator", "true",
                {
                    "\(try await $0.operators.account(code: ExactText("GLOBEX"), deadline: .now + .patience)!.isSuspended)"
                }
            ),
            (
                "a provider's key that was revoked", "",
                {
                    try await $0.providerKeys.providerKeyName(hash: hash, deadline: .now + .patience) ?? ""
                }
            ),
            (
                "a token released again", "",
                {
                    try await $0.tokenRevocations.revoke(
                        token: ExactText("j1"), of: TestDatabase.acme.identifier,
                        deadline: .now + .patience)
                    return ""
                }
            ),
            (
                "the end of a token that the node did not know", "true",
                {
                    let ends = TokenRevocations(repository: $0.tokenRevocations)
                    let contains = try await untilAvailable { () throws(RequestFailure) in
                        try await ends.refresh()
                        return try await ends.contain(
                            token: "j1", of: "anna", TestDatabase.acme.identifier,
                            generation: TokenGeneration(ofOperator: 1, ofLogin: 1))
                    }
                    return "\(contains)"
                }
            ),
            (
                "a signing key that the node did not know", "true",
                {
                    let keys = TokenKeys(repository: $0.signingKeys)
                    let known = try await untilAvailable { () throws(RequestFailure) in
                        try await keys.refresh()
                        return try await keys.keys()
                    }
                    return "\(known.signing != nil)"
                }
            ),
        ]

    @Test("A read answers only once the standby has its rows")
    func anAnswerWaitsForTheStandby() async throws {
        let server = try await UnreplicatedServerFixture()
        try await server.prepare()
        for (name, expected, read) in Self.reads {
            let store = server.store
            let answer = try await server.answerOnceReplicated { try await read(store) }
            #expect(answer.waited, "\(name): the answer did not wait for the standby")
            #expect(answer.text == expected, "\(name): \(answer.text)")
        }
        await server.stop()
    }
}

/// Tests of waits for the standby that are cut short.
extension ReplicatedReadTests {
    /// The server's answer to a cancelled wait is success, with a warning.
    @Test("A read or revocation whose wait for the standby is cut short gives no false answer")
    func anAnswerWhoseWaitIsCutOffIsNotGiven() async throws {
        let server = try await UnreplicatedServerFixture()
        try await server.prepare()
        let store = server.store
        let read = try await server.answerOnceCutOff {
            try await store.page(.after(nil)).charges.count.description
        }
        #expect(read == "SERVICE_UNAVAILABLE")
        let released = try await server.answerOnceCutOff {
            try await store.tokenRevocations.revoke(
                token: "j2", of: TestDatabase.acme.identifier, deadline: .now + .patience)
            return "OK"
        }
        #expect(released == "OUTCOME_UNKNOWN")
        // At its deadline a reading cancels the wait itself.
        try await server.loseStandby()
        await #expect(throws: RequestFailure.serviceUnavailable) {
            try await store.page(.after(nil), within: .seconds(3))
        }
        await server.stop()
    }
}

extension Store {
    fileprivate func decide(_ call: DecisionCall) async throws -> String {
        var call = call
        call.deadline = .now + .patience
        return try await decisions.decide(call).map(\.text).joined()
    }

    fileprivate func page(_ start: ChargeListQuery.Start, within time: Duration = .patience) async throws
        -> ChargePage
    {
        try await charges.page(
            ChargeListQuery(
                operatorIdentifier: TestDatabase.acme.identifier,
                filter: .init(isProcessed: false, decision: nil),
                start: start, count: 50, deadline: .now + time))
    }

    fileprivate func charge(_ name: ChargeName) async throws -> String {
        try await charges.charge(named: name, of: TestDatabase.acme.identifier, deadline: .now + .patience)
            .map { "\($0.record.listed.number)" } ?? ""
    }
}
