import Charges
import Synchronization

@testable import Authentication

/// A login service on fake users, whose password is `right`.
struct LoginFixture {
    let repositories = FakeRepositories(
        .init(
            users: [
                user("anna", .acme), user("caf\u{E9}", .acme), user("gina", .globex),
                user("sam", .acme, isSuspended: true), user("olga", initech),
                user("broken", .acme, hash: "no hash"),
            ],
            operators: [.acme, .globex, initech], keys: [SigningKey("k1", 1)]))
    let compare: FakeComparison
    let hasher: PasswordHasher
    let tokens: TokenFixture
    let service: LoginService
    let bounds = BoundRecord()

    /// An operator that is suspended.
    static let initech = OperatorAccount(
        identifier: OperatorIdentifier(3), code: "INITECH", isSuspended: true)

    /// - Parameter comparesAtOnce: Whether comparisons pass; otherwise they wait for `compare.open()`.
    init(comparesAtOnce: Bool = true) {
        compare = FakeComparison(isOpen: comparesAtOnce)
        hasher = PasswordHasher { [compare] in compare($0, $1) }
        tokens = TokenFixture(repositories)
        service = LoginService(
            users: repositories, hasher: hasher, tokens: tokens.issuer, maximumPerAddress: 16,
            boundMet: { [bounds] in bounds.add($0, $1) })
    }

    private static func user(
        _ username: String, _ account: OperatorAccount, isSuspended: Bool = false,
        hash: String = FakeComparison.hash.text
    ) -> UserAccount {
        UserAccount(
            operatorAccount: account, username: username, passwordHash: hash, role: .decider,
            isSuspended: isSuspended)
    }

    func login(
        _ username: String = "anna", _ password: String = "right", organisation: String = "ACME",
        unit: String? = nil, address: String = "192.0.2.1"
    ) async -> Result<String, RequestFailure> {
        do throws(RequestFailure) {
            return .success(
                try await service.login(
                    organisation: organisation, username: username, password: password, unit: unit,
                    address: address, deadline: .farAway
                ).get())
        } catch {
            return .failure(error)
        }
    }
}

/// The bounds that logins met.
final class BoundRecord: Sendable {
    private let met = Mutex<[String]>([])

    func add(_ bound: LoginBound, _ address: String) { met.withLock { $0.append("\(bound) \(address)") } }

    /// Each as the bound and the address.
    var all: [String] { met.withLock { $0 } }
}

extension Result where Failure == RequestFailure {
    /// The code of the failure, or `OK`.
    var code: String {
        switch self {
        case .success: "OK"
        case .failure(let failure): failure.code.rawValue
        }
    }

    var failure: RequestFailure? {
        if case .failure(let failure) = self { failure } else { nil }
    }
}

extension AuthenticationResult {
    /// The value, or the failure of a suspended operator.
    func get() throws(RequestFailure) -> Value {
        switch self {
        case .success(let value): value
        case .suspended: throw .operatorSuspended
        }
    }
}
