/// The values of a statement's parameters, in order, one after the other in one buffer.
///
/// Its `append` is inlinable, as is all that leads there, so that it is compiled for the types of the parameters: a
/// batch has hundreds of values.
@usableFromInline
struct Parameters: Sendable {
    @usableFromInline var bytes: [UInt8] = []
    /// The position of each value in `bytes`; `nil` for NULL.
    @usableFromInline var ranges: [Range<Int>?] = []

    /// Appends the next parameter's value.
    ///
    /// - Throws: `PostgresError.invalidInput`, which names the parameter by its number, for a value that PostgreSQL
    ///   cannot store.
    @inlinable
    mutating func append(_ value: some PostgresEncodable) throws(PostgresError) {
        guard !value.isNull else { return ranges.append(nil) }
        let start = bytes.count
        do throws(PostgresEncodingError) {
            try value.encode(into: &bytes)
        } catch {
            throw .invalidInput("parameter \(ranges.count + 1) \(error.reason)")
        }
        ranges.append(start..<bytes.count)
    }
}
