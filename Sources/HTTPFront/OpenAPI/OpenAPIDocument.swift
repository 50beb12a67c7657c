package import StrictJSON

/// An OpenAPI 3.1 document, merged from files of the folder OpenAPI/Document. Each port serves the document of its own
/// calls. A file holds the paths of a subject and the schemas of these paths, or components that several subjects share.
package struct OpenAPIDocument: Sendable {
    package let value: JSONValue

    /// The document of the operators' port.
    package static let operators = OpenAPIDocument(files: [
        PackageResources.operators_json, PackageResources.login_json, PackageResources.decisions_json,
        PackageResources.acknowledgements_json, PackageResources.dry_runs_json, PackageResources.charges_json,
        PackageResources.statements_json, PackageResources.reconciliations_json,
        PackageResources.operations_json,
    ])

    /// The document of the internal port.
    package static let provider = OpenAPIDocument(files: [
        PackageResources.provider_json, PackageResources.ingest_json, PackageResources.feed_json,
        PackageResources.processing_json, PackageResources.provider_statements_json,
        PackageResources.operations_json, PackageResources.metrics_json,
    ])

    /// The components of all subjects.
    package static let components: JSONValue = {
        let files = [
            PackageResources.schemas_json, PackageResources.parameters_json, PackageResources.login_json,
            PackageResources.decisions_json, PackageResources.acknowledgements_json,
            PackageResources.dry_runs_json, PackageResources.charges_json, PackageResources.statements_json,
            PackageResources.reconciliations_json, PackageResources.ingest_json, PackageResources.feed_json,
            PackageResources.processing_json, PackageResources.responses_bad_json,
            PackageResources.responses_refused_json, PackageResources.responses_failed_json,
            PackageResources.examples_json,
        ]
        return merged(files)["components"] ?? .null
    }()

    /// Merges the files, and adds the components that their paths use.
    private init(files: [[UInt8]]) {
        let document = Self.merged(files)
        let used = Self.references(usedBy: document["paths"] ?? .null)
        var components = document["components"]?.members.filter { $0.name == "securitySchemes" } ?? []
        for kind in Self.components.members {
            let members = kind.value.members.filter { used.contains("#/components/\(kind.name)/\($0.name)") }
            components.append(.init(kind.name, .object(members)))
        }
        value = .object(
            document.members.filter { $0.name != "components" } + [.init("components", .object(components))])
    }

    /// The value itself, or the component that it refers to by `{"$ref": "#/components/…"}`.
    package static func resolved(_ value: JSONValue) -> JSONValue {
        guard case .string(let reference)? = value["$ref"] else { return value }
        let names = reference.split(separator: "/").dropFirst(2)
        return names.reduce(components) { $0[String($1)] ?? .null }
    }

    /// The references in a value, and in the components that it refers to.
    package static func references(usedBy value: JSONValue) -> Set<String> {
        var used: Set<String> = []
        func walk(_ value: JSONValue) {
            if let reference = value["$ref"]?.stringValue, used.insert(reference).inserted {
                walk(resolved(value))
            }
            value.members.forEach { walk($0.value) }
            value.values.forEach(walk)
        }
        walk(value)
        return used
    }

    private static func merged(_ files: [[UInt8]]) -> JSONValue {
        files.reduce(.object([])) { merged, file in
            do throws(JSONError) {
                return merging(merged, try JSONReader.read(file))
            } catch {
                preconditionFailure("a file of the API's description is not JSON: \(error)")
            }
        }
    }

    /// The first value with the members of the second. Members of the same name are merged.
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
