/// The pages to which signing in may lead: those of the console's own table. Downloads are not among them, since a browser
/// stores a download and goes on showing the form.
struct Destinations: Sendable {
    private let paths: Set<String>

    /// The longest destination that is kept, in bytes.
    private static let maximumBytes = 2000

    /// - Parameter paths: The paths below the console's.
    init(_ paths: [String]) {
        self.paths = Set(paths.map { Console.path + $0 })
    }

    /// A destination, or the first page in the place of what is none. A path is compared as it stands: one with `..`,
    /// with an escaped character or with two slashes is no page.
    ///
    /// - Parameter text: The path, perhaps with a query.
    func destination(_ text: String) -> String {
        let path = text.prefix { $0 != "?" }
        let isPlain =
            text.utf8.count <= Self.maximumBytes
            && text.utf8.allSatisfy {
                (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "#")
            }
        return isPlain && paths.contains(String(path)) ? text : Console.path
    }
}
