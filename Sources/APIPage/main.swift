import Foundation
import HTTPFront

// Prints the page of one of the API's documents, `operators` or `provider`, which scripts/api-page checks in.
let documents: [String: OpenAPIDocument] = ["operators": .operators, "provider": .provider]
guard let name = CommandLine.arguments.dropFirst().first, let document = documents[name] else {
    fatalError("usage: APIPage operators|provider")
}
print(DocumentPage(document.value).html, terminator: "")
