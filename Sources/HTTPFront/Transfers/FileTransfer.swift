/// Which calls of a route transfer a file. Files are bytes and not envelopes: errors have the HTTP status that fits,
/// whatever the setting for others is, and the token is in the header alone.
enum FileTransfer: Sendable {
    case none
    case download
    case upload
    /// Those with `format=csv`; the others answer with an envelope.
    case downloadAsCSV

    func applies(to request: RequestContext) -> Bool {
        switch self {
        case .none: false
        case .download, .upload: true
        case .downloadAsCSV: (try? request.queryParameter("format")) == "csv"
        }
    }
}
