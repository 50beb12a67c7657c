/// A string that the checker has numbered, so that comparing and hashing it cost nothing.
typealias Name = Int32

/// The strings of a journal and their numbers.
struct Names {
    /// No string at all.
    static let none: Name = -1
    /// A read did not show it.
    static let notShown: Name = -2

    private var numbers: [String: Name] = [:]
    private var texts: [String] = []

    mutating func name(_ text: String) -> Name {
        if let name = numbers[text] { return name }
        let name = Name(texts.count)
        numbers[text] = name
        texts.append(text)
        return name
    }

    mutating func name(_ text: String?) -> Name {
        if let text { name(text) } else { Self.none }
    }

    subscript(name: Name) -> String {
        name >= 0 ? texts[Int(name)] : "none"
    }
}

/// Two names as one key: an operator with a number or with a reference.
struct NamePair: Hashable {
    let first: Name
    let second: Name
}
