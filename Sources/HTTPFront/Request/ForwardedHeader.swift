import HTTPTypes

/// The headers in which proxies name the addresses that they were called from.
///
/// Each function returns the addresses in order, the client's first; `nil` stands for a text such as `unknown`.
enum ForwardedHeader {
    /// `X-Forwarded-For`: addresses, with commas between.
    static func xForwardedFor(_ headers: HTTPFields) -> [IPAddress?] {
        headers[values: .xForwardedFor].flatMap { value in
            value.split(separator: ",", omittingEmptySubsequences: false).map {
                address(unquoted($0.trimmed))
            }
        }
    }

    /// `Forwarded` (RFC 7239, 4): elements with commas between, each with pairs `NAME=VALUE`. The address is the value
    /// of the pair `for`.
    static func forwarded(_ headers: HTTPFields) -> [IPAddress?] {
        headers[values: .forwarded].flatMap { value in
            value[...].splitOutsideQuotes(at: ",").map { element in
                let values = element.splitOutsideQuotes(at: ";").compactMap { pair -> Substring? in
                    let pair = pair.trimmed
                    guard let sign = pair.firstIndex(of: "="), pair[..<sign].lowercased() == "for" else {
                        return nil
                    }
                    return pair[pair.index(after: sign)...]
                }
                guard values.count == 1, let value = values.first else { return nil }
                return address(unquoted(value))
            }
        }
    }

    /// The address of a text that may have a port, and has brackets around an IPv6 address then.
    private static func address(_ text: String?) -> IPAddress? {
        guard let text else { return nil }
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]"), isPortOrNothing(text[text.index(after: end)...]) else {
                return nil
            }
            let address = text[text.index(after: text.startIndex)..<end]
            return address.contains(":") ? IPAddress(String(address)) : nil
        }
        // One colon is before a port, several are those of IPv6.
        guard let colon = text.firstIndex(of: ":"), colon == text.lastIndex(of: ":") else {
            return IPAddress(text)
        }
        return isPortOrNothing(text[colon...]) ? IPAddress(String(text[..<colon])) : nil
    }

    /// Whether a text is empty or a colon and a port. Proxies may also write a made-up port (RFC 7239, 6).
    private static func isPortOrNothing(_ text: Substring) -> Bool {
        guard let colon = text.first else { return true }
        let port = text.dropFirst()
        let isHidden = port.first == "_" && port.count > 1
        let isNumber = (1...5).contains(port.utf8.count) && port.utf8.allSatisfy { UInt8(digit: $0) != nil }
        return colon == ":" && (isNumber || isHidden)
    }

    /// The text without its quotes and their escapes (RFC 9110, 5.6.4); `nil` if there is but one quote.
    private static func unquoted(_ text: Substring) -> String? {
        guard text.first == "\"" else { return text.contains("\"") ? nil : String(text) }
        guard text.count > 1, text.last == "\"" else { return nil }
        var unquoted = ""
        var isEscaped = false
        for character in text.dropFirst().dropLast() {
            if character == "\\", !isEscaped {
                isEscaped = true
            } else {
                unquoted.append(character)
                isEscaped = false
            }
        }
        return unquoted
    }
}

extension HTTPField.Name {
    static let xForwardedFor = HTTPField.Name("X-Forwarded-For")!
    static let forwarded = HTTPField.Name("Forwarded")!
    static let xForwardedProto = HTTPField.Name("X-Forwarded-Proto")!
}
