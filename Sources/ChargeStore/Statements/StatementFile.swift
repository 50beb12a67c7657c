package import Charges
import Crypto

/// The canonical file of a statement with its digest, event by event (docs/statements.md). Its parts follow each other:
/// `header`, the lines of all events, `finish`.
package struct StatementFile {
    private var lines = SHA256()
    private(set) package var totals = StatementTotals()
    private var count: Int64 = 0

    package init() {}

    /// The first line.
    package mutating func header() -> [UInt8] { hashed(StatementLines.header) }

    /// The lines of the next events.
    package mutating func append(_ events: [StatementEvent]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(events.count * 160)
        for event in events {
            totals.add(event)
            let start = bytes.count
            StatementLines.append(event, to: &bytes)
            bytes.withUnsafeBytes { hash(UnsafeRawBufferPointer(rebasing: $0[start...])) }
        }
        count += Int64(events.count)
        return bytes
    }

    /// The lines after the last event, and the digest.
    ///
    /// - Parameter predecessors: The digests of the statements before it: none for the first one, two after a restore
    ///   that lost data.
    package mutating func finish(after predecessors: [[UInt8]]) -> (bytes: [UInt8], digest: [UInt8]) {
        var bytes: [UInt8] = []
        for total in totals.all { bytes += hashed(StatementLines.line(total)) }
        for predecessor in predecessors { lines.update(data: predecessor) }
        let digest = Array(lines.finalize())
        return (bytes + StatementLines.end(events: count, digest: digest), digest)
    }

    /// The line, whose hash is part of the digest from now on.
    private mutating func hashed(_ line: [UInt8]) -> [UInt8] {
        line.withUnsafeBytes { hash($0) }
        return line
    }

    private mutating func hash(_ line: UnsafeRawBufferPointer) {
        var digest = SHA256()
        digest.update(bufferPointer: line)
        digest.finalize().withUnsafeBytes { lines.update(bufferPointer: $0) }
    }
}
