import Hummingbird

/// What Hummingbird knows of a request besides itself.
struct FrontContext: InitializableFromSource {
    /// Where the request comes from.
    let address: String

    init(address: String) {
        self.address = address
    }

    init(source: ApplicationRequestContextSource) {
        self.init(address: source.channel.remoteAddress?.ipAddress ?? "unknown")
    }
}
