import Charges
import Foundation
import Testing

@testable import HTTPFront

/// Tests of forms with a file that come in piece by piece.
@Suite struct MultipartReaderTests {
    private static let form = ConsoleFileTests.form(
        [("form_token", "abc"), ("name", "a\r\n--b")],
        file: ("may.csv", "number\r\n\r\n------Boundary\r\n------Boundary6\r\nI1\r\n"))

    /// The events of a form that comes in pieces of a length, with the bytes of the file in one.
    private func events(_ form: String, piece: Int) throws -> (events: [MultipartReader.Event], file: String)
    {
        var reader = try MultipartReader(type: ConsoleFileTests.type)
        let bytes = Array(form.utf8)
        var events: [MultipartReader.Event] = []
        var file: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: piece) {
            for event in try reader.read(Array(bytes[start..<min(start + piece, bytes.count)])) {
                if case .bytes(let more) = event { file += more } else { events.append(event) }
            }
        }
        try reader.finish()
        return (events, String(decoding: file, as: UTF8.self))
    }

    @Test("A form is the same in pieces of any length", arguments: [1, 2, 3, 7, 16, 17, 64, 4096])
    func pieces(_ length: Int) throws {
        let found = try events(Self.form, piece: length)
        #expect(
            found.events == [
                .field(name: "form_token", value: "abc"), .field(name: "name", value: "a\r\n--b"),
                .file(name: "may.csv"),
            ])
        #expect(found.file == "number\r\n\r\n------Boundary\r\n------Boundary6\r\nI1\r\n")
    }

    @Test("Of the file no more is held than a delimiter is long")
    func theFileIsNotHeld() throws {
        var reader = try MultipartReader(type: ConsoleFileTests.type)
        let form = ConsoleFileTests.form([], file: ("may.csv", ""))
        let head = form.prefix(upTo: form.range(of: "\r\n\r\n")!.upperBound)
        #expect(try reader.read(Array(head.utf8)) == [.file(name: "may.csv")])
        for _ in 0..<3 {
            let events = try reader.read(Array(repeating: UInt8(ascii: "x"), count: 65_536))
            guard case .bytes(let bytes) = events.first else {
                Issue.record("no bytes came")
                return
            }
            #expect(bytes.count >= 65_536 - 17)
        }
    }

    @Test("A form that is cut off anywhere is damaged")
    func cutOff() throws {
        for count in stride(from: 0, to: Self.form.utf8.count - 4, by: 11) {
            #expect(throws: RequestFailure.self) {
                _ = try events(String(decoding: Self.form.utf8.prefix(count), as: UTF8.self), piece: 4096)
            }
        }
    }

    @Test("A head and a field without end are refused before they are held as a whole")
    func endless() throws {
        for start in [
            "------Boundary7\r\nX: ", "------Boundary7\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n",
        ] {
            var reader = try MultipartReader(type: ConsoleFileTests.type)
            _ = try reader.read(Array(start.utf8))
            #expect(throws: RequestFailure.self) {
                for _ in 0..<8 { _ = try reader.read(Array(repeating: UInt8(ascii: "x"), count: 65_536)) }
            }
        }
    }
}
