import Glibc

/// Reads a journal, line by line.
package enum JournalReader {
    /// Hands each record to `body` with the number of its line, from 1. A last line without a line feed was cut off when
    /// the suite was killed, and is left out.
    package static func read(path: String, _ body: (JournalRecord, _ line: Int) -> Void) throws(JournalError)
    {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw JournalError("cannot open \(path)", errno: errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw JournalError("cannot read \(path)", errno: errno) }
        guard status.st_size > 0 else { return }
        let size = Int(status.st_size)
        guard let memory = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), memory != MAP_FAILED else {
            throw JournalError("cannot read \(path)", errno: errno)
        }
        defer { munmap(memory, size) }
        let bytes = UnsafeBufferPointer(start: memory.assumingMemoryBound(to: UInt8.self), count: size)
        try read(bytes, body)
    }

    /// Reads the text of a journal.
    package static func read(text: String, _ body: (JournalRecord, _ line: Int) -> Void) throws(JournalError)
    {
        let bytes = Array(text.utf8)
        try bytes.withUnsafeBufferPointer { bytes throws(JournalError) in try read(bytes, body) }
    }

    private static func read(
        _ bytes: UnsafeBufferPointer<UInt8>, _ body: (JournalRecord, _ line: Int) -> Void
    ) throws(JournalError) {
        guard let base = bytes.baseAddress else { return }
        var start = 0
        var number = 1
        while start < bytes.count, let feed = memchr(base + start, 10, bytes.count - start) {
            let end = base.distance(to: UnsafeRawPointer(feed).assumingMemoryBound(to: UInt8.self))
            var line = LineReader(UnsafeBufferPointer(rebasing: bytes[start..<end]))
            do {
                body(try JournalRecord(from: &line), number)
            } catch {
                throw JournalError("line \(number) of the journal: \(error.reason)")
            }
            start = end + 1
            number += 1
        }
    }
}

extension JournalRecord {
    /// The record's line, without a line feed.
    package var text: String {
        var line = LineWriter()
        write(to: &line)
        return String(decoding: line.bytes.dropLast(), as: UTF8.self)
    }
}
