import Charges
import Testing

/// Tests of the rules that need no database, in the order of the failures.
@Suite struct DecisionPreflightTests {
    /// An item for each number, all with the reference given or none.
    private func codes(_ numbers: [String], reference: String? = nil) -> [String?] {
        codes(numbers.map { item($0, reference: reference) })
    }

    private func codes(_ items: [DecisionItem]) -> [String?] {
        DecisionPreflight(items).failures.map { $0?.code.rawValue }
    }

    private func item(_ number: String, customer: String = "pci155", reference: String? = nil) -> DecisionItem
    {
        DecisionItem(
            number: ExactText(number), billingSystemCustomerIdentifier: ExactText(customer),
            referenceNumber: reference.map { ExactText($0) })
    }

    @Test("Valid items pass the preflight")
    func validItemsPass() {
        #expect(codes(["I00002706"]) == [nil])
        #expect(codes(["I1", "I2", "I3"]) == [nil, nil, nil])
        #expect(codes([item("I1", reference: "R"), item("I2", reference: "R")]) == [nil, nil])
        let fifty = (1...DecisionCall.maximumItems).map { item("I\($0)", reference: "R\($0)") }
        #expect(codes(fifty) == Array(repeating: nil, count: 50))
        #expect(codes([DecisionItem]()) == [])
    }

    @Test(
        "Each item with a repeated number is DUPLICATE_IN_REQUEST",
        arguments: [
            (["A", "A"], [0, 1]),
            (["A", "B", "A"], [0, 2]),
            (["A", "B", "B", "C"], [1, 2]),
            (["A", "B", "A", "B"], [0, 1, 2, 3]),
            (["A", "A", "A"], [0, 1, 2]),
            (["A", "a", "A "], []),
            (["caf\u{E9}", "cafe\u{301}"], []),
            (["cafe\u{301}", "caf\u{E9}", "cafe\u{301}"], [0, 2]),
            (["I1", "I01", "I1\u{0}"], []),
            (["", ""], [0, 1]),
        ] as [([String], [Int])])
    func eachOfTheDuplicatesIsListed(numbers: [String], duplicates: [Int]) {
        let expected = numbers.indices.map { duplicates.contains($0) }
        #expect(codes(numbers).map { $0 == "DUPLICATE_IN_REQUEST" } == expected)
    }

    @Test("The number alone makes an item a duplicate")
    func itIsTheNumberAloneThatMakesADuplicate() {
        let items = [
            item("A", customer: "one", reference: "R1"), item("A", customer: "other", reference: "R2"),
            item("B", customer: "one", reference: "R1"),
        ]
        #expect(codes(items) == ["DUPLICATE_IN_REQUEST", "DUPLICATE_IN_REQUEST", nil])
        let fifty = (1...50).map { item("A", reference: "R\($0)") }
        #expect(codes(fifty) == Array(repeating: "DUPLICATE_IN_REQUEST", count: 50))
    }

    @Test(
        "A malformed reference number is INVALID_REFERENCE_NUMBER",
        arguments: ["", " ", "\u{3000}", "a\nb", "\u{0}", "\u{85}", String(repeating: "x", count: 65)])
    func aReferenceThatCannotBeIsRefused(reference: String) {
        #expect(
            codes([item("A", reference: reference), item("B", reference: "R"), item("C")])
                == ["INVALID_REFERENCE_NUMBER", nil, nil])
    }

    @Test(
        "A malformed number is CHARGE_NOT_FOUND",
        arguments: [
            ("", true), (String(repeating: "x", count: 64), true), (String(repeating: "é", count: 64), true),
            (String(repeating: "x", count: 65), false), (String(repeating: "e\u{301}", count: 33), false),
            ("\u{0}", false), ("I1\u{0}", false), ("I1\n", true),
            (String(repeating: "x", count: 100_000), false),
        ])
    func aNumberThatCannotExistIsNotFound(number: String, isWellFormed: Bool) {
        #expect(codes([number]) == [isWellFormed ? nil : "CHARGE_NOT_FOUND"])
        // A customer that cannot exist is a mismatch, if the charge is there: the database must say.
        let other = item("I1", customer: number)
        #expect(codes([other]) == [nil])
        #expect(DecisionItem.isWellFormed(other.billingSystemCustomerIdentifier) == isWellFormed)
    }

    /// The cases are all pairs of codes that can apply together.
    @Test("An item fails with the first code that applies")
    func theFirstReasonThatHoldsIsTheCode() {
        let long = String(repeating: "x", count: 65)
        #expect(codes(["A", "A"], reference: " ") == Array(repeating: "DUPLICATE_IN_REQUEST", count: 2))
        #expect(codes([long, long]) == Array(repeating: "DUPLICATE_IN_REQUEST", count: 2))
        #expect(
            codes([long, long], reference: "\u{0}") == Array(repeating: "DUPLICATE_IN_REQUEST", count: 2))
        #expect(codes([long], reference: " ") == ["INVALID_REFERENCE_NUMBER"])
        #expect(codes([long], reference: "R") == ["CHARGE_NOT_FOUND"])
    }

    @Test("Outcomes are in the order of the items")
    func theOutcomesStandInTheOrderOfTheItems() {
        let items = [
            item("A"), item("B", reference: " "), item("C\u{0}"), item("D"), item("A", reference: ""),
            item("E", reference: "R"),
        ]
        #expect(
            codes(items) == [
                "DUPLICATE_IN_REQUEST", "INVALID_REFERENCE_NUMBER", "CHARGE_NOT_FOUND", nil,
                "DUPLICATE_IN_REQUEST", nil,
            ])
    }
}
