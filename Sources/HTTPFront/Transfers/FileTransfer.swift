import Charges

/// Which calls of a route transfer a file. Files are bytes and not envelopes: errors have the HTTP status that fits,
/// whatever the setting for others is, and the token is in the header alone.
enum FileTransfer: Sendable {
    case none
    case download
    case upload
    /// Those with `format=csv`; the others answer with an envelope.
    case downloadAsCSV

    /// The media type of CSV files, which all have a header (RFC 4180, 3).
    static let csv = "text/csv; charset=utf-8; header=present"

    func applies(to request: RequestContext) -> Bool {
        switch self {
        case .none: false
        case .download, .upload: true
        case .downloadAsCSV: (try? request.queryParameter("format")) == "csv"
        }
    }
}

extension RequestContext {
    /// Whether texts that a spreadsheet would run as formulas are to be made harmless.
    func isForSpreadsheets() throws(RequestFailure) -> Bool {
        switch try queryParameter("spreadsheet") {
        case nil, "false": return false
        case "true": return true
        default: throw RequestFailure(.invalidParameter, "spreadsheet must be true or false.")
        }
    }
}
