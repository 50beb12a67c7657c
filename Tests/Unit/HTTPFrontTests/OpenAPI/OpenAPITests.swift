import StrictJSON
import Charges
import HTTPTypes
import Testing

@testable import APIPage
@testable import HTTPFront

/// Tests of the OpenAPI document: complete, consistent, and equal to the routes.
@Suite struct OpenAPITests {
    private let document = OpenAPIDocument.value

    private var operations: [DocumentOperation] {
        (document["paths"]?.members ?? []).flatMap { path in
            path.value.members.filter { DocumentOperation.methods.contains($0.name) }.map {
                DocumentOperation(path: path.name, method: $0.name, value: $0.value)
            }
        }
    }

    /// The calls that the servers with this port have.
    private func described(port: String) -> Set<String> {
        Set(
            operations.filter { operation in
                let own = document["paths"]?[operation.path]?["servers"]?.values
                return (own ?? document["servers"]?.values ?? []).contains {
                    $0["url"]?.stringValue.hasSuffix(":" + port) == true
                }
            }
            .map { "\($0.method.uppercased()) \($0.path)" })
    }

    @Test("The routes match the document", arguments: [("8080", false), ("8081", true)])
    func theRoutesAndTheDescriptionNameTheSameCalls(_ port: String, _ internalSide: Bool) {
        let routes = Set(
            TestServerFixture(internalSide: internalSide).routes.all.map {
                "\($0.method.rawValue) \($0.path)"
            })
        let described = described(port: port)
        #expect(described.subtracting(routes) == [])
        #expect(routes.subtracting(described) == [])
    }

    @Test("Every reference resolves, and every component is used")
    func everyReferenceLeadsSomewhereAndEveryComponentIsUsed() {
        var used: Set<String> = []
        func walk(_ value: JSONValue) {
            if let reference = value["$ref"]?.stringValue {
                used.insert(reference)
                #expect(OpenAPIDocument.resolved(value) != .null, "\(reference)")
            }
            value.members.forEach { walk($0.value) }
            value.values.forEach(walk)
        }
        walk(document)
        for kind in document["components"]?.members ?? [] where kind.name != "securitySchemes" {
            for component in kind.value.members where component.name != "Status" {
                #expect(used.contains("#/components/\(kind.name)/\(component.name)"), "\(component.name)")
            }
        }
        #expect(Set(operations.map(\.anchor)).count == operations.count)
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
        try walk(document["components"]?["schemas"] ?? .null)
    }

    @Test("Every error is documented as it is returned")
    func everyErrorIsDescribedAsItIsAnswered() {
        let examples = document["components"]?["examples"]
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
        let schemas = document["components"]?["schemas"]
        let described = Set(
            ["Accept", "Decline", "Acknowledge"].flatMap { schemas?["\($0)ErrorCode"]?["enum"]?.values ?? [] }
                .map(\.stringValue))
        #expect(Set(ItemFailureCode.allCases.map(\.rawValue)).subtracting(described) == [])
    }

    @Test("Every decision is documented, and as a filter of the list")
    func everyDecisionIsDescribed() throws {
        let decisions = document["components"]?["schemas"]?["Decision"]?["enum"]?.values
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
