import Charges
import HTTPTypes

/// What a page shows: a template with its values, or another page to which it leads.
struct View: Sendable {
    enum Content: Sendable {
        /// - Parameters:
        ///   - template: The template's name.
        ///   - values: The values, whose fields the template names.
        case page(template: Template, values: any Sendable)
        /// The path of another page, which is opened by GET.
        case seeOther(String)
    }

    var content: Content
    /// The heading of the page, and the title of its window.
    var title: String
    var status = HTTPResponse.Status.ok
    /// The seconds after which the browser loads the page again by itself; `nil` for never.
    var reloadSeconds: Int?
    /// The number of items that the call decided on, and the codes of those that failed.
    var items: (count: Int, failedCodes: [String])?

    /// The time after which a page shows the progress of work anew.
    static let progressSeconds = 5

    init(_ template: Template, title: String, _ values: any Sendable) {
        content = .page(template: template, values: values)
        self.title = title
    }

    /// Leads to another page of the console.
    init(seeOther path: String) {
        content = .seeOther(Console.path + path)
        title = ""
    }
}

/// The templates. The raw values are the names of their files.
enum Template: String, CaseIterable, Sendable {
    case layout, message
    // Pieces of the others. Their files end without a line end, since they stand within lines.
    case state, amount, form
    case formToken = "form-token"
    case signIn = "sign-in"
    case overview, table, details, accounts, file, charges, charge, decision, reconciliation, differences
}

/// A link to a page.
struct Link: Sendable {
    let text: String
    let path: String
    /// Whether it is the page that is shown.
    var isCurrent = false

    /// - Parameters:
    ///   - path: The path below the console's.
    ///   - query: The parameters; those without a value are left out.
    init(
        _ text: String, _ path: String, _ query: KeyValuePairs<String, String?> = [:], isCurrent: Bool = false
    ) {
        self.text = text
        self.path = Self.path(path, query)
        self.isCurrent = isCurrent
    }

    /// The whole path of a page, with its query.
    static func path(_ path: String, _ query: KeyValuePairs<String, String?> = [:]) -> String {
        let parameters = query.compactMap { name, value in value.map { "\(name)=\(encoded($0))" } }
        return Console.path + path + (parameters.isEmpty ? "" : "?" + parameters.joined(separator: "&"))
    }

    /// A text as the value of a parameter (RFC 3986, section 2.3).
    static func encoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default: encoded += "%" + Hexadecimal.text([byte]).uppercased()
            }
        }
        return encoded
    }
}
