/// Why a private server could not be had: one line for a person.
package struct PrivatePostgreSQLError: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
