/// What can be a password at all.
package enum PasswordRule {
    /// No password, name or code is longer, in bytes. A longer one is simply wrong at login.
    package static let maximumBytes = 1024

    /// U+0000 is refused besides: HMAC, and so scrypt, fills a short key up with zeros, and would take a password
    /// with zeros after it for the password itself.
    package static func canExist(_ text: String) -> Bool {
        text.utf8.count <= maximumBytes && !text.utf8.contains(0)
    }
}
