import Charges

/// Reads, again and again, what says which tokens are good: the signing keys, and the tokens that were ended.
///
/// Calls do not depend on it: one that finds the knowledge too old reads by itself. It keeps them from waiting.
package struct AccessPolling: Sendable {
    /// A quarter of what the knowledge may be old, and some more or less, so that the nodes do not ask together.
    private static let milliseconds = 200...300
    /// After so many readings, some ten minutes, old ends are forgotten by the repository.
    private static let readingsBetweenForgetting = 2400

    private let keys: TokenKeys
    private let ends: TokenEnds
    private let wait: @Sendable (Duration) async throws -> Void

    /// - Parameter wait: Returns after so long, or throws when the polling is to end.
    package init(
        keys: TokenKeys, ends: TokenEnds,
        wait: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.keys = keys
        self.ends = ends
        self.wait = wait
    }

    /// Goes on until its task is cancelled.
    package func run() async {
        // A node that fails to read says so in its store's log, and to its callers once it does not know.
        var readings = Int.random(in: 0..<Self.readingsBetweenForgetting)
        while !Task.isCancelled {
            async let keysRead: Void? = try? keys.refresh()
            async let endsRead: Void? = try? ends.refresh()
            _ = await (keysRead, endsRead)
            readings += 1
            if readings.isMultiple(of: Self.readingsBetweenForgetting) { try? await ends.forgetOldEnds() }
            do {
                try await wait(.milliseconds(Int.random(in: Self.milliseconds)))
            } catch {
                return
            }
        }
    }
}
