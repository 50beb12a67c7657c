/// How many of the items are meant to fail.
package enum FailingShare: String, CaseIterable, Sendable {
    case none
    case tenth
    case all

    /// Whether the item of this count, from 0, is.
    func includes(_ item: Int) -> Bool {
        switch self {
        case .none: false
        case .tenth: item % 10 == 9
        case .all: true
        }
    }
}
