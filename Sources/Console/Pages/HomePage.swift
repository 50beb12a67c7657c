import Charges
import HTTPFront

/// The first page after signing in.
struct HomePage: Page {
    let path = ""

    func show(_ visit: Visit) async throws(RequestFailure) -> View {
        View(seeOther: "/charges?decision=NONE")
    }
}
