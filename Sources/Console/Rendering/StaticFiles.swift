import Charges
import HTTPFront
import HTTPTypes

/// The files that every page loads, which anybody may read: the style sheet and the icon.
enum StaticFiles {
    static func pages(_ area: SiteArea) -> [SitePage] {
        [
            page(area.path + "/style.css", type: "text/css; charset=utf-8", PackageResources.console_css),
            page(area.path + "/icon.svg", type: "image/svg+xml", PackageResources.icon_svg),
        ]
    }

    private static func page(_ path: String, type: String, _ body: [UInt8]) -> SitePage {
        SitePage(path: path, method: .get) { (_: SiteRequest) throws(RequestFailure) in
            var response = SiteResponse(type: type, body: body)
            response.headers[.xContentTypeOptions] = "nosniff"
            // A new release has its own within minutes.
            response.headers[.cacheControl] = "max-age=300"
            return response
        }
    }
}
