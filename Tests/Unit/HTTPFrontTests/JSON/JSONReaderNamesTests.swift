import StrictJSON
import Testing

@testable import HTTPFront

/// Tests of duplicate names, nesting depth and the places in errors.
@Suite struct JSONReaderNamesTests {
    @Test(
        "A duplicate name is refused with its path",
        arguments: [
            (#"{"a":1,"a":1}"#, "a appears more than once"),
            (#"{"a":1,"b":2,"a":null}"#, "a appears more than once"),
            (#"{"\u0061":1,"a":2}"#, "a appears more than once"),
            (#"{"\u00e9":1,"é":2}"#, "\u{E9} appears more than once"),
            (#"{"\ud83d\ude42":1,"🙂":2}"#, "\u{1F642} appears more than once"),
            (#"{"":1,"":2}"#, " appears more than once"),
            (#"{"\/":1,"/":2}"#, "/ appears more than once"),
            (#"[0,{"b":{"c":1,"c":2}}]"#, "[1].b.c appears more than once"),
            (
                #"{"accepted_charges_set":[{},{},{},{"number":"1","number":"2"}]}"#,
                "accepted_charges_set[3].number appears more than once"
            ),
        ])
    func aDuplicateNameIsRefusedWithItsPath(_ document: String, _ description: String) {
        let error = #expect(throws: JSONError.self) { try JSONReader.read(document.utf8) }
        #expect(error.map { Array("\($0)".utf8) } == Array(description.utf8))
    }

    @Test(
        "Canonically equivalent names are different names",
        arguments: [
            "{\"\u{E9}\":1,\"e\u{301}\":2}", #"{"\u00e9":1,"e\u0301":2}"#, #"{"\u212a":1,"K":2}"#,
            #"{"a":1,"A":2}"#, #"{"a":1,"a\u0000":2}"#, #"{"a":1,"a ":2}"#,
        ])
    func namesThatAreOnlyCanonicallyEqualAreDifferentOnes(_ document: String) throws {
        let read = try JSONReader.read(document.utf8)
        try #require(read.names.count == 2)
        #expect(read[read.names[0]] == .number("1"))
        #expect(read[read.names[1]] == .number("2"))
    }

    /// Beyond some names they are looked up otherwise; so they are from the first one with an escape on.
    @Test(
        "A duplicate among many names is refused", arguments: [2, 16, 17, 18, 300], ["name7", #"n\u0061me7"#])
    func aDuplicateAmongManyNamesIsRefused(count: Int, written: String) throws {
        let names = (0..<count).map { "\"name\($0 + 7)\":{\"name7\":1}" }
        let document = "{\(names.joined(separator: ","))}"
        #expect(try JSONReader.read(document.utf8).names.count == count)
        for place in 1...count {
            var doubled = names
            doubled.insert("\"\(written)\":2", at: place)
            let error = #expect(throws: JSONError.self) {
                try JSONReader.read("{\(doubled.joined(separator: ","))}".utf8)
            }
            #expect(error == .duplicateKey(path: "name7"))
        }
    }

    @Test("The same name in different objects is allowed")
    func theSameNameInDifferentObjectsIsFine() throws {
        let read = try JSONReader.read(#"{"a":{"a":[{"a":1},{"a":2}]}}"#.utf8)
        #expect(read["a"]?["a"]?.elements.compactMap { $0["a"] } == [.number("1"), .number("2")])
    }

    @Test("A null member reads as an absent one")
    func nullIsTheSameAsAbsentToWhoAsksForAMember() throws {
        let read = try JSONReader.read(#"{"a":null,"b":1}"#.utf8)
        #expect(read["a"] == nil)
        #expect(read["c"] == nil)
        #expect(read["b"] == .number("1"))
        #expect(JSONValue.array([])["b"] == nil)
    }

    @Test("Values nest up to the depth limit and no deeper", arguments: [("[", "]"), (#"{"a":"#, "}")])
    func valuesStandAsDeepAsTheLimitAndNoDeeper(_ opening: String, _ closing: String) throws {
        func document(depth: Int, inner: String) -> String {
            String(repeating: opening, count: depth) + inner + String(repeating: closing, count: depth)
        }
        let limit = JSONScanner.maximumDepth
        _ = try JSONReader.read(document(depth: limit, inner: "1").utf8)
        for inner in ["[]", "{}"] {
            #expect(throws: JSONError.tooDeep(offset: opening.utf8.count * limit)) {
                try JSONReader.read(document(depth: limit, inner: inner).utf8)
            }
        }
        #expect(throws: JSONError.self) {
            try JSONReader.read(String(repeating: opening, count: 200_000).utf8)
        }
    }

    @Test("Values side by side do not count as depth")
    func whatStandsSideBySideIsNotDeep() throws {
        let many = "[" + Array(repeating: "[[]]", count: 1000).joined(separator: ",") + "]"
        #expect(try JSONReader.read(many.utf8).elements.count == 1000)
    }

    @Test(
        "An error has its position",
        arguments: [
            ("", "unexpected end at byte 0"), (#"{"a" 1}"#, "expected a colon at byte 5"),
            ("1 2", "unexpected content after the value at byte 2"),
            ("[1 2]", "expected a comma or the end of the array at byte 3"),
            (#"{"a":1"#, "expected a comma or the end of the object at byte 6"),
            (#"{"a":1,}"#, "expected a member name at byte 7"),
            (#""\x""#, "invalid escape at byte 2"), (#""\ud800""#, "unpaired surrogate at byte 3"),
            ("1.", "expected a digit at byte 2"), (#""\u00g0""#, "expected a hexadecimal digit at byte 5"),
            ("\"a\n\"", "unescaped control character at byte 2"), ("é", "unexpected character at byte 0"),
        ])
    func errorsNameTheirPlace(_ document: String, _ description: String) {
        let error = #expect(throws: JSONError.self) { try JSONReader.read(document.utf8) }
        #expect(error.map { "\($0)" } == description)
    }

    @Test("Noncontiguous bytes are read")
    func bytesThatAreNotContiguousAreReadAsWell() throws {
        let bytes = Array("[1,2]".utf8).lazy.map { $0 }
        #expect(bytes.withContiguousStorageIfAvailable { _ in } == nil)
        #expect(try JSONReader.read(bytes) == .array([.number("1"), .number("2")]))
    }
}
