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

        /// A field that must be filled in.
        static func required(_ label: String, _ name: String, _ value: String = "") -> Field {
            Field(label, name, value: value).with {
                $0.isRequired = true
                $0.autocomplete = "off"
            }
        }

        /// A field for a new password.
        static func newPassword(_ label: String, _ name: String) -> Field {
            Field(label, name, type: "password").with {
                $0.isRequired = true
                $0.autocomplete = "new-password"
            }
        }

        /// A list to choose from.
        ///
        /// - Parameter choices: The values with their texts.
        static func choice(_ label: String, _ name: String, _ chosen: String, _ choices: [(String, String)])
            -> Field
        {
            Field(
                label, name,
                choices: choices.map { Choice(text: $0.1, value: $0.0, isChosen: $0.0 == chosen) })
        }

        func with(_ change: (inout Field) -> Void) -> Field {
            var field = self
            change(&field)
            return field
        }
    }

    /// The whole path to which the form goes; `nil` for the page that it stands on.
    let path: String?
    var hidden: [Hidden] = []
    let fields: [Field]
    let button: String
    /// The value of the field `action`, which the button sends; `nil` if the form has one button alone.
    var action: String?
    /// Whether the form asks for a page instead of a change.
    var isQuery = false
    /// Whether the form stands in a cell of a table, where its labels are for those alone who cannot see it.
    var isInline = false
    /// Whether the button is not what the page is for.
    var isSecond = false
    /// Whether a file comes with it.
    var isUpload = false
    /// Whether the fields stand in a row, where there is room, and not below each other.
    var isRow = false
    /// What is wrong with the form as a whole.
    var error: String?

    /// - Parameter path: The path below the site's; `nil` for the page that the form stands on.
    init(_ path: String?, in area: SiteArea = .console, _ fields: [Field], button: String) {
        self.path = path.map { area.path + $0 }
        self.fields = fields
        self.button = button
    }

    /// A form of one of several changes that a page can make.
    ///
    /// - Parameter hidden: The names and values of the fields that are not seen.
    init(
        _ button: String, action: String, hidden: KeyValuePairs<String, String> = [:], _ fields: [Field] = [],
        isInline: Bool = false, isSecond: Bool = false
    ) {
        self.init(nil, fields, button: button)
        self.action = action
        self.hidden = hidden.map { Hidden(name: $0.key, value: $0.value) }
        self.isInline = isInline
        isRow = true
        self.isSecond = isSecond || isInline
    }

    /// A form that asks for a page of `/admin`.
    init(query path: String, hidden: [(String, String)] = [], _ fields: [Field], button: String) {
        self.init(path, in: .administration, fields, button: button)
        self.hidden = hidden.map { Hidden(name: $0.0, value: $0.1) }
        isQuery = true
        isRow = true
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
