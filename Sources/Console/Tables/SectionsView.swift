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

        init(
            _ heading: String? = nil, introduction: String? = nil, table: TableView? = nil,
            forms: [FormView] = []
        ) {
            self.heading = heading
            self.introduction = introduction
            self.table = table
            self.forms = forms
        }
    }

    var notice: Notice?
    /// Shown once.
    var secret: Secret?
    var sections: [Section]
}

/// The values of a form.
struct FormView: Sendable {
    /// The path to which the form goes; the page's own path if it is `nil`.
    var target: String?
    /// Whether the form asks for a page instead of a change.
    var isQuery = false
    var fields: [FieldView]
    /// The text of the button.
    let button: String
    /// The value of the field `action`.
    let action: String?
    /// Whether the change takes something away.
    var isSecond = false
    /// Whether the form is a single row of a table.
    var isInline = false

    /// A form that makes a change.
    init(
        _ button: String, action: String, _ fields: [FieldView], isInline: Bool = false,
        isSecond: Bool = false
    ) {
        self.button = button
        self.action = action
        self.fields = fields
        self.isInline = isInline
        self.isSecond = isSecond || isInline
    }

    /// A form that asks for a page.
    init(query button: String, target: String, _ fields: [FieldView]) {
        self.button = button
        self.target = target
        self.fields = fields
        isQuery = true
        action = nil
    }
}

/// The values of a field of a form: a text, a secret, a choice, or one that is not seen.
struct FieldView: Sendable {
    struct Choice: Sendable {
        let value: String
        let text: String
        let isChosen: Bool
    }

    let label: String
    let name: String
    let value: String
    var isHidden = false
    var isPassword = false
    var isRequired = false
    var isSelect = false
    var choices: [Choice] = []
    /// A sentence below the field.
    var hint: String?
    /// What is wrong with the value.
    var error: String?

    static func hidden(_ name: String, _ value: String) -> FieldView {
        FieldView(label: "", name: name, value: value, isHidden: true)
    }

    static func text(
        _ label: String, _ name: String, _ value: String = "", isRequired: Bool = true, hint: String? = nil
    ) -> FieldView {
        FieldView(label: label, name: name, value: value, isRequired: isRequired, hint: hint)
    }

    static func password(_ label: String, _ name: String) -> FieldView {
        FieldView(label: label, name: name, value: "", isPassword: true, isRequired: true)
    }

    /// - Parameter choices: The values with their texts.
    static func select(_ label: String, _ name: String, _ chosen: String, _ choices: [(String, String)])
        -> FieldView
    {
        FieldView(
            label: label, name: name, value: chosen, isSelect: true,
            choices: choices.map { Choice(value: $0.0, text: $0.1, isChosen: $0.0 == chosen) })
    }
}
