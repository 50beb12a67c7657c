import Glibc

/// Blocking sockets of this machine.
enum Sockets {
    /// A stream socket that listens at a path. A file that is in the way is removed.
    static func listen(path: String) -> Int32? {
        unlink(path)
        let descriptor = socket(AF_UNIX, streamType | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard withAddress(path: path, { bind(descriptor, $0, $1) }) == 0, Glibc.listen(descriptor, 256) == 0
        else {
            close(descriptor)
            return nil
        }
        // The service's connections come from other users.
        chmod(path, 0o777)
        return descriptor
    }

    /// A stream socket that listens at a port of 127.0.0.1.
    static func listen(port: Int) -> Int32? {
        let descriptor = socket(AF_INET, streamType | Int32(SOCK_NONBLOCK.rawValue), 0)
        var reuse: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        guard withAddress(port: port, { bind(descriptor, $0, $1) }) == 0, Glibc.listen(descriptor, 1024) == 0
        else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    /// A new connection of a listening socket. `nil` once the socket is shut down.
    static func accept(_ listener: Int32) -> Int32? {
        while true {
            guard wait(listener, Int16(POLLIN), until: .now + .seconds(3600)) else { continue }
            let descriptor = Glibc.accept(listener, nil, nil)
            if descriptor >= 0 {
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                return descriptor
            }
            guard errno == EINTR || errno == ECONNABORTED || errno == EAGAIN || errno == EMFILE else {
                return nil
            }
        }
    }

    static func connect(path: String) -> Int32? {
        let descriptor = socket(AF_UNIX, streamType, 0)
        guard withAddress(path: path, { Glibc.connect(descriptor, $0, $1) }) == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    /// Connects to a port of 127.0.0.1 within a time.
    static func connect(port: Int, until deadline: ContinuousClock.Instant) -> Int32? {
        let descriptor = socket(AF_INET, streamType | Int32(SOCK_NONBLOCK.rawValue), 0)
        if withAddress(port: port, { Glibc.connect(descriptor, $0, $1) }) != 0 {
            var problem: Int32 = errno
            var size = socklen_t(MemoryLayout<Int32>.size)
            if problem == EINPROGRESS, wait(descriptor, Int16(POLLOUT), until: deadline) {
                getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &problem, &size)
            }
            guard problem == 0 else {
                close(descriptor)
                return nil
            }
        }
        return descriptor
    }

    /// Waits until a socket is ready.
    ///
    /// - Returns: Whether it is ready before the deadline.
    static func wait(_ descriptor: Int32, _ events: Int16, until deadline: ContinuousClock.Instant) -> Bool {
        var entry = pollfd(fd: descriptor, events: events, revents: 0)
        while true {
            let left = ContinuousClock.now.duration(to: deadline)
            let milliseconds = max(
                0, left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000)
            let ready = poll(&entry, 1, Int32(clamping: milliseconds))
            if ready > 0 { return true }
            if ready == 0 || errno != EINTR { return false }
        }
    }

    /// Some bytes. `nil` at the end of the stream, or after an error.
    static func receive(_ descriptor: Int32) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count > 0 { return Array(buffer.prefix(count)) }
            guard count < 0, errno == EINTR else { return nil }
        }
    }

    /// Sends all bytes.
    ///
    /// - Returns: Whether the socket took them before the deadline.
    static func send(
        _ bytes: [UInt8], to descriptor: Int32, until deadline: ContinuousClock.Instant? = nil
    ) -> Bool {
        var sent = 0
        while sent < bytes.count {
            if let deadline, !wait(descriptor, Int16(POLLOUT), until: deadline) { return false }
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                sent += count
            } else if errno != EINTR && errno != EAGAIN {
                return false
            }
        }
        return true
    }

    private static let streamType = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)

    private static func withAddress(port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32
    {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        address.sin_port = in_port_t(port).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private static func withAddress(path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32)
        -> Int32
    {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        precondition(
            bytes.count < MemoryLayout.size(ofValue: address.sun_path), "\(path) is too long for a socket")
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}

/// Lets the calling thread rest.
func pause(seconds: Double) {
    guard seconds > 0 else { return }
    usleep(UInt32(min(seconds, 1000) * 1_000_000))
}
