import Hummingbird

/// What Hummingbird knows of a request besides itself.
struct FrontContext: InitializableFromSource {
    /// Where the request comes from.
    let address: String

    init(source: ApplicationRequestContextSource) {
        address = source.channel.remoteAddress?.ipAddress ?? "unknown"
    }
}
