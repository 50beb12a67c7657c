import Charges
import Testing

/// Tests of the text of feed cursors.
@Suite struct FeedCursorTests {
    private static let epoch = String(repeating: "0a", count: 16)

    @Test(
        "A cursor's text parses back into the cursor",
        arguments: [
            FeedCursor(epoch: epoch, position: 0, batch: 0), FeedCursor(epoch: epoch, position: 1, batch: 1),
            FeedCursor(epoch: epoch, position: .max, batch: .max),
        ])
    func aCursorComesBackAsItWent(cursor: FeedCursor) {
        #expect(FeedCursor(cursor.text) == cursor)
    }

    @Test(
        "Any other text is no cursor",
        arguments: [
            "", ".", "..", "\(epoch).1", "\(epoch).1.", "\(epoch).1.00000000000000001",
            "\(epoch).1.000000000000000",
            "\(epoch).1.000000000000000A", "\(epoch).+1.0000000000000001", "\(epoch).01.0000000000000001",
            "\(epoch).-1.0000000000000001", "\(epoch).9223372036854775808.0000000000000001",
            "\(epoch).1.+000000000000001", "\(epoch.uppercased()).1.0000000000000001",
            "\(epoch).1.0000000000000001.", " \(epoch).1.0000000000000001",
        ])
    func anyOtherTextIsNoCursor(text: String) {
        #expect(FeedCursor(text) == nil)
    }
}
