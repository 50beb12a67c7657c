/// The values of a page of sections, each with a table and with forms that change what the table shows.
struct SectionsView: Sendable {
    /// What was done, or what went wrong.
    struct Notice: Sendable {
        let text: String
        let isError: Bool
    }

    /// A secret that was just made.
    struct Secret: Sendable {
        /// What it is: `The key bridge`.
        let name: String
        let text: String
    }

    struct Section: Sendable {
        let heading: String?
        let introduction: String?
        let table: TableView?
        let forms: [FormView]
        /// Whether the table has other pages.
        let hasPages: Bool

        init(
            _ heading: String? = nil, introduction: String? = nil, table: TableView? = nil,
            forms: [FormView] = []
        ) {
            self.heading = heading
            self.introduction = introduction
            self.table = table
            self.forms = forms
            hasPages = table.map { $0.first != nil || $0.next != nil } ?? false
        }
    }

    var notice: Notice?
    /// Shown once.
    var secret: Secret?
    var sections: [Section]
}
