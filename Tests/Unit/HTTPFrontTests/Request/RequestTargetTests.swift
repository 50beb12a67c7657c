import Testing

@testable import HTTPFront

/// Tests of the query of a request's target.
@Suite struct RequestTargetTests {
    @Test(
        "A plus is a space, and %2B a plus",
        arguments: [
            ("a=b+c", "a", "b c"), ("a=b%2Bc", "a", "b+c"), ("a=b%2bc+d", "a", "b+c d"), ("a=+", "a", " "),
            ("a+b=c", "a b", "c"), ("a=b%20c", "a", "b c"), ("a=b=c", "a", "b=c"), ("a", "a", ""),
            ("a=%C3%A9+%E2%82%AC", "a", "\u{E9} \u{20AC}"), ("a=50%+x", "a", "50%+x"),
        ])
    func aPlusIsASpace(_ query: String, _ name: String, _ value: String) throws {
        let parameter = try #require(RequestTarget("/b+c?\(query)").parameters.first)
        #expect(parameter == (name, value))
    }

    @Test("A plus in the path is a plus")
    func aPlusInThePath() {
        #expect(RequestTarget("/b+c?d").path == "/b+c")
    }
}
