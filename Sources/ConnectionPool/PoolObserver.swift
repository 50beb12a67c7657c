/// Told what a pool's connections do, on whatever thread it happens. It must be quick.
public protocol PoolObserver: Sendable {
    /// A connection was opened.
    func opened(pool: String)
    /// An attempt to open one failed; the next one follows after a pause.
    func openFailed(pool: String, error: any Error)
    /// The body of a lease threw.
    func leaseFailed(pool: String, error: any Error)
    /// A connection was closed: `broken` if it could not be used any more.
    func closed(pool: String, broken: Bool)
}
