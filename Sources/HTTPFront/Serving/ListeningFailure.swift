import Foundation

/// A server could not listen where it was told to.
package struct ListeningFailure: Error, CustomStringConvertible {
    package let host: String
    package let port: Int
    /// `errno` of the call that failed.
    package let errorNumber: Int32

    /// One line for a person.
    package var description: String {
        "cannot listen on \(host):\(port): \(String(cString: strerror(errorNumber)))"
    }
}
