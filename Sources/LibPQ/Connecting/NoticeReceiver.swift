import CLibPQ

/// Takes what the server says besides its answers.
final class NoticeReceiver {
    private let handler: ((ServerMessage) -> Void)?
    private var keepsWarnings = false
    /// The first warning since `keepWarnings`.
    private(set) var firstWarning: ServerMessage?

    init(handler: ((ServerMessage) -> Void)?) {
        self.handler = handler
    }

    /// Begins to keep warnings: those of a COMMIT change what it means.
    func keepWarnings() {
        firstWarning = nil
        keepsWarnings = true
    }

    /// Ends that.
    func dropWarnings() {
        firstWarning = nil
        keepsWarnings = false
    }

    /// What libpq calls (manual, chapter 34.13).
    static let receive: @convention(c) (UnsafeMutableRawPointer?, OpaquePointer?) -> Void = {
        receiver, result in
        guard let receiver, let result else { return }
        Unmanaged<NoticeReceiver>.fromOpaque(receiver).takeUnretainedValue().take(ServerMessage(result))
    }

    private func take(_ message: ServerMessage) {
        if keepsWarnings, firstWarning == nil, message.severity == "WARNING" { firstWarning = message }
        handler?(message)
    }
}
