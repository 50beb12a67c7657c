package import Authentication
package import Charges
package import HTTPTypes
import NIOCore

/// The response of a page: what is sent, and what the log says of it.
package struct SiteResponse: Sendable {
    package var status: HTTPResponse.Status
    /// The media type.
    package var type: String
    package var body: [UInt8]
    package var headers = HTTPFields()
    /// The failure that the page tells of, for the log and the metrics.
    package var failure: RequestFailure?
    /// The operator whose page it is.
    package var operatorAccount: OperatorAccount?
    /// The number of items that a call decided on, and the codes of those that failed.
    package var items: (count: Int, failedCodes: [String])?
    /// A response of the API that the site passes on: a file.
    private var passed: Response?

    package init(status: HTTPResponse.Status = .ok, type: String, body: [UInt8]) {
        self.status = status
        self.type = type
        self.body = body
    }

    /// A page in HTML.
    package init(status: HTTPResponse.Status = .ok, html: String) {
        self.init(status: status, type: "text/html; charset=utf-8", body: Array(html.utf8))
    }

    /// A file that the browser stores.
    package init(file: [UInt8], type: String, named name: String) {
        self.init(type: type, body: file)
        headers[.contentDisposition] = "attachment; filename=\"\(name)\""
        headers[.xContentTypeOptions] = "nosniff"
    }

    /// A redirection that is followed by GET (RFC 9110, 15.4.4).
    package init(seeOther location: String) {
        self.init(status: .seeOther, type: "text/plain; charset=utf-8", body: [])
        headers[.location] = location
    }

    /// Passes on a response of the API, with the headers that are added to this one.
    init(passing response: Response) {
        self.init(status: response.status, type: "", body: [])
        passed = response
    }

    var raw: RawResponse {
        RawResponse(type: type, body: .whole(ByteBuffer(bytes: body)), headers: headers)
    }

    var response: Response {
        if var passed {
            if case .raw(var file) = passed.content {
                for header in headers {
                    if header.name == .setCookie {
                        file.headers.append(header)
                    } else {
                        file.headers[header.name] = header.value
                    }
                }
                passed.content = .raw(file)
            }
            passed.operatorCode = operatorAccount?.code
            return passed
        }
        var response: Response
        if let failure {
            response = Response(failure)
            response.failurePage = raw
        } else {
            response = Response(raw)
        }
        response.ownStatus = status
        response.operatorCode = operatorAccount?.code
        if let items {
            response.itemCount = items.count
            if items.count > 0 { response = response.failing(items.failedCodes) }
        }
        return response
    }
}
