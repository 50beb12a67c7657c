import HTTPTypes

/// How far a connection is with its requests and answers. A value; `ConnectionHandler` does what it says.
///
/// Requests are passed on one at a time, so that none is begun on a connection that the answer before it closes.
struct ConnectionState {
    /// A request was passed on, and its end was not.
    private(set) var isReading = false
    /// A request was passed on, and its answer has not ended.
    private(set) var isAnswering = false
    /// What comes in is thrown away, and nothing goes out any more.
    private(set) var isClosing = false
    /// The answer under way is the last one.
    private var closesAfterAnswer = false
    /// The request under way says that it is the last one.
    private var isLast = false
    /// The body of the request under way has not arrived in time, and the reader knows.
    private var isLate = false
    /// After the answer under way, something came that is no HTTP.
    private var refusesAfterAnswer = false

    /// What to do with a part that came in.
    enum Arrival: Equatable {
        case pass
        case hold
        case drop
    }

    /// - Parameter holdsOthers: Whether parts that came before it are held.
    mutating func arrived(isHead: Bool, holdsOthers: Bool) -> Arrival {
        if isClosing || refusesAfterAnswer { return .drop }
        return holdsOthers || (isHead && isAnswering) ? .hold : .pass
    }

    /// - Parameter isLast: Whether the client wants the connection closed after the answer.
    mutating func passedHead(isLast: Bool = false) {
        isReading = true
        isAnswering = true
        self.isLast = isLast
        isLate = false
    }

    mutating func passedEnd() {
        isReading = false
    }

    /// An answer begins.
    ///
    /// - Parameter closes: Whether it says that it is the last one.
    /// - Returns: Whether it must say so. What is answered before it has all arrived leaves a connection on which
    ///   nobody knows where the next request begins.
    mutating func answerBegan(closes: Bool) -> Bool {
        closesAfterAnswer = closes || isLast || isReading || isLate
        return closesAfterAnswer
    }

    /// What follows an answer, or something that is no HTTP.
    enum Sequel: Equatable {
        case goOn
        case close
        /// Say what is wrong, and close.
        case refuse
        /// Let whoever reads the request's body know.
        case tellReader
    }

    mutating func answerEnded() -> Sequel {
        isAnswering = false
        return closesAfterAnswer ? .close : refusesAfterAnswer ? .refuse : .goOn
    }

    /// Something came that is no HTTP.
    mutating func malformed() -> Sequel {
        if isClosing { return .goOn }
        if isReading { return isAnswering ? .tellReader : .close }
        guard isAnswering else { return .refuse }
        refusesAfterAnswer = true
        return .goOn
    }

    /// The time of the body under way is over.
    ///
    /// - Returns: Whether to let the reader know.
    mutating func bodyIsLate() -> Bool {
        guard isReading, isAnswering, !isClosing else { return false }
        isLate = true
        return true
    }

    mutating func closed() {
        isClosing = true
    }
}
