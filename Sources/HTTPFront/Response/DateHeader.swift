import Glibc
import Synchronization

/// The header `Date` of a response (RFC 9110, 6.6.1), formatted once a second. Any thread may read it.
enum DateHeader {
    private static let written = Mutex<(second: time_t, text: String)>((0, ""))

    /// The current time: `Thu, 26 Nov 2026 07:35:46 GMT`.
    static var now: String {
        let second = time(nil)
        return written.withLock { written in
            if written.second != second { written = (second, text(second)) }
            return written.text
        }
    }

    /// The text of a time, in seconds since 1970.
    static func text(_ second: time_t) -> String {
        var second = second
        var moment = tm()
        gmtime_r(&second, &moment)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { text in
            let length = strftime(text.baseAddress!, text.count, "%a, %d %b %Y %H:%M:%S GMT", &moment)
            return String(decoding: text[..<length].lazy.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }
}
