import Charges

/// A form with a file, as browsers send it: `multipart/form-data` (RFC 7578).
enum MultipartForm {
    /// Reads a form.
    ///
    /// - Parameter type: The header `Content-Type`.
    /// - Throws: `invalidParameter` if it is no such form, or has several files.
    static func read(_ body: [UInt8], type: String) throws(RequestFailure) -> FormFields {
        guard type.lowercased().hasPrefix("multipart/form-data;"),
            let boundary = parameter("boundary", of: type), !boundary.isEmpty
        else { throw damaged }
        let delimiter = Array("\r\n--\(boundary)".utf8)
        // The first delimiter may lack the line end before it.
        let bytes = [13, 10] + body
        var fields: [(name: String, value: String)] = []
        var file: UploadedFile?
        var position = 0
        guard var start = find(delimiter, in: bytes, from: position) else { throw damaged }
        while true {
            position = start + delimiter.count
            if bytes[position...].starts(with: "--".utf8) { break }
            guard let end = find(delimiter, in: bytes, from: position),
                let head = find(Array("\r\n\r\n".utf8), in: bytes, from: position), head < end
            else { throw damaged }
            let headers = String(decoding: bytes[position..<head], as: UTF8.self)
            let content = bytes[(head + 4)..<end]
            guard
                let disposition = headers.split(separator: "\r\n").first(where: {
                    $0.lowercased().hasPrefix("content-disposition:")
                }), let name = parameter("name", of: String(disposition))
            else { throw damaged }
            if let fileName = parameter("filename", of: String(disposition)) {
                guard file == nil else {
                    throw RequestFailure(.invalidParameter, "The form has several files; send one.")
                }
                file = UploadedFile(name: fileName, bytes: Array(content))
            } else {
                fields.append((name, String(decoding: content, as: UTF8.self)))
            }
            start = end
        }
        var form = FormFields(fields)
        form.file = file
        return form
    }

    private static let damaged = RequestFailure(
        .invalidParameter, "The form is damaged, or no form with a file.")

    /// The place of the first occurrence of a pattern.
    private static func find(_ pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard start + pattern.count <= bytes.count else { return nil }
        return bytes.withUnsafeBufferPointer { bytes in
            var position = start
            let last = bytes.count - pattern.count
            while position <= last {
                if bytes[position] == pattern[0] {
                    var length = 1
                    while length < pattern.count, bytes[position + length] == pattern[length] { length += 1 }
                    if length == pattern.count { return position }
                }
                position += 1
            }
            return nil
        }
    }

    /// The value of a parameter of a header, quoted or not. Browsers write `"` in names as `%22`.
    private static func parameter(_ name: String, of header: String) -> String? {
        for part in header[...].splitOutsideQuotes(at: ";").dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].trimmed.lowercased() == name else { continue }
            let value = pair[1].trimmed
            guard value.first == "\"" else { return String(value) }
            return value.count >= 2 && value.last == "\"" ? String(value.dropFirst().dropLast()) : nil
        }
        return nil
    }
}

/// A file of a form.
package struct UploadedFile: Sendable {
    /// The name that the browser has given; empty if no file was chosen.
    package let name: String
    package let bytes: [UInt8]
}
