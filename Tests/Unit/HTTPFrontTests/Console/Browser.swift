import Charges
import Foundation
import HTTPTypes
import NIOCore
import Testing

@testable import HTTPFront

/// A browser without script: it keeps cookies, follows redirections, and sends the forms of the page that it shows.
final class Browser {
    let server: TestServerFixture
    private(set) var cookies: [String: String] = [:]
    /// What each `Set-Cookie` said.
    private(set) var cookieHeaders: [String] = []
    private(set) var page: Answer?
    var authority = "localhost"
    var headers = HTTPFields()

    init(_ server: TestServerFixture) {
        self.server = server
    }

    /// A header `Cookie` in the place of the cookies that were set.
    var cookieHeader: String?

    func setCookie(_ name: String, _ value: String) { cookies[name] = value }

    /// The page as text.
    var html: String { page?.body ?? "" }

    @discardableResult
    func open(_ path: String) async throws -> Answer {
        try await send(.get, path, body: "")
    }

    /// Sends a form with the fields of the shown page that have a value, and others that replace them.
    @discardableResult
    func submit(_ path: String, _ fields: [(String, String)] = [], origin: String? = nil) async throws
        -> Answer
    {
        let names = Set(fields.map(\.0))
        let all = hiddenFields(of: path).filter { !names.contains($0.0) } + fields
        let body = all.map { "\(Self.encoded($0.0))=\(Self.encoded($0.1))" }.joined(separator: "&")
        return try await send(.post, path, body: body, origin: origin ?? "http://\(authority)")
    }

    func signIn(username: String = "alice", password: String = FakeAccounts.password) async throws {
        try await open("/console/sign-in")
        try await submit(
            "/console/sign-in",
            [("organisation", "acme"), ("username", username), ("password", password)])
    }

    func send(_ method: HTTPRequest.Method, _ path: String, body: String, origin: String? = nil) async throws
        -> Answer
    {
        var headers = headers
        if !cookies.isEmpty {
            headers[.cookie] = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        }
        if let cookieHeader { headers[.cookie] = cookieHeader }
        headers[.origin] = origin
        if method == .post { headers[.contentLength] = String(body.utf8.count) }
        let answer = try await server.send(
            method, path, headers: headers, body: .whole(ByteBuffer(string: body)), authority: authority)
        for cookie in answer.headers[values: .setCookie] {
            cookieHeaders.append(cookie)
            let pair = cookie.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
            cookies[String(pair[0])] =
                pair.count == 2 && !cookie.contains("Max-Age=0") ? String(pair[1]) : nil
        }
        page = answer
        if answer.status == 303, let location = answer.headers[.location] {
            return try await open(location)
        }
        return answer
    }

    /// The hidden fields of the form of a path, in their order.
    func hiddenFields(of path: String) -> [(String, String)] {
        let forms = html.components(separatedBy: "<form").dropFirst()
        let form =
            forms.first { $0.contains("action=\"\(path)\"") }
            ?? forms.first { $0.contains("formaction=\"\(path)\"") } ?? ""
        let end = form.range(of: "</form>")?.lowerBound ?? form.endIndex
        return form[..<end].matches(of: /<input type="hidden" name="([^"]*)" value="([^"]*)">/).map {
            (Self.unescaped(String($0.1)), Self.unescaped(String($0.2)))
        }
    }

    static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics)!
    }

    static func unescaped(_ text: String) -> String {
        text.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
            .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
    }
}
