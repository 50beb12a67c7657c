/// What a request asks for, as far as counting goes.
package struct RequestShape: Equatable, Sendable {
    /// Its items in all, and how many of them are meant to fail.
    package var items: Int
    package var failingItems: Int

    package init(items: Int, failingItems: Int = 0) {
        self.items = items
        self.failingItems = failingItems
    }
}
