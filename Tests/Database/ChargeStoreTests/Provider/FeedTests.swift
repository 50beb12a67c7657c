import ChargeStore
import Charges
import TestSupport
import Testing

/// Tests of the feed as a log: it has every decision once, skips none, and waits for nothing that does not concern it.
@Suite struct FeedTests {
    private let database = TestDatabase.current!

    @Test("A reader sees each decision once, in the order of commit", .database)
    func aReaderSeesWhatWasCommittedBefore() async throws {
        try await database.addCharges(3, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            let empty = try await store.read(.beginning)
            #expect(empty.decisions.isEmpty && empty.next.position == 0)
            _ = try await store.decide("N2")
            let first = try await store.read(.after(empty.next))
            #expect(first.texts == ["N2 1 ACCEPTED"])
            _ = try await store.decide("N1", .declined)
            _ = try await store.decide("N2", .declined)
            let second = try await store.read(.after(first.next), limit: 1)
            let third = try await store.read(.after(second.next))
            #expect(second.texts + third.texts == ["N1 1 DECLINED", "N2 2 DECLINED"])
            #expect(third.decisions.map(\.position) == [3])
            let last = try await store.read(.after(third.next))
            #expect(last.decisions.isEmpty && last.next == third.next)
            #expect(try await store.read(.beginning).texts.count == 3)
        }
    }

    /// The decisions of one charge that no publication has seen yet come in the order of their revisions.
    @Test("Decisions of one charge appear in the order of their revisions", .database)
    func revisionsComeInTheirOrder() async throws {
        try await database.addCharges(1, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            for revision in 1...9 {
                #expect(try await store.decide("N1", revision % 2 == 1 ? .accepted : .declined) == "OK")
            }
            #expect(try await store.read(.beginning).decisions.map(\.revision) == Array(1...9))
        }
    }

    @Test("A transaction that commits late is neither waited for nor skipped", .database)
    func whatCommitsLateIsNotSkipped() async throws {
        try await database.addCharges(2, prefix: "N")
        let slow = TestSession(database.ownerParameters)
        try await slow.execute(
            """
            BEGIN;
            INSERT INTO countersign.charge_history
                (operator_id, number, revision, kind, made_by, made_on, takes_reference, batch_id)
            VALUES (1, 'N1', 1, 'ACCEPTED', 'operator', now(), false, '00000000-0000-4000-8000-000000000001');
            INSERT INTO countersign.batch (batch_id, decisions)
            VALUES ('00000000-0000-4000-8000-000000000001', 1)
            """)
        try await database.withStore { (store: Store) async throws in
            _ = try await store.decide("N2")
            let first = try await store.read(.beginning)
            #expect(first.texts == ["N2 1 ACCEPTED"])
            _ = try await store.decide("N2", .declined)
            let second = try await store.read(.after(first.next))
            #expect(second.texts == ["N2 2 DECLINED"])
            try await slow.execute("COMMIT")
            #expect(try await store.read(.after(second.next)).texts == ["N1 1 ACCEPTED"])
        }
        await slow.close()
    }

    /// A session has written something and left its transaction open, with an old snapshot besides.
    @Test("An open transaction elsewhere does not hold up the feed", .database)
    func nothingWaitsForAForgottenSession() async throws {
        try await database.addCharges(2, prefix: "N")
        let forgotten = TestSession(database.ownerParameters)
        try await forgotten.execute(
            """
            BEGIN ISOLATION LEVEL REPEATABLE READ;
            INSERT INTO countersign.batch (batch_id, decisions) VALUES (gen_random_uuid(), 0)
            """)
        try await database.withStore { (store: Store) async throws in
            for decision in [Decision.accepted, .declined] {
                _ = try await store.decide("N1", decision)
                _ = try await store.read(.beginning)
            }
            #expect(try await store.read(.beginning).texts == ["N1 1 ACCEPTED", "N1 2 DECLINED"])
        }
        await forgotten.close()
    }

    /// While one session publishes without ending, readers read what is already published.
    @Test("A reader does not wait for a blocked publisher", .database)
    func aReaderDoesNotWaitForAStuckPublisher() async throws {
        try await database.addCharges(2, prefix: "N")
        let stuck = TestSession(database.ownerParameters)
        try await database.withStore { (store: Store) async throws in
            _ = try await store.decide("N1")
            #expect(try await store.read(.beginning).texts == ["N1 1 ACCEPTED"])
            try await stuck.execute("BEGIN; SELECT countersign.publish_decisions(0)")
            _ = try await store.decide("N2")
            #expect(try await store.read(.beginning).texts == ["N1 1 ACCEPTED"])
            try await stuck.execute("ROLLBACK")
            #expect(try await store.read(.beginning).texts == ["N1 1 ACCEPTED", "N2 1 ACCEPTED"])
        }
        await stuck.close()
    }

    /// What remains is what an in-doubt commit may still be resolved by. The feed keeps everything.
    @Test("A batch's row goes a day after its publication, and an unpublished one never", .database)
    func aBatchGoesADayAfterItsPublication() async throws {
        try await database.addCharges(3, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            try await database.session.execute(
                "INSERT INTO countersign.batch (batch_id, decisions) VALUES (gen_random_uuid(), 0)")
            _ = try await store.decide("N1")
            _ = try await store.read(.beginning)
            _ = try await store.decide("N2")
            let published = try await store.read(.beginning)
            _ = try await store.decide("N3")
            try await database.session.execute(
                "INSERT INTO countersign.batch (batch_id, decisions) VALUES (gen_random_uuid(), 0)")
            // As long as the publication is not a day ago, nothing goes.
            await store.publisher.purge()
            #expect(try await database.session.count("SELECT count(*) FROM countersign.batch") == 5)
            try await database.session.execute(
                "UPDATE countersign.published_batch SET published_on = now() - interval '25 hours' WHERE position = 1"
            )
            await store.publisher.purge()
            let left = try await database.session.texts(
                """
                SELECT coalesce(history.number, decisions || ' decisions')
                FROM countersign.batch LEFT JOIN countersign.charge_history AS history USING (batch_id)
                ORDER BY sequence_number
                """)
            #expect(left == ["N2", "N3", "0 decisions"])
            #expect(try await store.read(.beginning).texts == published.texts + ["N3 1 ACCEPTED"])
            // A year later everything that was published may go, and what was not stays.
            _ = try await store.decide("N3", .declined)
            try await database.session.execute(
                "UPDATE countersign.published_batch SET published_on = published_on - interval '1 year'")
            await store.publisher.purge()
            #expect(
                try await database.session.texts(
                    "SELECT decisions::text FROM countersign.batch ORDER BY sequence_number") == ["0", "1"])
        }
    }

    @Test("A new epoch expires older cursors", .database)
    func aNewEpochEndsOlderCursors() async throws {
        try await database.addCharges(2, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            _ = try await store.decide("N1")
            let old = try await store.read(.beginning).next
            try await onThread { [database] in
                let session = try AdministrationSession(database: database.administrationConnectionString)
                try session.beginFeedEpoch()
                session.close()
            }
            do {
                _ = try await store.read(.after(old))
                #expect(Bool(false), "the cursor still serves")
            } catch let failure as RequestFailure {
                #expect(failure.code == .cursorExpired)
            }
            _ = try await store.decide("N2")
            let again = try await store.read(.since(Timestamp("2026-01-01")!))
            #expect(again.texts == ["N1 1 ACCEPTED", "N2 1 ACCEPTED"])
            #expect(again.next.epoch != old.epoch)
            #expect(try await store.read(.after(again.next)).decisions.isEmpty)
        }
    }

    /// After a failover or a restore the feed may be shorter than what was read, or have other decisions there.
    @Test("A cursor expires if the feed holds something else at its place", .database)
    func aCursorOfWhatIsNoLongerThereHasExpired() async throws {
        try await database.addCharges(4, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            for number in ["N1", "N2", "N3"] { _ = try await store.decide(number) }
            let first = try await store.read(.beginning, limit: 1).next
            let last = try await store.read(.beginning).next
            #expect(first.position == 1 && last.position == 3)
            for cursor in [
                FeedCursor(epoch: last.epoch, position: 4, batch: last.batch),
                FeedCursor(epoch: last.epoch, position: .max, batch: last.batch),
                FeedCursor(epoch: last.epoch, position: 2, batch: last.batch),
                FeedCursor(epoch: last.epoch, position: 3, batch: first.batch),
                FeedCursor(epoch: last.epoch, position: 0, batch: first.batch),
            ] {
                let failure = await #expect(throws: RequestFailure.self) {
                    try await store.read(.after(cursor))
                }
                #expect(failure?.code == .cursorExpired, "\(cursor)")
            }
            // The last decision is lost, and another one takes its position.
            try await database.session.execute(
                """
                WITH lost AS (DELETE FROM countersign.published_batch WHERE position = 3 RETURNING batch_id)
                DELETE FROM countersign.charge_history USING lost WHERE charge_history.batch_id = lost.batch_id;
                UPDATE countersign.feed SET last_position = 2
                """)
            let beyond = await #expect(throws: RequestFailure.self) { try await store.read(.after(last)) }
            #expect(beyond?.code == .cursorExpired)
            _ = try await store.decide("N4")
            await store.publisher.publish(deadline: .now + .patience)
            let other = await #expect(throws: RequestFailure.self) { try await store.read(.after(last)) }
            #expect(other?.code == .cursorExpired)
            #expect(try await store.read(.after(first)).texts.last == "N4 1 ACCEPTED")
        }
    }

    /// A cursor within a batch names that batch, and reading continues within it.
    @Test("A cursor may point into a batch", .database)
    func aCursorMayLieWithinABatch() async throws {
        try await database.addCharges(5, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            _ = try await store.decisions.decide(.accepting((1...5).map { .charge("N\($0)") }))
            var start = FeedStart.beginning
            for position in 1...5 {
                let page = try await store.read(start, limit: 1)
                #expect(page.decisions.map(\.position) == [Int64(position)])
                start = .after(page.next)
            }
            #expect(try await store.read(start).decisions.isEmpty)
        }
    }

    @Test("Reading since a time starts with the first decision published then or later", .database)
    func aTimeBeginsWithWhatWasPublishedThen() async throws {
        try await database.addCharges(3, prefix: "N")
        try await database.withStore { (store: Store) async throws in
            for number in ["N1", "N2", "N3"] {
                _ = try await store.decide(number)
                _ = try await store.read(.beginning)
            }
            try await database.session.execute(
                "UPDATE countersign.published_batch SET published_on = ('2026-01-0' || position || ' 00:00+0')::timestamptz"
            )
            let since = { (day: String) in FeedStart.since(Timestamp(day)!) }
            #expect(try await store.read(since("2026-01-02")).decisions.map(\.position) == [2, 3])
            #expect(
                try await store.read(since("2026-01-01T00:00:01"), limit: 1).decisions.map(\.position) == [2])
            let late = try await store.read(since("2030-01-01"))
            #expect(late.decisions.isEmpty && late.next.position == 3)
        }
    }

    /// Transactions are numbered anew on a server that was filled from a dump.
    @Test("A feed restored from a dump continues", .database)
    func aFeedFromADumpGoesOn() async throws {
        try await database.addCharges(1, prefix: "N")
        try await database.session.execute(
            "UPDATE countersign.feed SET seen = '900000000:900000000:'")
        try await database.withStore { (store: Store) async throws in
            _ = try await store.decide("N1")
            #expect(try await store.read(.beginning).texts == ["N1 1 ACCEPTED"])
        }
    }

    /// Many nodes decide and publish at once; one reader reads the feed meanwhile.
    @Test("A reader that follows two nodes' decisions sees each exactly once", .database)
    func aReaderThatFollowsSeesEachDecisionOnce() async throws {
        let charges = 300
        try await database.addCharges(charges, prefix: "N")
        let stores = try [database.makeStore(), database.makeStore()]
        let reading = Task {
            var seen: [String] = []
            var start = FeedStart.beginning
            while seen.count < 3 * charges {
                let page = try await stores[0].read(start, limit: 100)
                seen += page.texts
                start = .after(page.next)
            }
            return seen
        }
        try await withThrowingTaskGroup { group in
            for index in 1...charges {
                group.addTask {
                    for decision in [Decision.accepted, .declined, .accepted] {
                        let outcome = try await stores[index % 2].decide("N\(index)", decision)
                        #expect(outcome == "OK")
                    }
                    await stores[index % 2].publisher.publish(deadline: .now + .patience)
                }
            }
            try await group.waitForAll()
        }
        let seen = try await reading.value
        #expect(Set(seen).count == 3 * charges && seen.count == 3 * charges)
        for index in 1...charges {
            #expect(
                seen.filter { $0.hasPrefix("N\(index) ") } == [
                    "N\(index) 1 ACCEPTED", "N\(index) 2 DECLINED", "N\(index) 3 ACCEPTED",
                ])
        }
        for store in stores { await store.shutdown(deadline: .now + .patience) }
    }
}
