import Foundation
import Glibc

/// A service that answers OK to every request and does nothing.
final class AlwaysOKServer: Sendable {
    let port: Int
    private let listener: Int32
    private static let body = #"{"data":{"token":"t"},"status":{"code":"OK","description":"","message":""}}"#
    private static let answer = "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"

    init() throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        port = try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard bind(listener, address, length) == 0, listen(listener, 16) == 0,
                    getsockname(listener, address, &length) == 0
                else { throw POSIXError(.init(rawValue: errno) ?? .EINVAL) }
            }
            return Int(UInt16(bigEndian: pointer.pointee.sin_port))
        }
        Thread.detachNewThread {
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                Thread.detachNewThread { Self.answerAll(on: connection) }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private static func answerAll(on connection: Int32) {
        defer { close(connection) }
        var received: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while case let count = read(connection, &piece, piece.count), count > 0 {
            received += piece[..<count]
            guard isWhole(String(decoding: received, as: UTF8.self)) else { continue }
            received = []
            let bytes = Array(answer.utf8)
            guard write(connection, bytes, bytes.count) == bytes.count else { return }
        }
    }

    private static func isWhole(_ request: String) -> Bool {
        guard let end = request.range(of: "\r\n\r\n"),
            let name = request.range(of: "Content-Length: "),
            let length = Int(request[name.upperBound..<end.lowerBound])
        else { return false }
        return request[end.upperBound...].utf8.count >= length
    }
}
