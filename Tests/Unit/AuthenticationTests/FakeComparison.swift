import Dispatch
import Synchronization

@testable import Authentication

/// A comparison that waits at a gate and counts the waiting calls.
final class FakeComparison: Sendable {
    struct Counts {
        var running = 0
        /// The most that ever ran at once.
        var most = 0
        var passwords: [String] = []
        var hashes: [PasswordHash] = []
    }

    /// What a right password is compared with.
    static let hash = PasswordHash(
        text: "$scrypt$ln=14,r=8,p=1$AAECAwQFBgcICQoLDA0ODw==$nfkj3u1fRTHCea+fVr03sWV770kp5wLOLoEakziKhqE=")!

    private let counts = Mutex(Counts())
    private let gate = DispatchSemaphore(value: 0)
    private let entries: AsyncStream<Void>
    private let entry: AsyncStream<Void>.Continuation

    init(isOpen: Bool = false) {
        (entries, entry) = AsyncStream.makeStream()
        if isOpen { open() }
    }

    var now: Counts { counts.withLock { $0 } }

    /// Lets all pass from now on.
    func open() { gate.signal() }

    /// Returns once so many more have come to the gate.
    func entered(_ count: Int) async {
        var left = count
        for await _ in entries {
            left -= 1
            if left == 0 { return }
        }
    }

    /// The password is `right`, and the hash the one above.
    func callAsFunction(_ password: String, _ hash: PasswordHash) -> Bool {
        counts.withLock { counts in
            counts.running += 1
            counts.most = max(counts.most, counts.running)
            counts.passwords.append(password)
            counts.hashes.append(hash)
        }
        entry.yield()
        gate.wait()
        gate.signal()
        counts.withLock { $0.running -= 1 }
        return password == "right" && hash == Self.hash
    }
}
