import FaultChecker
import FaultJournal
import Foundation
import StrictJSON
import Synchronization

extension Control {
    /// Proxies that lie to operators.
    static let answers: [Control] = [
        Control("ok-before-commit", [.okNotKept, .impossibleCode]) { context in
            let cluster = context.cluster
            cluster.setCalls(
                { request, forward in
                    guard isDecision(request), (CallProxy.callID(request) ?? 0) % 5 == 0 else {
                        return forward(request)
                    }
                    // The call goes on after its answer, and may well fail.
                    Thread.detachNewThread {
                        pause(seconds: 0.3)
                        _ = forward(request)
                    }
                    return response(#"{"data":{},"status":{"code":"OK","description":"","message":""}}"#)
                }, provider: false)
            return Injection.Active("one of five calls") { cluster.setCalls(nil) }
        },
        Control("repeated-under-new-key", [.decidedTwice, .decidedByNoCall]) { context in
            let cluster = context.cluster
            cluster.setCalls(
                { request, forward in
                    guard isDecision(request), let call = CallProxy.callID(request), call % 3 == 0 else {
                        return forward(request)
                    }
                    let answer = forward(request)
                    Thread.detachNewThread {
                        // Others decide meanwhile.
                        pause(seconds: 1)
                        _ = forward(withKey("again-\(call)", request))
                    }
                    return answer
                }, provider: false)
            return Injection.Active("one of three calls") { cluster.setCalls(nil) }
        },
    ]

    /// Proxies that lie to the reader of the feed.
    static let feed: [Control] = [
        lyingFeed("feed-line-gone", [.feedLost]) { rows in rows.remove(at: rows.count / 2) },
        lyingFeed("feed-line-doubled", [.feedTwice]) { rows in
            rows.insert(rows[rows.count / 2], at: rows.count / 2)
        },
        lyingFeed("feed-out-of-order", [.feedOrder]) { rows in rows.swapAt(0, rows.count - 1) },
    ]

    private static func lyingFeed(
        _ name: String, _ expected: [Invariant], _ change: @escaping @Sendable (inout [JSONValue]) -> Void
    ) -> Control {
        Control(name, expected) { context in
            let cluster = context.cluster
            cluster.setCalls(
                { request, forward in
                    let answer = forward(request)
                    guard let bytes = answer, request.starts(with: Array("GET ".utf8)) else { return answer }
                    var message = HTTPMessage()
                    message.append(bytes)
                    guard let whole = message.whole, HTTPMessage.status(whole.head) == 200,
                        let envelope = try? JSONReader.read(whole.body), let data = envelope["data"],
                        var rows = data["decisions"]?.elements, rows.count > 2,
                        let status = envelope["status"]
                    else { return bytes }
                    change(&rows)
                    return response(
                        JSONValue.object([
                            "data": .object(["decisions": .array(rows), "next": data["next"]]),
                            "status": status,
                        ]).text)
                }, provider: true)
            return Injection.Active("the feed") { cluster.setCalls(nil) }
        }
    }

    private static func isDecision(_ request: [UInt8]) -> Bool {
        ["accept", "decline"].contains {
            request.starts(with: Array("POST /crmapi/rest/v2/netflix/charges/\($0)".utf8))
        }
    }

    private static func withKey(_ key: String, _ request: [UInt8]) -> [UInt8] {
        let header = "Idempotency-Key: "
        var text = String(decoding: request, as: UTF8.self)
        if let old = CallProxy.header("Idempotency-Key", of: request) {
            text = text.replacing(header + old + "\r\n", with: header + key + "\r\n")
        } else {
            text = text.replacing("Connection: close\r\n", with: "Connection: close\r\n\(header)\(key)\r\n")
        }
        return Array(text.utf8)
    }

    private static func response(_ body: String) -> [UInt8] {
        Array(
            ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)").utf8)
    }
}
