/// What a pool pools. All of it is called on one thread, which opened the connection and may block.
public protocol PooledConnection: AnyObject, SendableMetatype {
    /// Whether another lease may have the connection: open, idle, nothing half done. Asked before and after each
    /// lease, so it must be quick.
    var isUsable: Bool { get }

    /// Ends the connection.
    func close()
}
