import Foundation

/// A server could not listen where it was told to.
package struct ListeningFailure: Error, CustomStringConvertible {
    package let host: String
    package let port: Int
    /// Why, in a few words.
    package let reason: String

    init(host: String, port: Int, reason: String) {
        self.host = host
        self.port = port
        self.reason = reason
    }

    /// - Parameter errorNumber: `errno` of the call that failed.
    init(host: String, port: Int, errorNumber: Int32) {
        self.init(host: host, port: port, reason: String(cString: strerror(errorNumber)))
    }

    /// One line for a person.
    package var description: String { "cannot listen on \(host):\(port): \(reason)" }
}
