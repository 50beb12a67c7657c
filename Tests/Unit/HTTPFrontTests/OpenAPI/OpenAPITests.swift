import StrictJSON
import Charges
import HTTPTypes
import Testing

@testable import APIPage
@testable import HTTPFront

/// Tests of the OpenAPI documents: complete, consistent, and equal to the routes.
@Suite struct OpenAPITests {
    private let documents = [OpenAPIDocument.operators.value, OpenAPIDocument.provider.value]

    private func operations(_ document: JSONValue) -> [DocumentOperation] {
        (document["paths"]?.members ?? []).flatMap { path in
            path.value.members.filter { DocumentOperation.methods.contains($0.name) }.map {
                DocumentOperation(path: path.name, method: $0.name, value: $0.value, document: document)
            }
        }
    }

    private var operations: [DocumentOperation] { documents.flatMap(operations) }

    @Test("The routes match the document of their port", arguments: [false, true])
    func theRoutesAndTheDescriptionNameTheSameCalls(internalSide: Bool) {
        // `/` only leads to the page, and the console's pages are for people.
        let routes = Set(
            TestServerFixture(internalSide: internalSide).routes.all.map {
                "\($0.method.rawValue) \($0.path)"
            }
        ).subtracting(["GET /"]).filter { !$0.contains(" /console") }
        let described = Set(
            operations(documents[internalSide ? 1 : 0]).map { "\($0.method.uppercased()) \($0.path)" })
        #expect(described.subtracting(routes) == [])
        #expect(routes.subtracting(described) == [])
    }

    @Test("Every reference resolves, and every component is used")
    func everyReferenceLeadsSomewhereAndEveryComponentIsUsed() {
        var used: Set<String> = []
        for document in documents {
            let references = OpenAPIDocument.references(usedBy: document)
            used.formUnion(references)
            for reference in references {
                let value = JSONValue.object([.init("$ref", .string(reference))])
                let names = reference.split(separator: "/").dropFirst()
                let inDocument = names.reduce(document) { $0[String($1)] ?? .null }
                #expect(OpenAPIDocument.resolved(value) == inDocument && inDocument != .null, "\(reference)")
            }
            let anchors = operations(document).map(\.anchor)
            #expect(Set(anchors).count == anchors.count)
        }
        for kind in OpenAPIDocument.components.members {
            for component in kind.value.members {
                #expect(used.contains("#/components/\(kind.name)/\(component.name)"), "\(component.name)")
            }
        }
    }

    @Test("Every error is a reference to one schema")
    func everyErrorIsAReference() {
        for operation in operations {
            for response in operation.value["responses"]?.members ?? [] where response.name >= "400" {
                #expect(response.value["$ref"] != nil, "\(operation.path) \(response.name)")
                let content = OpenAPIDocument.resolved(response.value)["content"]?["application/json"]
                #expect(content?["schema"]?.text == ##"{"$ref":"#/components/schemas/Error"}"##)
            }
        }
    }

    @Test("Every object of a call has a name, for generated clients")
    func everyObjectHasAName() {
        func walk(_ value: JSONValue, at place: String) {
            for member in value["properties"]?.members ?? [] {
                for schema in [member.value] + (member.value["items"].map { [$0] } ?? []) {
                    #expect(schema["properties"] == nil && schema["enum"] == nil, "\(place).\(member.name)")
                }
            }
        }
        for schema in OpenAPIDocument.components["schemas"]?.members ?? [] {
            walk(schema.value, at: schema.name)
        }
    }

    @Test("The page of a document has a command for every call, and they can be pasted")
    func everyCallHasACommand() {
        for operation in operations {
            let text = operation.call.text
            #expect(text.hasPrefix("curl -s ") && text.contains("http://127.0.0.1:808"), "\(text)")
            #expect(text.contains(operation.path), "\(text)")
        }
    }

    @Test("Every example matches its schema")
    func everyExampleIsAsItsSchemaSays() throws {
        var count = 0
        func check(_ media: JSONValue, _ place: String) throws {
            let schema = media["schema"] ?? .null
            var examples = (media["examples"]?.members ?? []).map(\.value)
                .map { OpenAPIDocument.resolved($0)["value"] ?? .null }
            if let example = media["example"] { examples.append(example) }
            #expect(!examples.isEmpty, "\(place)")
            for example in examples {
                #expect(try SchemaCheck.problems(example, schema) == [], "\(place): \(example.text)")
                count += 1
            }
        }
        for operation in operations {
            for media in operation.value["requestBody"]?["content"]?.members ?? [] {
                try check(media.value, operation.path)
            }
            for response in operation.value["responses"]?.members ?? [] {
                for media in OpenAPIDocument.resolved(response.value)["content"]?.members ?? [] {
                    try check(media.value, "\(operation.path) \(response.name)")
                }
            }
        }
        #expect(count > 100)
    }

    @Test("Every example within a schema matches it")
    func everyExampleOfASchemaIsRightToo() throws {
        func walk(_ schema: JSONValue) throws {
            if case .object(let members) = schema,
                let example = members.first(where: { $0.name == "example" })
            {
                #expect(try SchemaCheck.problems(example.value, schema) == [], "\(example.value.text)")
            }
            for member in schema.members { try walk(member.value) }
            for value in schema.values { try walk(value) }
        }
        try walk(OpenAPIDocument.components["schemas"] ?? .null)
    }

    @Test("Every error is documented as it is returned")
    func everyErrorIsDescribedAsItIsAnswered() {
        let examples = OpenAPIDocument.components["examples"]
        for code in RequestFailure.Code.allCases {
            let status = examples?[code.rawValue]?["value"]?["status"]
            #expect(status?["code"]?.stringValue == code.rawValue)
            if code != .notFound { #expect(status?["message"]?.stringValue == code.message) }
        }
        for operation in operations {
            for response in operation.value["responses"]?.members ?? [] where response.name != "200" {
                let content = OpenAPIDocument.resolved(response.value)["content"]?.members.first?.value
                for example in content?["examples"]?.members ?? [] {
                    let code = RequestFailure.Code(rawValue: example.name)
                    #expect(code == nil || code.map { String($0.httpStatus.code) } == response.name)
                }
            }
        }
    }

    @Test("Every item code is documented")
    func everyCodeOfAnItemIsDescribed() {
        let schemas = OpenAPIDocument.components["schemas"]
        let described = Set(
            ["Accept", "Decline", "Acknowledge"].flatMap { schemas?["\($0)ErrorCode"]?["enum"]?.values ?? [] }
                .map(\.stringValue))
        #expect(Set(ItemFailureCode.allCases.map(\.rawValue)).subtracting(described) == [])
    }

    @Test("Every decision is documented, and as a filter of the list")
    func everyDecisionIsDescribed() throws {
        let decisions = OpenAPIDocument.components["schemas"]?["Decision"]?["enum"]?.values
        #expect(decisions?.map(\.stringValue) == Decision.allCases.map(\.rawValue))
        let list = try #require(operations.first { $0.anchor == "list" })
        let parameters = list.value["parameters"]?.values.map(OpenAPIDocument.resolved)
        let filter = try #require(parameters?.first { $0["name"]?.stringValue == "decision" }?["schema"])
        for decision in DecisionFilter.allCases {
            #expect(try SchemaCheck.problems(.string(decision.rawValue), filter) == [])
        }
        #expect(try SchemaCheck.problems(.string("PENDING"), filter) != [])
    }

    @Test("Every documented response has X-Request-Id and its other headers")
    func everyAnswerHasItsRequestId() {
        for operation in operations {
            for response in operation.value["responses"]?.members ?? [] {
                let headers = OpenAPIDocument.resolved(response.value)["headers"]
                #expect(headers?["X-Request-Id"] != nil, "\(operation.path) \(response.name)")
                #expect((headers?["WWW-Authenticate"] != nil) == (response.name == "401"))
                #expect((headers?["Retry-After"] != nil) == ["429", "503"].contains(response.name))
            }
        }
    }
}
