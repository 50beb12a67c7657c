import NIOCore
import Testing

@testable import Benchmark

/// Tests of the reader of HTTP responses in the benchmark.
@Suite struct ResponseReaderTests {
    private static let ok = #"{"data":{},"status":{"code":"OK","description":"","message":""}}"#
    private static let failed = """
        {"data":{"failed_charges_set":[{"number":"A","reference_number":"\\"status\\":{\\"code\\":\\"X",\
        "error_code":"CHARGE_NOT_FOUND","error_description":"\\"error_code\\":\\"no"},{"number":"B",\
        "reference_number":null,"error_code":"CHARGE_LOCKED","error_description":"x"}]},\
        "status":{"code":"OK","description":"","message":""}}
        """
    private static let busy =
        #"{"data":{},"status":{"code":"RATE_LIMITED","description":"a","message":"b"}}"#

    private static func answer(_ status: Int, _ body: String) -> String {
        "HTTP/1.1 \(status) X\r\nX-Request-Id: 1\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test("Each response is read, however the bytes are split", arguments: [1, 2, 7, 64, 100_000])
    func itFindsEachAnswer(pieceLength: Int) throws {
        let bytes = Array(
            [
                Self.answer(200, Self.ok), Self.answer(200, Self.failed), Self.answer(429, Self.busy),
                Self.answer(502, "bad gateway"),
            ]
            .joined().utf8)
        var reader = ResponseReader()
        var responses: [Response] = []
        for start in stride(from: 0, to: bytes.count, by: pieceLength) {
            reader.append(ByteBuffer(bytes: bytes[start..<min(bytes.count, start + pieceLength)]))
            while let response = try reader.next() { responses.append(response) }
        }
        var failed = Response(status: 200, code: "OK")
        failed.failures = ["CHARGE_NOT_FOUND", "CHARGE_LOCKED"]
        #expect(
            responses == [
                Response(status: 200, code: "OK"), failed,
                Response(status: 429, code: "RATE_LIMITED"), Response(status: 502, code: "HTTP 502"),
            ])
        #expect(responses.map(\.kind) == [.answered, .answered, .refused, .unknown])
    }

    @Test("The charges of a list are counted", arguments: 0..<3)
    func itCountsTheChargesOfAList(count: Int) throws {
        let charge = #"{"number":"A","billing_system_customer_identifier":"{\"number\":\"B"}"#
        let charges = Array(repeating: charge, count: count).joined(separator: ",")
        var reader = ResponseReader()
        reader.append(
            ByteBuffer(
                string: Self.answer(
                    200, #"{"data":{"charges_set":[\#(charges)]},"status":{"code":"OK"}}"#)))
        #expect(try reader.next()?.listedCharges == count)
    }

    @Test(
        "A malformed response is an error",
        arguments: ["HTTP/1.0 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nX: y\r\n\r\n", "nonsense\r\n\r\n"])
    func whatCannotBeReadIsAFailure(text: String) {
        var reader = ResponseReader()
        reader.append(ByteBuffer(string: text))
        #expect(throws: ResponseReader.Failure.self) { try reader.next() }
    }
}
