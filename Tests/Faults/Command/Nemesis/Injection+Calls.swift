import FaultJournal
import Glibc

extension Injection {
    /// Calls that are repeated on the way, or lose their answers.
    static let calls: [Injection] = [
        Injection("calls-doubled", [.calls], lasts: 4...8, delaysEffects: true) { context in
            let cluster = context.cluster
            let journal = context.journal
            cluster.setCalls { request, forward in
                guard let first = forward(request), let call = CallProxy.callID(request) else { return nil }
                // The second is later than the first; its answer is the one that the client may see.
                usleep(UInt32(call % 5) * 20_000)
                try? journal.resending(call)
                let second = forward(request)
                return call % 2 == 0 ? second : first
            }
            return Active("every call to the balancer") { cluster.setCalls(nil) }
        },
        Injection("answers-lost", [.calls], lasts: 4...8) { context in
            let cluster = context.cluster
            cluster.setCalls { request, forward in
                let response = forward(request)
                return (CallProxy.callID(request) ?? 0) % 4 == 0 ? nil : response
            }
            return Active("one of four") { cluster.setCalls(nil) }
        },
    ]
}

extension CallProxy {
    /// The number that a call has in the journal.
    static func callID(_ request: [UInt8]) -> Int? { header("X-Request-Id", of: request).flatMap { Int($0) } }

    /// A header's value, spelled as the suite's own client does.
    static func header(_ name: String, of request: [UInt8]) -> String? {
        let marker = Array("\r\n\(name): ".utf8)
        guard let found = request.firstRange(of: marker) else { return nil }
        return String(
            decoding: request[found.upperBound...].prefix { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
    }
}
