package import Charges

/// What the front is told. Times are in milliseconds.
package struct FrontConfiguration: Sendable {
    /// The address to listen on.
    package var host = "127.0.0.1"
    /// 0 takes any free one.
    package var port = 8080
    /// By when every call is answered.
    package var callTimeoutMilliseconds = 10_000
    /// By when a request's body must have arrived.
    package var bodyTimeoutMilliseconds = 5000
    /// The largest body, in bytes.
    package var maximumBodyBytes = 256 * 1024
    /// The most connections at a time; further ones wait to be taken.
    package var maximumConnections = 4096
    /// A connection is closed after being idle so long.
    package var idleTimeoutMilliseconds = 75_000
    /// Whose `X-Forwarded-For` is believed.
    package var trustedProxies = TrustedProxies.none

    /// How errors are answered under /crmapi, where the operator does not say otherwise.
    package var errorStatusPolicy = ErrorStatusPolicy.standard

    package init() {}
}
