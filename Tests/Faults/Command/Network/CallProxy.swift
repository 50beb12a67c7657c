import Foundation
import Glibc
import Synchronization

/// The link between the workload's clients and the balancer: a proxy for HTTP, which can repeat calls, lose answers, and,
/// for the controls, lie.
final class CallProxy: Sendable {
    /// What the proxy does with a call.
    ///
    /// - Parameters:
    ///   - request: The whole request.
    ///   - forward: The function that sends a request on and returns the whole response, or `nil` without one.
    /// - Returns: The whole response; `nil` cuts the client's connection.
    typealias Behaviour =
        @Sendable (_ request: [UInt8], _ forward: @escaping @Sendable ([UInt8]) -> [UInt8]?)
        -> [UInt8]?

    private let listener: Int32
    private let target: Int
    private let behaviour = Mutex<Behaviour?>(nil)

    /// - Parameters:
    ///   - port: The port to listen at.
    ///   - target: The port that calls are passed on to.
    init?(port: Int, target: Int) {
        guard let listener = Sockets.listen(port: port) else { return nil }
        self.listener = listener
        self.target = target
        Thread.detachNewThread { self.accept() }
    }

    /// Sets what is done with calls. `nil` passes them on.
    func set(_ new: Behaviour?) { behaviour.withLock { $0 = new } }

    private func accept() {
        while let client = Sockets.accept(listener) {
            Thread.detachNewThread {
                self.serve(client)
                // A program that was started at this moment may have inherited the descriptor.
                shutdown(client, Int32(SHUT_RDWR))
                close(client)
            }
        }
    }

    private func serve(_ client: Int32) {
        guard let request = Self.message(from: client, until: .now + .seconds(20)) else { return }
        let behaviour = behaviour.withLock { $0 } ?? { $1($0) }
        guard let response = behaviour(request, { self.forward($0) }) else { return }
        _ = Sockets.send(response, to: client, until: .now + .seconds(5))
    }

    private func forward(_ request: [UInt8]) -> [UInt8]? {
        let deadline = ContinuousClock.now + .seconds(20)
        guard let server = Sockets.connect(port: target, until: deadline) else { return nil }
        defer { close(server) }
        guard Sockets.send(request, to: server, until: deadline) else { return nil }
        return Self.message(from: server, until: deadline)
    }

    private static func message(from descriptor: Int32, until deadline: ContinuousClock.Instant) -> [UInt8]? {
        var message = HTTPMessage()
        while message.whole == nil {
            guard Sockets.wait(descriptor, Int16(POLLIN), until: deadline),
                let bytes = Sockets.receive(descriptor)
            else { return nil }
            message.append(bytes)
        }
        return message.bytes
    }
}
