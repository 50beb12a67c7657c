import TestSupport

/// A way in which other sessions hold the charge `N1`, or the reference number `R`.
enum HeldLock: CaseIterable {
    /// One session has locked the charge, as before an update of its key.
    case update
    /// Two sessions share the lock, which the row records as a multixact.
    case shared
    /// A session has locked the charge and updated it in a savepoint, which is a multixact as well.
    case updatedInSavepoint
    /// A prepared transaction has locked the charge. Its session is gone.
    case prepared
    /// A prepared transaction and a session share the lock.
    case preparedAndShared
    /// A transaction has taken the reference number and goes on.
    case reference
    /// A prepared transaction has taken the reference number.
    case preparedReference

    /// The ways that a statement can see in the row before it waits.
    static let ofCharges = allCases.filter { !$0.isOfReference }
    static let ofReferences = allCases.filter(\.isOfReference)

    var isOfReference: Bool { self == .reference || self == .preparedReference }

    /// The statements of each session, which begin a transaction and leave it open.
    fileprivate func sessions(preparedName: String) -> [[String]] {
        let select = "SELECT FROM countersign.charge WHERE number = 'N1' FOR"
        let prepare = "PREPARE TRANSACTION '\(preparedName)'"
        let reference = """
            INSERT INTO countersign.charge_history (operator_id, number, revision, kind, made_by, made_on,
                reference_number, takes_reference, batch_id)
            VALUES (1, 'elsewhere', 1, 'ACCEPTED', 'operator', now(), 'R', true, gen_random_uuid())
            """
        return switch self {
        case .update: [["\(select) UPDATE"]]
        case .shared: [["\(select) SHARE"], ["\(select) SHARE"]]
        case .updatedInSavepoint:
            [
                [
                    "\(select) UPDATE", "SAVEPOINT first",
                    "UPDATE countersign.charge SET received_on = received_on WHERE number = 'N1'",
                ]
            ]
        case .prepared: [["\(select) UPDATE", prepare]]
        case .preparedAndShared: [["\(select) SHARE"], ["\(select) SHARE", prepare]]
        case .reference: [[reference]]
        case .preparedReference: [[reference, prepare]]
        }
    }
}

/// The sessions that hold a lock until it is released.
actor LockHolder {
    private let database: TestDatabase
    private var sessions: [TestSession] = []

    init(_ database: TestDatabase) {
        self.database = database
    }

    fileprivate func hold(_ lock: HeldLock) async throws {
        for statements in lock.sessions(preparedName: database.name) {
            let session = TestSession(database.ownerParameters)
            sessions.append(session)
            for statement in ["BEGIN"] + statements { try await session.execute(statement) }
        }
    }

    /// Rolls back whatever holds the lock, and closes the sessions.
    func release() async throws {
        for session in sessions {
            try await session.execute("ROLLBACK")
            await session.close()
        }
        sessions = []
        let prepared = try await database.session.texts(
            "SELECT gid FROM pg_prepared_xacts WHERE database = current_database()")
        for name in prepared.compactMap({ $0 }) {
            try await database.session.execute("ROLLBACK PREPARED '\(name)'")
        }
    }
}

extension TestDatabase {
    /// Runs a body while other sessions hold a lock, which is released at the latest when the body has ended: a database
    /// with a prepared transaction cannot be dropped.
    func holding(_ lock: HeldLock, _ body: (LockHolder) async throws -> Void) async throws {
        let holder = LockHolder(self)
        do {
            try await holder.hold(lock)
            try await body(holder)
        } catch {
            try? await holder.release()
            throw error
        }
        try await holder.release()
    }
}
