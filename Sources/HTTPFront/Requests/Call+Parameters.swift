import Charges

extension Call {
    /// A parameter of the query that must be there and not be empty.
    func requiredParameter(_ name: String) throws(RequestFailure) -> String {
        guard let text = try queryParameter(name), !text.isEmpty else {
            throw RequestFailure(.missingParameter, "\(name) is missing or empty.")
        }
        return text
    }

    /// A whole number of the query that must be there: digits alone.
    func requiredNumber(_ name: String, in range: ClosedRange<Int>) throws(RequestFailure) -> Int {
        let text = try requiredParameter(name)
        let isDigits = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isDigits, let number = Int(text), range.contains(number) else {
            throw RequestFailure(
                .invalidParameter,
                "\(name) is a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }
}
