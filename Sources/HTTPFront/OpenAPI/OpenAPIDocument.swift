package import StrictJSON
import Charges
import HTTPTypes

/// The OpenAPI 3.1 document of the whole API, merged from the files of the folder OpenAPI/Document.
package enum OpenAPIDocument {
    /// The document. Members of the same name are merged, so that each file holds the paths of a subject and the schemas
    /// of these paths, or components that several subjects share.
    package static let value: JSONValue = {
        let files = [
            PackageResources.document_json, PackageResources.login_json, PackageResources.decisions_json,
            PackageResources.acknowledgements_json, PackageResources.charges_json,
            PackageResources.ingest_json, PackageResources.feed_json, PackageResources.processing_json,
            PackageResources.operations_json, PackageResources.schemas_json, PackageResources.parameters_json,
            PackageResources.responses_bad_json, PackageResources.responses_refused_json,
            PackageResources.responses_failed_json, PackageResources.examples_json,
        ]
        return files.reduce(.object([])) { merged, file in
            do throws(JSONError) {
                return merging(merged, try JSONReader.read(file))
            } catch {
                preconditionFailure("a file of the API's description is not JSON: \(error)")
            }
        }
    }()

    static let text = value.text

    private static func merging(_ first: JSONValue, _ second: JSONValue) -> JSONValue {
        guard case .object(var members) = first, case .object(let others) = second else { return second }
        for other in others {
            if let index = members.firstIndex(where: { $0.name == other.name }) {
                members[index] = .init(other.name, merging(members[index].value, other.value))
            } else {
                members.append(other)
            }
        }
        return .object(members)
    }

    /// The value itself, or the one that it refers to by `{"$ref": "#/components/…"}`.
    package static func resolved(_ value: JSONValue) -> JSONValue {
        guard case .string(let reference)? = value["$ref"] else { return value }
        let names = reference.split(separator: "/").dropFirst()
        return names.reduce(Self.value) { $0[String($1)] ?? .null }
    }
}

extension JSONValue {
    /// The members of an object, in order; empty for other values.
    package var members: [Member] {
        if case .object(let members) = self { members } else { [] }
    }

    /// The values of an array, in order; empty for other values.
    package var values: [JSONValue] {
        if case .array(let values) = self { values } else { [] }
    }

    /// The characters of a string; empty for other values.
    package var stringValue: String {
        if case .string(let text) = self { text } else { "" }
    }
}

/// `GET /openapi.json` and `GET /docs`: the OpenAPI document, for programs and for people.
struct DocumentController: Controller {
    let page: RawResponse

    static let description = DocumentController(
        page: RawResponse(type: "application/json; charset=utf-8", text: OpenAPIDocument.text))

    /// The controller of the page, which scripts/api-page makes from the document. Its Content-Security-Policy forbids
    /// the page to load anything.
    static let page = DocumentController(
        page: RawResponse(
            type: "text/html; charset=utf-8",
            text: String(decoding: PackageResources.page_html, as: UTF8.self),
            headers: [
                HTTPField.Name("Content-Security-Policy")!:
                    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
                .xContentTypeOptions: "nosniff",
            ]))

    func respond(to request: RequestContext) async throws(RequestFailure) -> Response { Response(page) }
}
