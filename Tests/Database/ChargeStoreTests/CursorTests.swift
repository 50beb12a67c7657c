import Authentication
import ChargeStore
import Charges
import LibPQ
import TestSupport
import Testing

/// Tests of cursors that no response gave out: each is refused as the client's error, or reads a page. None makes the
/// service fail.
@Suite struct CursorTests {
    private let database = TestDatabase.current!
    private static let filter = ChargeListFilter(isProcessed: false)

    /// Times at the limits of PostgreSQL's range and of the integers, and some between.
    private static var times: [Int64] {
        let limits: [Int64] = [
            .min, -211_813_488_000_000_000, -63_082_281_600_000_000, 0, 252_455_615_999_999_999,
            9_223_371_331_200_000_000, .max,
        ]
        return limits.flatMap { limit in
            [limit] + (limit > .min ? [limit - 1] : []) + (limit < .max ? [limit + 1] : [])
        }
    }

    /// Reads a page of the list at a cursor, as the controller does.
    ///
    /// - Returns: The code of the answer.
    private func list(_ cursor: String, _ store: Store) async -> String {
        guard
            let place = ChargeCursor.place(
                in: cursor, operatorCode: TestDatabase.acme.code, filter: Self.filter)
        else { return "INVALID_PARAMETER" }
        do throws(RequestFailure) {
            _ = try await store.charges.page(
                ChargeListQuery(
                    operatorIdentifier: TestDatabase.acme.identifier, filter: Self.filter,
                    start: .after(place), count: 1, deadline: .now + .patience))
            return "OK"
        } catch {
            return error.code.rawValue
        }
    }

    /// Reads a page of the feed at a cursor, as the controller does.
    private func feed(_ cursor: String, _ store: Store) async -> String {
        guard let place = FeedCursor(cursor) else { return "INVALID_PARAMETER" }
        do throws(RequestFailure) {
            _ = try await store.provider.decisions(.after(place), limit: 1, deadline: .now + .patience)
            return "OK"
        } catch {
            return error.code.rawValue
        }
    }

    @Test("A list cursor forged at the limits of time is refused, or reads a page", .database)
    func aForgedListCursorIsTheClientsError() async throws {
        try await database.addCharges(2, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            for time in Self.times {
                for number in ["", "N1", String(repeating: "9", count: 64), "\u{7F}\u{FFFF}\u{1F600}"] {
                    let place = ChargePlace(
                        receivedOn: Timestamp(microsecondsSince2000: time), number: ExactText(number))
                    let cursor = ChargeCursor(
                        place, operatorCode: TestDatabase.acme.code, filter: Self.filter)
                    let code = await list(cursor.text, store)
                    #expect(["OK", "INVALID_PARAMETER"].contains(code), "\(time) \(number): \(code)")
                }
            }
        }
    }

    @Test("A feed cursor forged at the limits of positions is refused as expired", .database)
    func aForgedFeedCursorIsTheClientsError() async throws {
        try await database.addCharges(2, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            _ = try await store.decisions.decide(.accepting([.charge("N1"), .charge("N2")]))
            let known = try await store.provider.decisions(
                .beginning, limit: 1, deadline: .now + .patience
            ).next
            #expect(await feed(known.text, store) == "OK")
            for position in [0, 1, 2, 3, Int64(Int32.max), Int64(Int32.max) + 1, .max - 1000, .max - 1, .max]
            {
                for batch in [0, 1, known.batch, .max]
                where position != known.position || batch != known.batch {
                    let cursor = FeedCursor(epoch: known.epoch, position: position, batch: batch)
                    let code = await feed(cursor.text, store)
                    let expected = position == 0 && batch == 0 || position == 2 && batch == known.batch
                    #expect(code == (expected ? "OK" : "CURSOR_EXPIRED"), "\(cursor.text): \(code)")
                }
            }
        }
    }

    /// Every mutation of a cursor's text, and of the place in it, under a fixed seed.
    @Test("A mutated cursor never makes the service fail", .database, arguments: [1, 2, 3] as [UInt64])
    func aMutatedCursorNeverFails(seed: UInt64) async throws {
        try await database.addCharges(3, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            _ = try await store.decisions.decide(.accepting([.charge("N1")]))
            let feedCursor = try await store.provider.decisions(
                .beginning, limit: 1, deadline: .now + .patience
            ).next.text
            var generator = SeededGenerator(seed: seed)
            for _ in 0..<150 {
                let place = ChargePlace(
                    receivedOn: Timestamp(
                        microsecondsSince2000: Int64(bitPattern: generator.next())
                            >> Int64.random(in: 0..<64, using: &generator)),
                    number: ExactText(Self.mutated("I00000001", &generator)))
                let cursor = ChargeCursor(place, operatorCode: TestDatabase.acme.code, filter: Self.filter)
                    .text
                let codes = [
                    await list(cursor, store), await list(Self.mutated(cursor, &generator), store),
                    await feed(Self.mutated(feedCursor, &generator), store),
                ]
                for code in codes {
                    #expect(
                        ["OK", "INVALID_PARAMETER", "CURSOR_EXPIRED"].contains(code),
                        "\(cursor), received on \(place.receivedOn.microsecondsSince2000): \(codes)")
                }
            }
        }
    }

    /// The text with some of its bytes changed, dropped or doubled.
    private static func mutated(_ text: String, _ generator: inout SeededGenerator) -> String {
        var bytes = Array(text.utf8)
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
            let index = Int.random(in: bytes.indices, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes[index] = UInt8.random(in: 1...127, using: &generator)
            case 1: bytes[index] = Array("0123456789abcdef.".utf8).randomElement(using: &generator)!
            case 2: bytes.remove(at: index)
            default: bytes.insert(bytes[index], at: index)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
