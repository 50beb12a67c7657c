/// Which HTTP status errors are answered with.
package enum ErrorStatusPolicy: String, Sendable, CaseIterable {
    /// The one that fits.
    case standard
    /// 200, for clients that look at `status.code` alone.
    case always200 = "always-200"
}
