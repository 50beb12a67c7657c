import Glibc

/// A connection to a port of this machine, on which a test sends what it likes. A read that lasts a minute fails.
struct RawSocket {
    private let descriptor: Int32

    /// - Parameters:
    ///   - address: The loopback address to connect from, as the last of its four numbers: 127.0.0.1 to 127.0.0.255.
    ///   - waits: Whether to wait until the connection is established.
    ///   - receiveBuffer: The bytes that the kernel keeps for the test; `nil` is its own choice.
    init(port: Int, from address: Int = 1, waits: Bool = true, receiveBuffer: Int32? = nil) {
        let type = Int32(SOCK_STREAM.rawValue) | (waits ? 0 : Int32(SOCK_NONBLOCK.rawValue))
        descriptor = socket(AF_INET, type, 0)
        var minute = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &minute, socklen_t(MemoryLayout<timeval>.size))
        if var receiveBuffer {
            setsockopt(
                descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, socklen_t(MemoryLayout<Int32>.size))
        }
        Self.with(port: 0, address) { _ = bind(descriptor, $0, $1) }
        Self.with(port: port, 1) { _ = connect(descriptor, $0, $1) }
    }

    private static func with(
        port: Int, _ address: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Void
    ) {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = UInt16(port).bigEndian
        name.sin_addr.s_addr = (UInt32(0x7F00_0000) + UInt32(address)).bigEndian
        withUnsafePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// Sends a GET, and reads the response to the end of its envelope; what came of it if the connection ends.
    func get(_ path: String) -> String {
        send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return response()
    }

    /// Sends a login with a password.
    func sendLogin(_ username: String, password: String) {
        let body = #"{"username": "\#(username)", "password": "\#(password)", "organisation": "ACME"}"#
        send(
            "POST /crmapi/rest/v2/authentication/token HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    /// Reads a response to the end of its envelope; what came of it if the connection ends.
    func response() -> String {
        var text = ""
        var bytes = [UInt8](repeating: 0, count: 4096)
        while !text.hasSuffix("}}") {
            let count = recv(descriptor, &bytes, bytes.count, 0)
            guard count > 0 else { break }
            text += String(decoding: bytes.prefix(count), as: UTF8.self)
        }
        return text
    }

    /// Reads until that many bytes have come, or the connection ends.
    func bytes(_ count: Int) -> [UInt8] {
        var all: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 64 * 1024)
        while all.count < count {
            let count = recv(descriptor, &bytes, min(bytes.count, count - all.count), 0)
            guard count > 0 else { break }
            all += bytes.prefix(count)
        }
        return all
    }

    func close() { _ = Glibc.close(descriptor) }
}
