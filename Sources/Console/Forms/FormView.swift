import HTTPFront

/// The values of a form whose fields are listed one after the other, for the piece `form`.
struct FormView: Sendable {
    struct Choice: Sendable {
        let text: String
        let value: String
        let isChosen: Bool
    }

    /// A hidden field.
    struct Hidden: Sendable {
        let name: String
        let value: String
    }

    /// A field with its label. Its fault stands beside it.
    struct Field: Sendable {
        let label: String
        let name: String
        /// The type of HTML: `text`, `date`, `password`, `file`.
        var type = "text"
        /// The text of the field; `nil` for what is never sent back, such as a password or a file.
        var value: String?
        var choices: [Choice] = []
        let isSelect: Bool
        var isRequired = false
        var autocomplete: String?
        /// The types of files to choose from.
        var accept: String?
        var maximumLength: String?
        /// What to write, in small letters.
        var hint: String?
        /// What is wrong with the value.
        var fault: String?

        /// A field to type in.
        init(_ label: String, _ name: String, type: String = "text", value: String? = nil) {
            self.label = label
            self.name = name
            self.type = type
            self.value = value
            isSelect = false
        }

        /// A list to choose from.
        init(_ label: String, _ name: String, choices: [Choice]) {
            self.label = label
            self.name = name
            self.choices = choices
            isSelect = true
        }

        func with(_ change: (inout Field) -> Void) -> Field {
            var field = self
            change(&field)
            return field
        }
    }

    /// The whole path to which the form goes.
    let path: String
    var hidden: [Hidden] = []
    let fields: [Field]
    let button: String
    /// Whether a file comes with it.
    var isUpload = false
    /// Whether the fields stand in a row, where there is room, and not below each other.
    var isRow = false
    /// What is wrong with the form as a whole.
    var error: String?

    /// - Parameter path: The path below the console's.
    init(_ path: String, _ fields: [Field], button: String) {
        self.path = Console.path + path
        self.fields = fields
        self.button = button
    }
}

/// The values of a page that has details by name, a form below them, or both.
struct DetailsView: Sendable {
    struct Row: Sendable {
        let name: String
        let value: String
        /// A second line in small letters.
        let note: String?
    }

    /// A sentence above.
    var introduction: String?
    /// What has just been done.
    var notice: String?
    var rows: [Row] = []
    /// Whether there are rows.
    let hasRows: Bool
    var form: FormView?

    init(introduction: String?, notice: String? = nil, rows: [Row] = [], form: FormView?) {
        self.introduction = introduction
        self.notice = notice
        self.rows = rows
        hasRows = !rows.isEmpty
        self.form = form
    }
}
