import Charges
import HTTPFront
import HTTPTypes

/// The console's one style sheet, which anybody may read.
enum StyleSheet {
    static let page = SitePage(path: Console.path + "/style.css", method: .get) {
        (_: SiteRequest) throws(RequestFailure) in
        var response = SiteResponse(
            type: "text/css; charset=utf-8", body: PackageResources.console_css)
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.cacheControl] = "max-age=300"
        return response
    }
}
