import HTTPTypes

/// An answer that is no envelope: the API's description, its page for people, or the metrics.
struct Page: Sendable {
    /// The media type.
    let type: String
    let text: String
    var headers = HTTPFields()
}
