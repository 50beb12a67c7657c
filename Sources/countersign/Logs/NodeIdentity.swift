import Foundation

/// Which node a line of the log is of: the machine's name and the process.
enum NodeIdentity {
    static let text = "\(hostName):\(getpid())"

    /// As the kernel knows it, without asking the network.
    private static var hostName: String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "unknown" }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
